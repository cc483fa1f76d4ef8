"""The entry of the API, its page and its document: open, nothing of an applicant is in them."""

from functions.score_api.route import Route, deferred
from functions.score_api.routes.root import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /",
        None,
        handlers.get_root,
        deferred(SCHEMA, "get_root"),
    ),
    Route(
        "GET /docs",
        None,
        handlers.get_docs,
        deferred(SCHEMA, "get_docs"),
    ),
    Route(
        "GET /openapi.json",
        None,
        deferred("functions.score_api.document", "describe_api"),
        deferred(SCHEMA, "describe_api"),
    ),
)
