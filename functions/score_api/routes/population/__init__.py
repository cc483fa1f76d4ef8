"""How applicants are spread over features, as counts."""

from functions.score_api.access import EVERYBODY, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    # An applicant is placed for those who may read one: the handler asks.
    Route(
        "GET /population/{feature}",
        Rule(EVERYBODY, "model.read", ("applicant", "among")),
        deferred(HANDLERS, "get_distribution"),
        deferred(SCHEMA, "get_distribution"),
        part=deferred(SCHEMA, "feature"),
    ),
    Route(
        "GET /population/scatter",
        Rule(EVERYBODY, "model.read", ("x", "y")),
        deferred(HANDLERS, "get_scatter"),
        deferred(SCHEMA, "get_scatter"),
    ),
)
