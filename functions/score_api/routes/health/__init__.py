"""What is well and what is not."""

from functions.score_api.access import WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /health",
        None,
        deferred(HANDLERS, "get_health"),
        deferred(SCHEMA, "get_health"),
    ),
    Route(
        "GET /health/parts",
        Rule(WATCHING, "operations.read"),
        deferred(HANDLERS, "get_parts"),
        deferred(SCHEMA, "get_parts"),
    ),
)
