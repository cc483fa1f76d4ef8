"""One folder a subject: it declares its routes, beside their handlers and their schema.

SUBJECTS and ROUTES stand in the order of the OpenAPI document.
"""

from functions.score_api.routes import (
    applicants,
    batches,
    contract,
    counter_offer,
    counterfactuals,
    decisions,
    drift,
    health,
    model,
    model_features,
    peers,
    population,
    predict,
    root,
    simulate,
    uploads,
)

SUBJECTS = (
    root,
    health,
    model,
    model_features,
    contract,
    predict,
    applicants,
    uploads,
    batches,
    decisions,
    drift,
    simulate,
    counter_offer,
    counterfactuals,
    peers,
    population,
)
ROUTES = tuple(route for subject in SUBJECTS for route in subject.ROUTES)
# By the gateway's name of a route; None: open to anybody.
RULES = {route.key: route.rule for route in ROUTES}
