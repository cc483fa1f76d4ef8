"""An application as it is and with other values."""

from functions.score_api.access import SCORING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "POST /simulate",
        Rule(SCORING, "scores.write"),
        deferred(HANDLERS, "simulate_changes"),
        deferred(SCHEMA, "simulate_changes"),
    ),
)
