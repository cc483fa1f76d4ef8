"""GET /models, /models/{version} and its contest: from the bundles, as training wrote them."""

import json
import re
from datetime import UTC
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactError, ArtifactMissing
from credit_scoring.registry.bundle import MANIFEST, load_facts, load_file
from credit_scoring.registry.champion import read_history, read_pointer
from credit_scoring.registry.contests import read_contest

from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request

VERSION_PATTERN = r"[0-9a-f]{12}"
REPORT = "report.json"
# What views are made of; the lists of hundreds that only a card shows stay in it.
PARTS = (
    "recipe", "data", "lineage", "features", "model", "metrics", "cutoff", "bands", "calibration",
    "anchor", "fairness", "explanations", "review", "comparison", "ablations",
)  # fmt: skip


def list_models(_: Request, service: OperatorService) -> Response[str]:
    """Newest first: by when a version was published or last promoted."""
    store = service.models
    champion = read_pointer(store).champion
    history = read_history(store)
    dated = {key: at for key, at in store.list_dated("") if key.endswith(f"/{MANIFEST}")}
    items = []
    for key, written in dated.items():
        version = key.removesuffix(f"/{MANIFEST}")
        published = written.astimezone(UTC).isoformat(timespec="seconds")
        items.append(
            {
                "version": version,
                "published_at": published,
                "serves": champion is not None and champion.version == version,
                "promotions": [vars(entry) for entry in history if entry.version == version],
                **_facts(store, version),
            }
        )
    items.sort(key=_latest, reverse=True)
    return json_response({"items": items, "cursor": None})


def get_model(request: Request, service: OperatorService) -> Response[str]:
    """Raises RequestRefused: 404 for no version, 409 for one that is damaged."""
    version, store = request.parts["version"], service.models
    if not re.fullmatch(VERSION_PATTERN, version):
        raise _unknown()
    try:
        facts = load_facts(store, version)
        report = json.loads(load_file(store, version, REPORT))
    except ArtifactMissing:
        raise _unknown() from None
    except (ArtifactError, ValueError) as error:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            f"This version is damaged: {error}",
            title="Version damaged",
        ) from None
    content = {part: report.get(part) for part in PARTS}
    return json_response({"version": version, "facts": facts["facts"], "report": content})


def get_contest(request: Request, service: OperatorService) -> Response[str]:
    """Against the version that serves, or another. Raises RequestRefused (404)."""
    version, store = request.parts["version"], service.models
    champion = read_pointer(store).champion
    against = request.query.get("against", champion.version if champion else None)
    for named in (version, against):
        if named is not None and not re.fullmatch(VERSION_PATTERN, named):
            raise _unknown()
    contest = read_contest(store, version, against)
    if contest is None:
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            f"{version} was never compared with {against}: `make promote` does, on labelled rows.",
            title="Never compared",
        )
    return json_response({"version": version, "against": against, "contest": contest})


def _facts(store: Store, version: str) -> dict[str, Any]:
    """A damaged version is listed with what is wrong: it must not hide the others."""
    try:
        content = load_facts(store, version)
    except (ArtifactError, ValueError) as error:
        return {"features": None, "metrics": {}, "training": {}, "problem": str(error)}
    facts = content["facts"]
    return {
        "features": len(content["features"]),
        "metrics": facts.get("metrics", {}),
        "training": facts.get("training", {}),
        "problem": None,
    }


def _latest(item: dict[str, Any]) -> str:
    told: list[str] = [item["published_at"], *(p["promoted_at"] for p in item["promotions"])]
    return max(told)


def _unknown() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.NOT_FOUND,
        "There is no such version: GET /models lists them.",
        title="Version not found",
    )
