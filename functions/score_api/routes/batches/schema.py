"""GET /batches and /batches/{batch}."""

from credit_scoring.stored.batches import BRANCH_PATTERN

from functions.score_api.openapi.operations import Content, in_path, in_query, operation
from functions.score_api.openapi.shapes import (
    ANYTHING,
    COUNT,
    Schema,
    list_of,
    object_of,
    one_of,
    page_of,
    reference,
    text,
)
from functions.score_api.routes.batches.handlers import (
    LISTED,
    LONGEST_CURSOR,
    LONGEST_NAME,
    MOST_LISTED,
    OPEN_ONLY,
    STATUSES,
    TIME_PATTERN,
    WAITING,
)

BATCH = in_path(
    "batch",
    "`batch` of the answer to an upload (its newest version) or of the list (that version), "
    "its slashes as %2F or as they stand.",
    text(),
)
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": LISTED}
TIME: Schema = {"type": "string", "pattern": f"^{TIME_PATTERN}$"}
FILTERS = [
    in_query(
        "branch", "Of this branch only.", {"type": "string", "pattern": f"^{BRANCH_PATTERN}$"}
    ),
    in_query("status", "In this status only.", one_of(STATUSES)),
    in_query(
        "name",
        "Whose name has this part, in any case.",
        {"type": "string", "maxLength": LONGEST_NAME},
    ),
    in_query("since", "Received then or later, in UTC.", TIME),
    in_query("before", "Received earlier, in UTC.", TIME),
    in_query("open", "With rejected lines that nothing has repaired only.", one_of((OPEN_ONLY,))),
    in_query("limit", "At most so many; fewer may come although more follow.", LIMIT),
    in_query(
        "cursor",
        "`cursor` of the answer before.",
        {"type": "string", "maxLength": LONGEST_CURSOR},
    ),
]
RECORD: dict[str, Schema] = {
    "batch": text("<branch>/<file>/<version>"),
    "branch": text(),
    "file": text("Its name in the storage."),
    "version": text("Of the object; a file sent again under its name is another version."),
    "status": one_of((WAITING, *STATUSES), "waiting: nothing was received yet."),
    "rows": COUNT,
    "rows_done": COUNT | {"description": "Of `rows`, while the batch runs an estimate."},
    "scored": COUNT,
    "rejected": COUNT,
    "open_rejects": COUNT | {"description": "Rejected lines that no resent file has repaired."},
    "received_at": text(),
    "updated_at": text(),
    "model_version": text(),
    "detail": text("Why a file as a whole failed."),
    "digest": text("By which findings of the drift monitor name it."),
}
RESULTS: dict[str, Schema] = {
    "scores_url": text("Valid for 15 minutes."),
    "rejects_url": text("Valid for 15 minutes."),
    "manifest_url": text("Valid for 15 minutes."),
    "repairs_urls": list_of(text())
    | {
        "description": "A file for each resent one: `lines` of this file that it repaired. "
        "Valid for 15 minutes."
    },
    "manifest": ANYTHING | {"description": "The receipt, once the batch is over."},
}
ALWAYS = ("batch", "status")


def list_batches() -> Content:
    described = operation("listBatches", "Files received, newest first", "BatchList", 400, 404, 503)
    return described | {"parameters": FILTERS}


def get_batch() -> Content:
    return operation("getBatch", "What became of a file", "Batch", 404, 503)


def batch() -> Content:
    return BATCH


SCHEMAS: dict[str, Schema] = {
    "Batch": object_of(
        {**RECORD, **RESULTS},
        optional=tuple(name for name in (*RECORD, *RESULTS) if name not in ALWAYS),
    ),
    "BatchSummary": object_of(RECORD),
    "BatchList": page_of(reference("BatchSummary")),
}
