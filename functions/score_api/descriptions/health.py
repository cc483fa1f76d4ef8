"""GET /health."""

from functions.score_api.descriptions.operations import OPEN, Content, operation, response
from functions.score_api.descriptions.shapes import Schema, object_of, one_of, text


def _get_health() -> Content:
    described = operation("getHealth", "What is well and what is not", "Health") | OPEN
    described["responses"]["503"] = response("Some part fails.", "Health")
    return described


PATHS: Content = {"/health": {"get": _get_health()}}
SCHEMAS: dict[str, Schema] = {
    "Health": object_of(
        {
            "status": one_of(("ok", "failing")),
            "model_version": {"type": ["string", "null"]},
            "parts": {"type": "object", "additionalProperties": text("ok, or the error's name.")},
        }
    )
}
