"""What every retry could not finish, and running it again."""

from functions.score_api.access import OPERATING, WATCHING, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /given-up",
        Rule(WATCHING, "operations.read"),
        deferred(HANDLERS, "list_given_up"),
        deferred(SCHEMA, "list_given_up"),
    ),
    Route(
        "POST /given-up/redrive",
        Rule(OPERATING, "operations.write"),
        deferred(HANDLERS, "redrive"),
        deferred(SCHEMA, "redrive"),
    ),
)
