"""What is well and what is not."""

from functions.score_api.route import Route, deferred
from functions.score_api.routes.health import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /health",
        None,
        handlers.get_health,
        deferred(SCHEMA, "get_health"),
    ),
)
