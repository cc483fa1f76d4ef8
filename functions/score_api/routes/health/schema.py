"""GET /health and GET /health/parts."""

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
    described = operation("getHealth", "Whether scores are answered", "Health") | OPEN
    described["responses"]["503"] = response("There is no model to score with.", "Health")
    return described


def get_parts() -> Content:
    described = operation("getHealthParts", "What is well and what is not", "HealthParts")
    described["responses"]["503"] = response("Some part that a score needs fails.", "HealthParts")
    return described


SCHEMAS: dict[str, Schema] = {
    "Health": object_of(
        {
            "status": one_of(
                ("ok", "no model yet", "failing"),
                "As far as the process that answers knows without asking anything.",
            )
        }
    ),
    "HealthParts": object_of(
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
    ),
}
