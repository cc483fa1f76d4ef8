"""What goes through the system, and how fast, over time."""

from functions.score_api.access import WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /traffic",
        Rule(WATCHING, "operations.read", ("hours",)),
        deferred(HANDLERS, "get_traffic"),
        deferred(SCHEMA, "get_traffic"),
    ),
)
