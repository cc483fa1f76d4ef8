"""The alarms: their state, what they mean, when they rang."""

from functions.score_api.access import WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /alarms",
        Rule(WATCHING, "operations.read"),
        deferred(HANDLERS, "list_alarms"),
        deferred(SCHEMA, "list_alarms"),
    ),
    Route(
        "GET /alarms/{name}/history",
        Rule(WATCHING, "operations.read", ("cursor",)),
        deferred(HANDLERS, "get_history"),
        deferred(SCHEMA, "get_history"),
        part=deferred(SCHEMA, "name"),
    ),
)
