"""Every route of the API, whichever function answers it."""

from functions.score_api import operating_routes, scoring_routes

SUBJECTS = (*scoring_routes.SUBJECTS, *operating_routes.SUBJECTS)
ROUTES = (*scoring_routes.ROUTES, *operating_routes.ROUTES)
# By the gateway's name of a route; None: open to anybody.
RULES = {route.key: route.rule for route in ROUTES}
