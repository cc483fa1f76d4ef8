"""What the nightly monitor found."""

from functions.score_api.access import WATCHING, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.drift import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /drift",
        Rule(WATCHING, "drift.read", ("limit", "cursor")),
        handlers.list_runs,
        deferred(SCHEMA, "list_runs"),
    ),
    Route(
        "GET /drift/{run}",
        Rule(WATCHING, "drift.read"),
        handlers.get_run,
        deferred(SCHEMA, "get_run"),
        part=deferred(SCHEMA, "run"),
    ),
)
