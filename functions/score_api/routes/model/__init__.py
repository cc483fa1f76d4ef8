"""The model in use, as figures and as a page for people."""

from functions.score_api.access import EVERYBODY, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /model",
        Rule(EVERYBODY, "model.read"),
        deferred(HANDLERS, "get_model"),
        deferred(SCHEMA, "get_model"),
    ),
    Route(
        "GET /model/card",
        Rule(EVERYBODY, "model.read", ("format",)),
        deferred(HANDLERS, "get_model_card"),
        deferred(SCHEMA, "get_model_card"),
    ),
)
