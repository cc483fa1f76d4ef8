"""What the model reads, and how much each of it counts."""

from functions.score_api.access import EVERYBODY, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /model/features",
        Rule(EVERYBODY, "model.read"),
        deferred(HANDLERS, "get_features"),
        deferred(SCHEMA, "get_features"),
    ),
    Route(
        "GET /model/importance",
        Rule(EVERYBODY, "model.read"),
        deferred(HANDLERS, "get_importance"),
        deferred(SCHEMA, "get_importance"),
    ),
)
