"""The API described as OpenAPI 3.1: the request from the contract, the answers from their schemas.

A new route is described here; a test compares these paths with the routes that exist.
"""

from functools import cache
from typing import Any

from credit_scoring.json_schema import record_schema

from functions.score_api.answer_schemas import SCHEMAS, reference
from functions.score_api.bodies import MOST_BYTES
from functions.score_api.problems import CONTENT_TYPE
from functions.score_api.routes.model import CARDS

Content = dict[str, Any]

VERSION = "1.0.0"
JSON = "application/json"
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
EXAMPLE = {
    "SK_ID_CURR": "100002",
    "AMT_INCOME_TOTAL": 180000,
    "AMT_CREDIT": 540000,
    "AMT_ANNUITY": 27000,
    "DAYS_BIRTH": -14610,
    "EXT_SOURCE_2": 0.52,
    "NAME_INCOME_TYPE": "Working",
}
PROBLEMS = {
    400: "The body is not strict JSON, not an object, or a parameter has an unknown value.",
    404: "Nothing is known under this name.",
    413: f"The body is larger than {MOST_BYTES // 1024} KiB.",
    422: "A field breaks the contract; `errors` names each with its value and what is allowed.",
    503: "No model is ready, or the storage does not answer: try again after `Retry-After`.",
}
BODY_PROBLEMS = (400, 413, 422)


@cache
def make_document() -> Content:
    """The whole document; made once, for the contract does not change while the code runs."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Credit scoring", "version": VERSION, "description": DESCRIPTION},
        # Relative to where this document is: the page's own address, or the API's.
        "servers": [{"url": "/api"}],
        "security": [{"accessToken": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"accessToken": TOKEN},
            "schemas": {"Application": record_schema()} | SCHEMAS,
        },
    }


def _paths() -> Content:
    return {
        "/health": {"get": _health()},
        "/openapi.json": {"get": _operation("describeApi", "This document", None) | OPEN},
        "/model": {"get": _operation("getModel", "The model in use", "ModelCard", 503)},
        "/model/card": {"get": _model_card()},
        "/predict": {"post": _predict()},
        "/applicants": {"get": _find_applicants()},
        "/applicants/{id}": {
            "parameters": [APPLICANT_ID],
            "get": _operation("getApplicant", "What is stored", "Profile", 404, 503),
        },
        "/applicants/{id}/score": {
            "parameters": [APPLICANT_ID],
            "get": _operation("scoreApplicant", "Score a stored one", "Score", 404, 422, 503),
        },
        "/uploads": {"post": _request_upload()},
        "/batches/{batch}": {
            "parameters": [BATCH],
            "get": _operation("getBatch", "What became of a file", "Batch", 404, 503),
        },
    }


OPEN: Content = {"security": []}
APPLICANT_ID: Content = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,32}$"},
}
BATCH: Content = {
    "name": "batch",
    "in": "path",
    "required": True,
    "description": "`batch` of the answer to an upload, its slash as %2F or as it stands.",
    "schema": {"type": "string"},
}


def _health() -> Content:
    operation = _operation("getHealth", "What is well and what is not", "Health") | OPEN
    operation["responses"]["503"] = _response("Some part fails.", "Health")
    return operation


def _model_card() -> Content:
    """Text, the only answer that is no JSON."""
    choice = {
        "name": "format",
        "in": "query",
        "description": "html for people, md for documents.",
        "schema": {"type": "string", "enum": list(CARDS), "default": "html"},
    }
    content = {kind: {"schema": {"type": "string"}} for _, kind in CARDS.values()}
    operation = _operation("getModelCard", "Its card, for a committee", None, 400, 404, 503)
    version = {"description": "Of the model in use.", "schema": {"type": "string"}}
    operation["responses"]["200"] = {
        "description": "As asked.",
        "headers": {"Model-Version": version},
        "content": content,
    }
    return operation | {"parameters": [choice]}


def _predict() -> Content:
    operation = _operation("predict", "Score an application", "Score", *BODY_PROBLEMS, 503)
    history = "A known applicant sent without history is scored with the history of the profile."
    return operation | {"description": history} | _body("Application", EXAMPLE)


def _find_applicants() -> Content:
    query = {
        "name": "query",
        "in": "query",
        "description": "Beginning of an id; the first 20 applicants are found.",
        "schema": {"type": "string"},
    }
    operation = _operation("findApplicants", "Find applicants", "ApplicantList", 503)
    return operation | {"parameters": [query]}


def _request_upload() -> Content:
    example = {"branch": "paris-01", "filename": "applicants.csv"}
    operation = _operation("requestUpload", "Get an address to upload to", "Upload", *BODY_PROBLEMS)
    return operation | _body("UploadRequest", example)


def _operation(name: str, summary: str, answer: str | None, *problems: int) -> Content:
    responses = {"200": _response("As asked.", answer)}
    responses |= {str(status): _problem(status) for status in problems}
    responses["default"] = {
        "description": "Another refusal: 401 is written by the gateway, 5xx as problem details."
    }
    return {"operationId": name, "summary": summary, "responses": responses}


def _response(description: str, schema: str | None) -> Content:
    content = reference(schema) if schema else {"type": "object"}
    return {"description": description, "content": {JSON: {"schema": content}}}


def _problem(status: int) -> Content:
    content = {CONTENT_TYPE: {"schema": reference("Problem")}}
    return {"description": PROBLEMS[status], "content": content}


def _body(schema: str, example: Content) -> Content:
    content = {JSON: {"schema": reference(schema), "example": example}}
    return {"requestBody": {"required": True, "content": content}}
