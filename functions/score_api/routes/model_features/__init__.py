"""What the model reads, and how much each of it counts."""

from functions.score_api.access import EVERYBODY, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.model_features import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /model/features",
        Rule(EVERYBODY, "model.read"),
        handlers.get_features,
        deferred(SCHEMA, "get_features"),
    ),
    Route(
        "GET /model/importance",
        Rule(EVERYBODY, "model.read"),
        handlers.get_importance,
        deferred(SCHEMA, "get_importance"),
    ),
)
