"""GET /health."""

from functions.score_api.openapi.operations import OPEN, Content, operation, response
from functions.score_api.openapi.shapes import (
    COUNT,
    Schema,
    nullable,
    object_of,
    one_of,
    text,
)


def get_health() -> Content:
    described = operation("getHealth", "What is well and what is not", "Health") | OPEN
    described["responses"]["503"] = response("Some part that a score needs fails.", "Health")
    return described


SCHEMAS: dict[str, Schema] = {
    "Health": object_of(
        {
            "status": one_of(
                ("ok", "degraded", "no model yet", "failing"),
                "degraded: scores go on, somebody should look; no model yet: a new deployment.",
            ),
            "model_version": nullable(text()),
            "parts": {
                "type": "object",
                "additionalProperties": text("ok, or what is wrong: an error's name."),
            },
            "failed_messages": {"type": "object", "additionalProperties": COUNT}
            | {"description": "Work that was given up, by queue; asked every ten seconds."},
            "last_drift_run_at": nullable(text()),
            "versions": object_of({"api": text(), "python": text()}),
        }
    )
}
