"""The receipt of a file: how many rows came in, what became of them, and by which model."""

import time
from typing import Any

from functions.batch_scorer.assembly import Totals
from functions.batch_scorer.cost import Work, estimate
from functions.batch_scorer.places import Places
from functions.batch_scorer.plan import Plan

FILES = {"scores": "scores.csv", "rejects": "rejects.csv"}


def finished_manifest(
    plan: Plan, totals: Totals, places: Places, *, resend_of: list[dict[str, Any]], seconds: float
) -> dict[str, Any]:
    """seconds : what finishing took; with the durations and costs nothing else varies"""
    survey = plan.survey
    assert survey is not None
    causes = sorted(totals.causes.items(), key=lambda item: (-item[1], item[0]))
    return _manifest(plan, "finished") | {
        "rows": survey.rows,
        "scored": totals.scored,
        "rejected": totals.rejected,
        "causes": [
            {"cause": cause, "column": column, "count": count} for (cause, column), count in causes
        ],
        "ignored_columns": list(survey.ignored_columns),
        "dialect": {**vars(survey.dialect), "container": plan.container},
        "files": FILES,
        **({"resend_of": resend_of} if survey.is_resend else {}),
        **_account(plan, totals, places, seconds),
    }


def failed_manifest(
    plan: Plan, detail: dict[str, str], places: Places, *, seconds: float
) -> dict[str, Any]:
    """Of a file that could not be used as a whole: no row of it counts as scored.

    detail : why, by language
    """
    return _manifest(plan, "failed") | {
        "rows": 0,
        "scored": 0,
        "rejected": 0,
        "detail": detail,
        **_account(plan, Totals(), places, seconds),
    }


def _manifest(plan: Plan, status: str) -> dict[str, Any]:
    upload = plan.upload
    return {
        "status": status,
        "branch": upload.branch,
        "filename": upload.filename,
        "version_id": upload.version_id,
        "batch": upload.batch,
        "received_at": upload.at.isoformat(),
        "language": plan.language,
        "model": {"version": plan.model.version, "sha256": plan.model.sha256},
        "cutoff": plan.model.cutoff,
    }


def _account(plan: Plan, totals: Totals, places: Places, finishing: float) -> dict[str, Any]:
    """Seconds, of which those of scoring may have passed side by side; and dollars."""
    durations = {"plan": plan.seconds, "score": totals.seconds, "finish": finishing}
    work = Work(
        seconds=sum(durations.values()),
        memory_mb=places.memory_mb,
        chunks=len(plan.chunks),
        profiles=totals.scored,
        write_units=totals.write_units,
        by_machine=is_big(plan, places),
    )
    durations["total"] = time.time() - plan.planned_at
    return {
        "durations": {name: round(value, 3) for name, value in durations.items()},
        "cost": estimate(work) if places.memory_mb else {"dollars": 0.0},
    }


def is_big(plan: Plan, places: Places) -> bool:
    """Whether a file is handed to the state machine."""
    return bool(places.state_machine) and len(plan.chunks) > places.inline_chunks
