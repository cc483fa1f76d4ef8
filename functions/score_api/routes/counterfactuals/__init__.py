"""The smallest changes that would turn the decision."""

from functions.score_api.access import SCORING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "POST /counterfactuals",
        Rule(SCORING, "scores.write"),
        deferred(HANDLERS, "find_changes"),
        deferred(SCHEMA, "find_changes"),
    ),
)
