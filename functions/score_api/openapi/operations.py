"""The pieces that operations of an OpenAPI document are made of."""

from typing import Any

from credit_scoring.contract.applicants import ID_CHARACTERS
from credit_scoring.contract.columns import ID

from functions.score_api.http.bodies import MOST_BYTES
from functions.score_api.http.problems import CONTENT_TYPE
from functions.score_api.openapi.shapes import Schema, reference

Content = dict[str, Any]

JSON = "application/json"
# For an operation that wants no token.
OPEN: Content = {"security": []}
PROBLEMS = {
    400: "The body is not strict JSON, not an object, or a parameter has an unknown value.",
    404: "Nothing is known under this name.",
    409: "It does not fit to what is there by now; the detail says what to do.",
    413: f"The body is larger than {MOST_BYTES // 1024} KiB.",
    422: "A field breaks the contract; `errors` names each with its value and what is allowed.",
    503: "No model is ready, or the storage does not answer: try again after `Retry-After`.",
}
BODY_PROBLEMS = (400, 413, 422)


def operation(name: str, summary: str, answer: str | None, *problems: int) -> Content:
    """answer : name of the schema of what comes with 200; problems : statuses of refusals"""
    responses = {"200": response("As asked.", answer)}
    responses |= {str(status): _problem(status) for status in problems}
    responses["default"] = {
        "description": "Another refusal: 401 is written by the gateway, 5xx as problem details."
    }
    return {"operationId": name, "summary": summary, "responses": responses}


def response(description: str, schema: str | None) -> Content:
    content = reference(schema) if schema else {"type": "object"}
    return {"description": description, "content": {JSON: {"schema": content}}}


def body(schema: str, example: object) -> Content:
    content = {JSON: {"schema": reference(schema), "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def in_query(name: str, description: str, schema: Schema, *, required: bool = False) -> Content:
    place = {"name": name, "in": "query", "description": description, "schema": schema}
    return place | ({"required": True} if required else {})


def in_path(name: str, description: str, schema: Schema) -> Content:
    place = {"name": name, "in": "path", "required": True, "schema": schema}
    return place | {"description": description}


def _problem(status: int) -> Content:
    content = {CONTENT_TYPE: {"schema": reference("Problem")}}
    return {"description": PROBLEMS[status], "content": content}


def applicant_id() -> Content:
    """The part {id} of a path that names an applicant."""
    schema = {"type": "string", "pattern": f"^{ID_CHARACTERS}$"}
    return in_path("id", f"`{ID}`.", schema)
