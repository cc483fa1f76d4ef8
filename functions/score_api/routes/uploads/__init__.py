"""Addresses to which a branch may send a file."""

from functions.score_api.access import COUNTER, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.uploads import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "POST /uploads",
        Rule(COUNTER, "batches.write"),
        handlers.request_upload,
        deferred(SCHEMA, "request_upload"),
    ),
)
