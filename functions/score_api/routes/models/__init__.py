"""The versions of the model: what each is worth, and what two of them differ by."""

from functions.score_api.access import WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /models",
        Rule(WATCHING, "models.read", ("cursor", "limit")),
        deferred(HANDLERS, "list_models"),
        deferred(SCHEMA, "list_models"),
    ),
    Route(
        "GET /models/{version}",
        Rule(WATCHING, "models.read"),
        deferred(HANDLERS, "get_model"),
        deferred(SCHEMA, "get_model"),
        part=deferred(SCHEMA, "version"),
    ),
    Route(
        "GET /models/{version}/contest",
        Rule(WATCHING, "models.read", ("against",)),
        deferred(HANDLERS, "get_contest"),
        deferred(SCHEMA, "get_contest"),
        part=deferred(SCHEMA, "version"),
    ),
)
