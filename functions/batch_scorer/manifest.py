"""The receipt of a file: how many rows came in, what became of them, and by which model."""

import time
from typing import Any

from functions.batch_scorer.assembly import Totals
from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.cost import BatchWork, estimate
from functions.batch_scorer.plan import BatchPlan

FILES = {"scores": "scores.csv", "rejects": "rejects.csv"}


def finished_manifest(
    plan: BatchPlan,
    totals: Totals,
    resources: BatchResources,
    *,
    resend_of: list[dict[str, Any]],
    seconds: float,
) -> dict[str, Any]:
    """seconds : what finishing took; with the durations and costs nothing else varies"""
    scan = plan.scan
    assert scan is not None
    causes = sorted(totals.causes.items(), key=lambda item: (-item[1], item[0]))
    return _manifest(plan, "finished", resources) | {
        "rows": scan.rows,
        "scored": totals.scored,
        "rejected": totals.rejected,
        "causes": [
            {"cause": cause, "column": column, "count": count} for (cause, column), count in causes
        ],
        "ignored_columns": list(scan.ignored_columns),
        "renamed_columns": [{"sent": sent, "read_as": name} for sent, name in scan.renamed_columns],
        "empty_rows": scan.empty_rows,
        "dialect": {**vars(scan.dialect), "container": plan.container},
        "files": FILES,
        **({"resend_of": resend_of} if scan.is_resend else {}),
        **_account(plan, totals, resources, seconds),
    }


def failed_manifest(
    plan: BatchPlan, detail: dict[str, str], resources: BatchResources, *, seconds: float
) -> dict[str, Any]:
    """Of a file that could not be used as a whole: no row of it counts as scored.

    detail : why, by language
    """
    return _manifest(plan, "failed", resources) | {
        "rows": 0,
        "scored": 0,
        "rejected": 0,
        "detail": detail,
        **_account(plan, Totals(), resources, seconds),
    }


def _manifest(plan: BatchPlan, status: str, resources: BatchResources) -> dict[str, Any]:
    upload = plan.upload
    return {
        "status": status,
        "branch": upload.branch,
        "filename": upload.filename,
        "version_id": upload.version_id,
        "batch": upload.batch,
        "received_at": resources.lender.local(upload.at).isoformat(),
        "language": plan.language,
        "model": {"version": plan.model.version, "sha256": plan.model.sha256},
        "cutoff": plan.model.cutoff,
    }


def _account(
    plan: BatchPlan, totals: Totals, resources: BatchResources, finishing: float
) -> dict[str, Any]:
    """Seconds, of which those of scoring may have passed side by side; and dollars."""
    durations = {"plan": plan.seconds, "score": totals.seconds, "finish": finishing}
    work = BatchWork(
        seconds=sum(durations.values()),
        memory_mb=resources.memory_mb,
        chunks=len(plan.chunks),
        profiles=totals.scored,
        write_units=totals.write_units,
        by_machine=is_big(plan, resources),
    )
    durations["total"] = time.time() - plan.planned_at
    return {
        "durations": {name: round(value, 3) for name, value in durations.items()},
        "cost": estimate(work) if resources.memory_mb else {"dollars": 0.0},
    }


def is_big(plan: BatchPlan, resources: BatchResources) -> bool:
    """Whether a file is handed to the state machine."""
    return bool(resources.state_machine) and len(plan.chunks) > resources.inline_chunks
