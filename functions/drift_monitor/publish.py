"""Write a run so that nobody ever sees half of it: files, then summary, then the pointer."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from credit_scoring.aws.storage import Store

from functions.drift_monitor.earlier import read_summary
from functions.drift_monitor.summary import Summary
from functions.drift_monitor.window import Window

LATEST = "latest.json"
HTML, JSON = "text/html; charset=utf-8", "application/json"


def run_folder(window: Window, *, now: datetime) -> str:
    return f"date={window.end}/{now.astimezone(UTC):%H%M%S}"


def read_latest(reports: Store) -> Summary | None:
    """The newest run's summary, if there is one that can be used."""
    return read_summary(reports, LATEST)


def publish_verdict(
    reports: Store, summary: Summary, *, folder: str, files: Mapping[str, bytes], newest: bool
) -> Summary:
    """Write what a run says and what later runs compare with; its report comes afterwards.

    newest : the run speaks of the present, so `latest.json` now tells of it
    """
    for name, content in files.items():
        reports.write(f"{folder}/{name}", content)
    return _write_summary(reports, {**summary, "report": {}}, folder, newest=newest)


def publish_report(
    reports: Store, summary: Summary, *, folder: str, files: Mapping[str, bytes], newest: bool
) -> Summary:
    """Write the report, then let the summary name it."""
    keys = {name: f"{folder}/{name}" for name in files}
    for name, content in files.items():
        reports.write(keys[name], content, content_type=HTML if name.endswith("html") else JSON)
    return _write_summary(reports, {**summary, "report": keys}, folder, newest=newest)


def _write_summary(reports: Store, summary: Summary, folder: str, *, newest: bool) -> Summary:
    text = json.dumps(summary, indent=1, allow_nan=False).encode()
    reports.write(f"{folder}/summary.json", text, content_type=JSON)
    if newest:
        reports.write(LATEST, text, content_type=JSON)
    return summary
