"""Write a run so that nobody ever sees half of it: report, then summary, then the pointer."""

import json
from datetime import UTC, datetime

from credit_scoring.aws.storage import Store

from functions.drift_monitor.summary import Summary
from functions.drift_monitor.window import Window

LATEST = "latest.json"
HTML, JSON = "text/html; charset=utf-8", "application/json"


def run_folder(window: Window, *, now: datetime) -> str:
    return f"date={window.end}/{now.astimezone(UTC):%H%M%S}"


def publish(
    reports: Store, summary: Summary, *, folder: str, files: dict[str, bytes], newest: bool
) -> Summary:
    """Write the files of a run and return its summary, with their keys.

    files : name to content of the report; empty when there is no verdict
    newest : the run speaks of the present, so `latest.json` now tells of it
    """
    keys = {name: f"{folder}/{name}" for name in files}
    for name, content in files.items():
        reports.write(keys[name], content, content_type=HTML if name.endswith("html") else JSON)
    summary = {**summary, "report": keys}
    text = json.dumps(summary, indent=1).encode()
    reports.write(f"{folder}/summary.json", text, content_type=JSON)
    if newest:
        reports.write(LATEST, text, content_type=JSON)
    return summary
