"""GET /batches/{batch}."""

from functions.score_api.descriptions.operations import Content, in_path, operation
from functions.score_api.descriptions.shapes import (
    ANYTHING,
    COUNT,
    Schema,
    object_of,
    one_of,
    text,
)

BATCH = in_path(
    "batch", "`batch` of the answer to an upload, its slash as %2F or as it stands.", text()
)
PATHS: Content = {
    "/batches/{batch}": {
        "parameters": [BATCH],
        "get": operation("getBatch", "What became of a file", "Batch", 404, 503),
    },
}
SCHEMAS: dict[str, Schema] = {
    "Batch": object_of(
        {
            "batch": text(),
            "status": one_of(("waiting", "finished", "failed")),
            "rows": COUNT,
            "scored": COUNT,
            "rejected": COUNT,
            "scores_url": text("Valid for 15 minutes."),
            "rejects_url": text("Valid for 15 minutes."),
            "manifest": ANYTHING,
        },
        optional=("rows", "scored", "rejected", "scores_url", "rejects_url", "manifest"),
    ),
}
