"""The receipt of a file: how many rows came in, what became of them, and by which model."""

from typing import Any

from functions.batch_scorer.batch import Batch


def finished_manifest(batch: Batch, *, seconds: float) -> dict[str, Any]:
    return _manifest(batch, seconds) | {
        "status": "finished",
        "causes": [
            {"cause": cause, "column": column, "count": count}
            for (cause, column), count in batch.causes.most_common()
        ],
        "ignored_columns": batch.ignored_columns,
        "files": {"scores": "scores.csv", "rejects": "rejects.csv"},
    }


def failed_manifest(batch: Batch, detail: str, *, seconds: float) -> dict[str, Any]:
    """Of a file that could not be used as a whole: no row of it counts as scored."""
    nothing = {"rows": 0, "scored": 0, "rejected": 0}
    return _manifest(batch, seconds) | nothing | {"status": "failed", "detail": detail}


def _manifest(batch: Batch, seconds: float) -> dict[str, Any]:
    upload, model = batch.upload, batch.model
    return {
        "branch": upload.branch,
        "filename": upload.filename,
        "version_id": upload.version_id,
        "received_at": upload.at.isoformat(),
        "rows": batch.rows,
        "scored": batch.scored,
        "rejected": batch.rejected,
        "model": {"version": model.version, "sha256": model.sha256},
        "cutoff": model.cutoff,
        "seconds": round(seconds, 3),
    }
