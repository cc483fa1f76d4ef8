"""What the nightly monitor found."""

from functions.score_api.access import WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /drift",
        Rule(WATCHING, "drift.read", ("limit", "cursor")),
        deferred(HANDLERS, "list_runs"),
        deferred(SCHEMA, "list_runs"),
    ),
    Route(
        "GET /drift/trend",
        Rule(WATCHING, "drift.read", ("limit",)),
        deferred(HANDLERS, "get_trend"),
        deferred(SCHEMA, "get_trend"),
    ),
    Route(
        "GET /drift/{run}",
        Rule(WATCHING, "drift.read"),
        deferred(HANDLERS, "get_run"),
        deferred(SCHEMA, "get_run"),
        part=deferred(SCHEMA, "run"),
    ),
)
