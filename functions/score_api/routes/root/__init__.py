"""The entry of the API, its page and its document: open, nothing of an applicant is in them."""

from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /",
        None,
        deferred(HANDLERS, "get_root"),
        deferred(SCHEMA, "get_root"),
    ),
    Route(
        "GET /docs",
        None,
        deferred(HANDLERS, "get_docs"),
        deferred(SCHEMA, "get_docs"),
    ),
    Route(
        "GET /openapi.json",
        None,
        deferred("functions.score_api.document", "describe_api"),
        deferred(SCHEMA, "describe_api"),
    ),
)
