"""The API described as OpenAPI 3.1: the request from the contract, the rest from `descriptions`.

A new route is described there; a test compares these paths with the routes that exist.
"""

from functools import cache

from credit_scoring.contract.json_schema import record_schema

from functions.score_api.descriptions import (
    applicants,
    batches,
    counter_offer,
    counterfactuals,
    decisions,
    document,
    drift,
    health,
    model,
    model_features,
    peers,
    population,
    problems,
    scores,
    simulate,
    uploads,
    what_if,
)
from functions.score_api.openapi.operations import Content
from functions.score_api.routes.root import VERSION

SUBJECTS = (
    document,
    health,
    model,
    model_features,
    scores,
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
    what_if,
    problems,
)

DESCRIPTION = (
    "Probability of default, decision and reasons for loan applications. "
    "Every field of an application that is absent, null or blank is missing; missing is not zero."
)
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the user pool, not an ID token.",
}


@cache
def make_document() -> Content:
    """The whole document; made once, for the contract does not change while the code runs."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Credit scoring", "version": VERSION, "description": DESCRIPTION},
        # Relative to where this document is: the page's own address, or the API's.
        "servers": [{"url": "/api"}],
        "security": [{"accessToken": []}],
        "paths": {path: item for subject in SUBJECTS for path, item in subject.PATHS.items()},
        "components": {"securitySchemes": {"accessToken": TOKEN}, "schemas": _schemas()},
    }


def _schemas() -> Content:
    named = {name: schema for subject in SUBJECTS for name, schema in subject.SCHEMAS.items()}
    return {"Application": record_schema(), **named}
