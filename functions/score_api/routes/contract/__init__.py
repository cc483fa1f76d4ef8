"""What forms are made of: the fields of an application, and the rules of a decision."""

from functions.score_api.access import EVERYBODY, Rule
from functions.score_api.route import Route, deferred

ROUTES = (
    Route(
        "GET /contract",
        Rule(EVERYBODY, "model.read"),
        deferred(f"{__name__}.handlers", "get_contract"),
        deferred(f"{__name__}.schema", "get_contract"),
    ),
)
