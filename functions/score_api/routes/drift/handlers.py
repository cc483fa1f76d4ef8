"""GET /drift, /drift/trend and /drift/{run}: what the nightly monitor found, newest first."""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from credit_scoring.aws.storage import S3Store
from credit_scoring.errors import ObjectNotFound

from functions.score_api.http.parameters import Parameters, no_such_page
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request

MOST_LISTED, LISTED = 100, 30
READS_AT_ONCE = 8
# Of a finding; one of an older run may lack some.
TREND_FIELDS = (
    "kind", "urgency", "columns", "source", "severity", "standing", "acknowledged_until",
)  # fmt: skip
SECONDS_TO_READ = 15 * 60
LATEST = "latest"
# What the monitor rewrites each night.
LATEST_REPORT = "latest.json"
REPORT_PAGE = "report.html"
RUN_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}"
_SUMMARY = re.compile(r"date=([0-9-]{10})/([0-9]{6})/summary\.json")


def list_runs(request: Request, service: OperatorService) -> Response:
    parameters = Parameters(request.query)
    limit = parameters.whole("limit", LISTED, least=1, most=MOST_LISTED)
    return json_response(_page(service.reports, parameters.text("cursor"), limit))


def get_trend(request: Request, service: OperatorService) -> Response:
    """Of the newest runs what a chart needs: enough to see a column's or a source's way."""
    parameters = Parameters(request.query)
    limit = parameters.whole("limit", LISTED, least=1, most=MOST_LISTED)
    runs = [item["run"] for item in _page(service.reports, "", limit)["items"]]
    with ThreadPoolExecutor(READS_AT_ONCE) as pool:
        summaries = pool.map(lambda run: json.loads(service.reports.read(_key(run))), runs)
    items = [_point(run, summary) for run, summary in zip(runs, summaries, strict=True)]
    return json_response({"items": items, "cursor": None})


def get_run(request: Request, service: OperatorService) -> Response:
    return json_response(run_content(service.reports, request.parts["run"]))


def run_content(reports: S3Store, run: str) -> dict[str, Any]:
    """One run's summary, and where its report can be read. Raises RequestRefused (404)."""
    try:
        summary: dict[str, Any] = json.loads(reports.read(_key(run)))
    except ObjectNotFound:
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            "There is no such run: GET /drift lists them.",
            title="Drift run not found",
        ) from None
    files: dict[str, str] = summary.pop("report", {})
    urls = {
        name: reports.presigned_get(key, filename=name, seconds=SECONDS_TO_READ)
        for name, key in files.items()
    }
    page = files.get(REPORT_PAGE)
    view = reports.presigned_get(page, seconds=SECONDS_TO_READ) if page else None
    return {"run": run, "summary": summary, "report_urls": urls, "view_url": view}


def _point(run: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    """One run on a chart; without a verdict only that, and why."""
    findings = [
        {name: found.get(name) for name in TREND_FIELDS} for found in summary.get("findings", ())
    ]
    return {
        "run": run,
        "measured_at": summary.get("measured_at"),
        "status": summary["status"],
        "reason": summary.get("reason"),
        "model_version": summary["model"]["version"],
        "window": summary["window"],
        "rows": summary["rows"]["window"],
        "findings": findings,
        "estimated": summary.get("estimated", {}).get("everywhere"),
        "default_probability": summary.get("default_probability"),
    }


def _page(reports: S3Store, cursor: str, limit: int) -> dict[str, Any]:
    """cursor : the run after which to go on, the newest being the first"""
    runs = [_name(found[1], found[2]) for key in reports.list("date=") if (found := _match(key))]
    runs.sort(reverse=True)
    if cursor and cursor not in runs:
        raise no_such_page()
    start = runs.index(cursor) + 1 if cursor else 0
    some = runs[start : start + limit]
    more = start + limit < len(runs)
    return {"items": [{"run": run} for run in some], "cursor": some[-1] if more else None}


def _match(key: str) -> re.Match[str] | None:
    return _SUMMARY.fullmatch(key)


def _name(day: str, time: str) -> str:
    return f"{day}T{time}"


def _key(run: str) -> str:
    """Raises ObjectNotFound for what is no run's name."""
    if run == LATEST:
        return LATEST_REPORT
    if not re.fullmatch(RUN_PATTERN, run):
        raise ObjectNotFound(LATEST)
    day, _, time = run.partition("T")
    return f"date={day}/{time}/summary.json"
