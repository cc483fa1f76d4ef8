"""GET /drift, /drift/trend and /drift/{run}."""

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
from functions.score_api.routes.drift.handlers import LATEST, LISTED, MOST_LISTED, RUN_PATTERN

RUN = in_path(
    "run",
    f"`run` of the list, or `{LATEST}`.",
    {"type": "string", "pattern": f"^({RUN_PATTERN}|{LATEST})$"},
)
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": LISTED}
CURSOR: Schema = {"type": "string", "pattern": f"^({RUN_PATTERN})?$"}


def list_runs() -> Content:
    parameters = [
        in_query("limit", "At most so many.", LIMIT),
        in_query("cursor", "`cursor` of the answer before.", CURSOR),
    ]
    described = operation("listDriftRuns", "Runs of the drift monitor", "DriftRuns", 400, 404, 503)
    return described | {"parameters": parameters}


def get_trend() -> Content:
    described = operation(
        "getDriftTrend", "The newest runs, as charts need them", "DriftTrend", 400, 503
    )
    return described | {"parameters": [in_query("limit", "At most so many.", LIMIT)]}


def get_run() -> Content:
    return operation("getDriftRun", "What one run found", "DriftRun", 404, 503)


def run() -> Content:
    return RUN


SCHEMAS: dict[str, Schema] = {
    "DriftRunName": object_of({"run": text("When it ran, in UTC: 2026-01-31T030012.")}),
    "DriftRuns": page_of(reference("DriftRunName")),
    "DriftTrend": page_of(
        object_of(
            {
                "run": text(),
                "measured_at": nullable(text("When it ran, in UTC.")),
                "status": text("measured or insufficient."),
                "reason": nullable(text("Why there is no verdict.")),
                "model_version": VERSION,
                "window": ANYTHING,
                "rows": COUNT,
                "findings": list_of(ANYTHING),
                "estimated": nullable(ANYTHING),
                "default_probability": nullable(ANYTHING),
            }
        )
    ),
    "DriftRun": object_of(
        {
            "run": text(),
            "summary": ANYTHING | {"description": "As docs/drift.md explains it."},
            "view_url": nullable(text("Of the report, to be shown in a sandbox.")),
            "report_urls": ANYTHING | {"description": "File to address, valid for 15 minutes."},
        }
    ),
}
