"""Decisions: taken, read, computed anew, told in a letter."""

from functions.score_api.access import ADVISOR, AUDIT, COUNTER, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "POST /decisions",
        Rule(frozenset({ADVISOR}), "decisions.write"),
        deferred(HANDLERS, "take_decision"),
        deferred(SCHEMA, "take_decision"),
    ),
    Route(
        "POST /decisions/preview",
        Rule(frozenset({ADVISOR}), "decisions.write", ("language",)),
        deferred(HANDLERS, "preview_letter"),
        deferred(SCHEMA, "preview_letter"),
    ),
    Route(
        "POST /decisions/{id}/confirmation",
        Rule(frozenset({ADVISOR}), "decisions.write"),
        deferred(HANDLERS, "confirm_decision"),
        deferred(SCHEMA, "confirm_decision"),
        part=deferred(SCHEMA, "decision_id"),
    ),
    Route(
        "GET /decisions/{id}",
        Rule(AUDIT, "decisions.read"),
        deferred(HANDLERS, "get_decision"),
        deferred(SCHEMA, "get_decision"),
        part=deferred(SCHEMA, "decision_id"),
    ),
    Route(
        "POST /decisions/{id}/replay",
        Rule(AUDIT, "decisions.read"),
        deferred(HANDLERS, "replay_decision"),
        deferred(SCHEMA, "replay_decision"),
        part=deferred(SCHEMA, "decision_id"),
    ),
    Route(
        "GET /decisions/{id}/letter",
        Rule(COUNTER, "decisions.read", ("language",)),
        deferred(HANDLERS, "get_letter"),
        deferred(SCHEMA, "get_letter"),
        part=deferred(SCHEMA, "decision_id"),
    ),
)
