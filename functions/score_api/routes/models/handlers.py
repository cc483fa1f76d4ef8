"""GET /models, /models/{version} and its contest: from the bundles, as training wrote them."""

import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactError, ArtifactMismatch, ArtifactMissing
from credit_scoring.registry.bundle import load_facts, load_file
from credit_scoring.registry.champion import Champion, history_until, read_pointer
from credit_scoring.registry.contests import NOBODY, read_contest
from credit_scoring.registry.listing import Published, list_published, with_facts

from functions.score_api.http.parameters import Parameters, no_such_page
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request

# Two reads a version, side by side.
LARGEST_PAGE = 50
# Lambda answers six megabytes at most; a report of 48 features has a hundred kilobytes.
MOST_BYTES = 4_000_000
VERSION_PATTERN = r"[0-9a-f]{12}"
REPORT = "report.json"
# What views are made of; the lists of hundreds that only a card shows stay in it.
PARTS = (
    "recipe", "data", "lineage", "features", "model", "metrics", "cutoff", "bands", "calibration",
    "anchor", "fairness", "explanations", "review", "comparison", "ablations",
)  # fmt: skip


def list_models(request: Request, service: OperatorService) -> Response:
    """Newest first, by when a version was published or last promoted; damaged ones, too."""
    asked = Parameters(request.query)
    limit = asked.whole("limit", LARGEST_PAGE, least=1, most=LARGEST_PAGE)
    pointer = read_pointer(service.models)
    history = history_until(service.models, pointer)
    listed = list_published(service.models, history, pointer.champion)
    page, cursor = _page(listed, asked.text("cursor"), limit)
    items = [_summary(model, history) for model in with_facts(service.models, page)]
    return json_response({"items": items, "cursor": cursor})


def _page(
    listed: Sequence[Published], cursor: str, limit: int
) -> tuple[Sequence[Published], str | None]:
    """What follows the version that the page before ended with."""
    versions = [model.version for model in listed]
    if cursor and cursor not in versions:
        raise no_such_page()
    start = versions.index(cursor) + 1 if cursor else 0
    page = listed[start : start + limit]
    return page, page[-1].version if start + limit < len(listed) else None


def _summary(model: Published, history: Sequence[Champion]) -> dict[str, Any]:
    return {
        "version": model.version,
        "published_at": model.published_at,
        "serves": model.serves,
        "promotions": [vars(entry) for entry in history if entry.version == model.version],
        "features": model.features,
        "metrics": model.metrics,
        "training": model.training,
        "problem": model.problem or None,
    }


def get_model(request: Request, service: OperatorService) -> Response:
    """Raises RequestRefused: 404 for no version or no report, 409 for one that is damaged."""
    version, store = request.parts["version"], service.models
    if not re.fullmatch(VERSION_PATTERN, version):
        raise _unknown()
    try:
        facts = load_facts(store, version)
        report = _read_report(store, version)
    except ArtifactMissing as error:
        raise _no_report() if error.name.endswith(REPORT) else _unknown() from None
    except (ArtifactError, ValueError) as error:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            f"This version is damaged: {error}",
            title="Version damaged",
        ) from None
    content = {part: report.get(part) for part in PARTS}
    return json_response({"version": version, "facts": facts["facts"], "report": content})


def _read_report(store: Store, version: str) -> dict[str, Any]:
    """What is no number in JSON is nothing to show. Raises ArtifactError."""
    data = load_file(store, version, REPORT)
    if len(data) > MOST_BYTES:
        raise ArtifactMismatch(f"{version}/{REPORT}", f"at most {MOST_BYTES} bytes", len(data))
    try:
        report = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict):
        raise ArtifactMismatch(f"{version}/{REPORT}", "a report", "something else")
    return report


def get_contest(request: Request, service: OperatorService) -> Response:
    """Against the version that serves, or another. Raises RequestRefused (404)."""
    version, store = request.parts["version"], service.models
    champion = read_pointer(store).champion
    named = request.query.get("against", champion.version if champion else NOBODY)
    against = None if named == NOBODY else named
    for told in (version, against):
        if told is not None and not re.fullmatch(VERSION_PATTERN, told):
            raise _unknown()
    contest = read_contest(store, version, against)
    if contest is None:
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            f"{version} was never compared with {named}: `python -m training promote` does.",
            title="Never compared",
        )
    return json_response({"version": version, "against": against, "contest": contest})


def _unknown() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.NOT_FOUND,
        "There is no such version: GET /models lists them.",
        title="Version not found",
    )


def _no_report() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.NOT_FOUND,
        "This version was published without a report: train and publish it anew.",
        title="No report",
    )
