"""Other amounts and durations that would be accepted."""

from functions.score_api.access import SCORING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "POST /counter-offer",
        Rule(SCORING, "scores.write"),
        deferred(HANDLERS, "make_offer"),
        deferred(SCHEMA, "make_offer"),
    ),
)
