"""Addresses to which a branch may send a file."""

from functions.score_api.access import COUNTER, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "POST /uploads",
        Rule(COUNTER, "batches.write"),
        deferred(HANDLERS, "request_upload"),
        deferred(SCHEMA, "request_upload"),
    ),
)
