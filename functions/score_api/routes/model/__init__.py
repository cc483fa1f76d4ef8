"""The model in use, as figures and as a page for people."""

from functions.score_api.access import EVERYBODY, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.model import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /model",
        Rule(EVERYBODY, "model.read"),
        handlers.get_model,
        deferred(SCHEMA, "get_model"),
    ),
    Route(
        "GET /model/card",
        Rule(EVERYBODY, "model.read", ("format",)),
        handlers.get_model_card,
        deferred(SCHEMA, "get_model_card"),
    ),
)
