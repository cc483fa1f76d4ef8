"""Findings of the drift monitor that somebody knows of."""

from functions.score_api.access import OPERATING, WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /acknowledgements",
        Rule(WATCHING, "operations.read"),
        deferred(HANDLERS, "list_acknowledgements"),
        deferred(SCHEMA, "list_acknowledgements"),
    ),
    Route(
        "POST /acknowledgements",
        Rule(OPERATING, "operations.write"),
        deferred(HANDLERS, "acknowledge"),
        deferred(SCHEMA, "acknowledge"),
    ),
)
