"""The summary of an earlier run, as far as somebody can still use it."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ObjectNotFound
from credit_scoring.stored.acknowledgements import finding_key

from functions.drift_monitor.window import DEFAULT_DAYS

logger = Logger(child=True)


def read_summary(reports: Store, key: str) -> dict[str, Any] | None:
    """None where there is none, or one that nobody can use.

    A damaged one takes its memory with it, and not the verdict of today: what it knew is told anew.
    """
    try:
        found: dict[str, Any] = json.loads(reports.read(key))
        _look_at(found)
    except ObjectNotFound:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        about = {"key": key, "error": type(error).__name__}
        logger.warning("damaged summary left out", extra=about)
        return None
    return found


def is_nightly(summary: Mapping[str, Any]) -> bool:
    """Whether it is of the days that the schedule asks for, seen as soon as they were over."""
    if "nightly" in summary:
        return bool(summary["nightly"])
    # As a version wrote it that did not say so.
    window = summary.get("window", {})
    if window.get("days") != DEFAULT_DAYS:
        return False
    seen_on = datetime.fromisoformat(summary["measured_at"]).date()
    return seen_on <= date.fromisoformat(window["end"]) + timedelta(days=1)


def _look_at(summary: Mapping[str, Any]) -> None:
    """Raises what using it would raise."""
    is_nightly(summary)
    if model := summary.get("model"):
        model.get("version")
    if found := summary.get("last_verdict"):
        date.fromisoformat(found)
    for finding in summary.get("findings", ()):
        finding_key(finding["kind"], finding["source"], tuple(finding["columns"]))
    for key in summary.get("told", ()):
        tuple(key)
