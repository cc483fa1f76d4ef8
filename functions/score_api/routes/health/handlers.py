"""GET /health for anybody, from memory; GET /health/parts for those who look after the system."""

import platform
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from credit_scoring import __version__
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ApplicantNotFound, CreditScoringError, NoModelYet
from credit_scoring.stored.profiles import ProfileTable
from credit_scoring.stored.queues import Queue

from functions.score_api.http.outcomes import describe
from functions.score_api.http.responses import Response, json_response
from functions.score_api.model.serving_model import ServingModel
from functions.score_api.request import Request
from functions.score_api.service import Service

OK, FAILING = "ok", "failing"
# A new deployment waits for its first model: somebody has work to do, nothing is broken.
NO_MODEL = "no model yet"
# Nobody's id: a question that an existing, readable table answers with "not found".
NOBODY = "health-check"
# Several screens ask every few seconds: what costs calls to other services is not asked anew.
SECONDS_KEPT = 10.0
# The monitor runs every night.
HOURS_UNTIL_DRIFT_IS_LATE = 26.0
LATEST_REPORT = "latest.json"


def get_health(_: Request, service: Service) -> Response:
    """Anybody may ask, as often as they like: so nothing is called and nothing told but a word."""
    status = _status({"model": _remember_model(service.model)}, {})
    return json_response({"status": status}, status=503 if status == FAILING else 200)


def get_parts(_: Request, service: Service) -> Response:
    version, model = _check_model(service.model)
    needed = {"model": model, "profiles": _check_profiles(service.profiles)}
    parts, facts = _around(service)
    status = _status(needed, parts)
    content = {
        "status": status,
        "model_version": version,
        "parts": {**needed, **parts},
        **facts,
        "versions": {"api": __version__, "python": platform.python_version()},
    }
    return json_response(content, status=503 if status == FAILING else 200)


def _around(service: Service) -> tuple[dict[str, str], dict[str, Any]]:
    """What was found out a moment ago, by the wall clock: see serving_model."""
    now = time.time()
    kept = service.recent.get("health")
    if kept is None or now - kept[0] >= SECONDS_KEPT:
        kept = service.recent["health"] = (now, _check_around(service))
    around: tuple[dict[str, str], dict[str, Any]] = kept[1]
    return around


def _status(needed: Mapping[str, str], others: Mapping[str, str]) -> str:
    """Failing: nobody can be scored; degraded: everybody can, but somebody should look."""
    if needed["model"] == NO_MODEL:
        return NO_MODEL if set(needed.values()) <= {OK, NO_MODEL} else FAILING
    if set(needed.values()) != {OK}:
        return FAILING
    return OK if set(others.values()) <= {OK} else "degraded"


def _remember_model(serving: ServingModel) -> str:
    """What this process knows without looking: any model that was loaded can score."""
    if serving.is_loaded:
        return OK
    return NO_MODEL if isinstance(serving.failure, NoModelYet) else FAILING


def _check_model(serving: ServingModel) -> tuple[str | None, str]:
    """The version in use, and whether it is the champion."""
    try:
        version = serving.current().model.version
    except NoModelYet:
        return None, NO_MODEL
    except CreditScoringError as error:
        return None, _name(error)
    return version, _name(serving.failure) if serving.failure else OK


def _check_profiles(profiles: ProfileTable) -> str:
    try:
        profiles.get(NOBODY)
    except ApplicantNotFound:
        pass
    except CreditScoringError as error:
        return _name(error)
    return OK


def _check_around(service: Service) -> tuple[dict[str, str], dict[str, Any]]:
    """What no score waits for: the word for each part, and figures."""
    queues, depths = _check_queues(service.queues)
    storage, drift, last_run = _check_drift(service.reports)
    facts = {"failed_messages": depths, "last_drift_run_at": last_run}
    return {"queues": queues, "storage": storage, "drift": drift}, facts


def _check_queues(queues: Mapping[str, str]) -> tuple[str, dict[str, int]]:
    """Messages in them are work that was given up."""
    try:
        depths = {name: Queue(address).depth() for name, address in queues.items()}
    except CreditScoringError as error:
        return _name(error), {}
    return "failed messages" if any(depths.values()) else OK, depths


def _check_drift(reports: Store) -> tuple[str, str, str | None]:
    """The storage's word, the monitor's, and when it last ran; a new stack's has not yet."""
    try:
        times = [written for key, written in reports.list_dated(LATEST_REPORT)]
    except CreditScoringError as error:
        return _name(error), OK, None
    if not times:
        return OK, OK, None
    hours = (datetime.now(UTC) - times[0]).total_seconds() / 3600
    late = hours > HOURS_UNTIL_DRIFT_IS_LATE
    return OK, "late" if late else OK, times[0].astimezone(UTC).isoformat(timespec="seconds")


def _name(error: CreditScoringError) -> str:
    return str(describe(error)["error"])
