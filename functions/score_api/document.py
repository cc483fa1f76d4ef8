"""The API described as OpenAPI 3.1: the request from the contract, the rest from the routes.

python -m functions.score_api.document    prints it
"""

import json
import sys
from functools import cache
from importlib import import_module

from credit_scoring import __version__
from credit_scoring.contract.json_schema import record_schema

from functions.score_api.all_routes import ROUTES, SUBJECTS
from functions.score_api.http.responses import Response, json_response
from functions.score_api.openapi import problems, what_if
from functions.score_api.openapi.operations import Content
from functions.score_api.request import Request
from functions.score_api.service import Service

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


def describe_api(_: Request, __: Service) -> Response:
    """GET /openapi.json: this API for other programs."""
    return json_response(make_document())


@cache
def make_document() -> Content:
    """The whole document; made once, for the contract does not change while the code runs."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Credit scoring", "version": __version__, "description": DESCRIPTION},
        # Relative to where this document is: the page's own address, or the API's.
        "servers": [{"url": "/api"}],
        "security": [{"accessToken": []}],
        "paths": _paths(),
        "components": {"securitySchemes": {"accessToken": TOKEN}, "schemas": _schemas()},
    }


def _paths() -> Content:
    paths: Content = {}
    for route in ROUTES:
        item = paths.setdefault(route.described_path, {})
        if route.part is not None:
            item["parameters"] = [route.part()]
        item[route.method.lower()] = route.operation()
    return paths


def _schemas() -> Content:
    subjects = (import_module(f"{subject.__name__}.schema") for subject in SUBJECTS)
    modules = (*subjects, what_if, problems)
    named = {name: schema for module in modules for name, schema in module.SCHEMAS.items()}
    return {"Application": record_schema(), **named}


if __name__ == "__main__":
    json.dump(make_document(), sys.stdout)
