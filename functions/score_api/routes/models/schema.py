"""GET /models, /models/{version} and its contest."""

from credit_scoring.registry.contests import NOBODY

from functions.score_api.openapi.operations import Content, in_path, in_query, operation
from functions.score_api.openapi.shapes import (
    ANYTHING,
    COUNT,
    VERSION,
    Schema,
    list_of,
    nullable,
    object_of,
    page_of,
    reference,
    text,
)
from functions.score_api.routes.models.handlers import LARGEST_PAGE, VERSION_PATTERN

NAMED: Schema = {"type": "string", "pattern": f"^{VERSION_PATTERN}$"}


def list_models() -> Content:
    summary = "Versions of the model, newest first"
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": LARGEST_PAGE}
    parameters = [
        in_query("cursor", "`cursor` of the answer before.", text()),
        in_query("limit", "Most versions in one answer.", size),
    ]
    return operation("listModels", summary, "Models", 400, 404, 503) | {"parameters": parameters}


def get_model() -> Content:
    return operation("getModelVersion", "The report of a version", "ModelVersion", 404, 409, 503)


def get_contest() -> Content:
    described = operation("getContest", "What two versions differ by", "ContestOf", 404, 503)
    against = in_query("against", f"A version, or `{NOBODY}`; by default what serves.", text())
    return described | {"parameters": [against]}


def version() -> Content:
    return in_path("version", "Of the list.", NAMED)


SCHEMAS: dict[str, Schema] = {
    "Models": page_of(
        object_of(
            {
                "version": VERSION,
                "published_at": text("In UTC."),
                "serves": {"type": "boolean"},
                "promotions": list_of(reference("Promotion")),
                "features": nullable(COUNT),
                "metrics": ANYTHING,
                "training": ANYTHING,
                "problem": nullable(text("Why it cannot be read.")),
            }
        )
    ),
    "ModelVersion": object_of({"version": VERSION, "facts": ANYTHING, "report": ANYTHING}),
    "ContestOf": object_of({"version": VERSION, "against": nullable(VERSION), "contest": ANYTHING}),
}
