"""The summary of an earlier run, as far as somebody can still use it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from aws_lambda_powertools import Logger
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ObjectNotFound
from credit_scoring.stored.acknowledgements import finding_key

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


def _look_at(summary: Mapping[str, Any]) -> None:
    """Raises what using it would raise."""
    if found := summary.get("last_verdict"):
        date.fromisoformat(found)
    for finding in summary.get("findings", ()):
        finding_key(finding["kind"], finding["source"], tuple(finding["columns"]))
    for key in summary.get("told", ()):
        tuple(key)
