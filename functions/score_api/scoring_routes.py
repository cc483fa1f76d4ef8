"""The routes that the scoring function answers, in the order of the OpenAPI document."""

from functions.score_api.routes import (
    applicants,
    batches,
    contract,
    counter_offer,
    counterfactuals,
    decisions,
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
    simulate,
    counter_offer,
    counterfactuals,
    peers,
    population,
)
ROUTES = tuple(route for subject in SUBJECTS for route in subject.ROUTES)
