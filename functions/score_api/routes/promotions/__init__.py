"""Which version served from when to when, and moving on or back."""

from functions.score_api.access import OPERATING, WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /promotions",
        Rule(WATCHING, "models.read"),
        deferred(HANDLERS, "list_promotions"),
        deferred(SCHEMA, "list_promotions"),
    ),
    Route(
        "POST /promotions",
        Rule(OPERATING, "models.promote"),
        deferred(HANDLERS, "promote"),
        deferred(SCHEMA, "promote"),
    ),
    Route(
        "POST /promotions/{id}/approval",
        Rule(OPERATING, None),  # the second person is one
        deferred(HANDLERS, "approve"),
        deferred(SCHEMA, "approve"),
        part=deferred(SCHEMA, "proposal"),
    ),
    Route(
        "POST /promotions/{id}/withdrawal",
        Rule(OPERATING, "models.promote"),
        deferred(HANDLERS, "withdraw"),
        deferred(SCHEMA, "withdraw"),
        part=deferred(SCHEMA, "proposal"),
    ),
)
