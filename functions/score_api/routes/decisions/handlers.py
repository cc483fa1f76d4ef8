"""POST /decisions and what is done with a decision later: read, computed anew, told in a letter."""

import hashlib
import re
import secrets
from collections.abc import Hashable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

from aws_lambda_powertools.event_handler import Response
from credit_scoring.audit_trail.decision_log import (
    MOST_REASON_CHARACTERS,
    OUTCOMES,
    StoredDecision,
    describe_score,
    raw_inputs,
)
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.errors import (
    PROBLEM_CAUSES,
    AlreadyExists,
    ArtifactMissing,
    DecisionNotFound,
    Problem,
)
from credit_scoring.reasons.wording import LANGUAGES
from credit_scoring.registry.bundle import load_model
from credit_scoring.scoring import Model, Scores, score_applicants

from functions.score_api.access import require_branch
from functions.score_api.answers.completing import completed_for
from functions.score_api.answers.scored import score_content
from functions.score_api.answers.stored_applicants import find_profile
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.problems import RequestRefused, field_error
from functions.score_api.http.responses import json_response, text_response
from functions.score_api.request import Request
from functions.score_api.routes.model.handlers import CARD_HEADERS
from functions.score_api.service import Service

FIELDS = (
    "applicant_id", "application", "branch", "decision", "override_reason", "model_version",
)  # fmt: skip
BUNDLES_KEPT = 3
_ID = re.compile(r"[0-9a-f]{32}")
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,128}")


def take_decision(request: Request, service: Service) -> Response[str]:
    asked = read_decision(read_json_object(request))
    applicants, branch = _applicants(request, service, asked)
    decision = _decide(request, service, asked, applicants, branch)
    try:
        stored = service.decisions.append_once(decision)
    except AlreadyExists:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "This Idempotency-Key belongs to another decision: use a new one.",
            title="Key already used",
        ) from None
    return json_response(decision_content(stored), status=HTTPStatus.CREATED)


def get_decision(request: Request, service: Service) -> Response[str]:
    return json_response(decision_content(_find(request, service, request.parts["id"])))


def replay_decision(request: Request, service: Service) -> Response[str]:
    return json_response(
        replay_content(_find(request, service, request.parts["id"]), service.models)
    )


def get_letter(request: Request, service: Service) -> Response[str]:
    from credit_scoring.audit_trail.letter import write_letter  # noqa: PLC0415  (no score needs it)

    language = request.query.get("language", LANGUAGES[0])
    if language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise RequestRefused(HTTPStatus.BAD_REQUEST, f"`language` must be one of: {allowed}.")
    decision = _find(request, service, request.parts["id"])
    letter = write_letter(decision, language=language, lender=service.lender)
    return text_response(letter, content_type="text/html", headers=CARD_HEADERS)


def read_decision(content: Mapping[str, Any]) -> dict[str, Any]:
    """Raises RequestRefused (422) with everything that is wrong."""
    errors = [_error(name, "unknown_field", "") for name in content if name not in FIELDS]
    if ("applicant_id" in content) == ("application" in content):
        errors.append(_error("applicant_id", "missing", "either applicant_id or application"))
    if not isinstance(content.get("applicant_id", ""), str):
        errors.append(_error("applicant_id", "wrong_type", "text"))
    if not isinstance(content.get("application", {}), dict):
        errors.append(_error("application", "wrong_type", "an object"))
    if ("branch" in content) != ("application" in content):
        errors.append(_error("branch", "missing", "with an application, and only then"))
    if not isinstance(content.get("branch", ""), str):
        errors.append(_error("branch", "wrong_type", "text"))
    if content.get("decision") not in OUTCOMES:
        errors.append(_error("decision", "unknown_category", ", ".join(OUTCOMES)))
    reason = content.get("override_reason", "")
    if not isinstance(reason, str) or len(reason) > MOST_REASON_CHARACTERS:
        allowed = f"text of at most {MOST_REASON_CHARACTERS} characters"
        errors.append(_error("override_reason", "wrong_type", allowed))
    if not isinstance(content.get("model_version"), str):
        allowed = "the model version of the score that was decided on"
        errors.append(_error("model_version", "missing", allowed))
    if errors:
        raise _refused(errors)
    return dict(content) | {"override_reason": reason.strip()}


def decision_content(decision: StoredDecision) -> dict[str, Any]:
    content = asdict(decision)
    model = {"version": content.pop("model_version"), "sha256": content.pop("model_sha256")}
    return {
        **content,
        "is_override": decision.is_override,
        "inputs_sha256": decision.inputs_sha256,
        "sha256": decision.sha256,
        "model": model,
    }


def replay_content(decision: StoredDecision, models: Store) -> dict[str, Any]:
    from credit_scoring.audit_trail.replay import replay  # noqa: PLC0415  (no score needs it)

    try:
        model = _load(cast(Hashable, models), decision.model_version, decision.model_sha256)
    except ArtifactMissing:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "The model of this decision is not in the model store any more: restore it.",
            title="Model not found",
        ) from None
    differences = replay(decision, model)
    return {
        "decision_id": decision.decision_id,
        "identical": not differences,
        "differences": [vars(difference) for difference in differences],
        "model": {"version": model.version, "sha256": model.sha256},
    }


def _applicants(
    request: Request, service: Service, asked: Mapping[str, Any]
) -> tuple[Applicants, str]:
    """The application to decide on, and the branch that it belongs to."""
    if "applicant_id" in asked:
        profile = find_profile(request, service, asked["applicant_id"])
        return profile.parse(), profile.branch
    require_branch(request.caller, asked["branch"])
    sent, model = parse_record(asked["application"]), service.model.current().model
    return completed_for(request, service, model, sent).applicants, asked["branch"]


def _decide(
    request: Request,
    service: Service,
    asked: Mapping[str, Any],
    applicants: Applicants,
    branch: str,
) -> StoredDecision:
    model = service.model.current().model
    if asked["model_version"] != model.version:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "Another model serves by now: score the application again, then decide.",
            title="Model changed",
        )
    scores = score_applicants(model, applicants)
    verdict = scores.decision(0)
    if asked["decision"] != verdict and not asked["override_reason"]:
        allowed = f"a reason, because the model says {verdict}"
        raise _refused([_error("override_reason", "missing", allowed)])
    user = request.caller.name
    return StoredDecision(
        decision_id=_new_id(request.headers.get("idempotency-key"), user),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        decided_by=user,
        branch=branch,
        applicant_id=applicants.ids[0],
        decision=asked["decision"],
        override_reason=asked["override_reason"],
        inputs=raw_inputs(applicants, 0),
        score=describe_score(scores, 0) | _told(applicants, scores),
        model_version=model.version,
        model_sha256=model.sha256,
    )


def _told(applicants: Applicants, scores: Scores) -> dict[str, Any]:
    """The words of the answer: what the advisor read is what a letter may say."""
    content = score_content(applicants, scores)
    return {name: content[name] for name in ("reasons", "review") if name in content}


def _new_id(key: str | None, user: str) -> str:
    """Of the user's own key, if there is one: the same request sent again finds its decision."""
    if key is None:
        return secrets.token_hex(16)
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, "Idempotency-Key must be 1 to 128 visible ASCII characters."
        )
    return hashlib.sha256(f"{user}\n{key}".encode()).hexdigest()[:32]


def _find(request: Request, service: Service, decision_id: str) -> StoredDecision:
    """Raises DecisionNotFound, also for one of another branch."""
    if not _ID.fullmatch(decision_id):
        raise DecisionNotFound(decision_id)
    decision = service.decisions.get(decision_id)
    if not request.caller.sees(decision.branch):
        raise DecisionNotFound(decision_id)
    return decision


@lru_cache(maxsize=BUNDLES_KEPT)
def _load(models: Any, version: str, sha256: str) -> Model:
    return load_model(models, version, sha256=sha256)


def _error(field: str, cause: str, allowed: str) -> dict[str, str]:
    """Never the value: the reason of a decision is about a person."""
    message = f"{field}: {PROBLEM_CAUSES[cause]}" + (f"; allowed: {allowed}" if allowed else "")
    return field_error(Problem(field, cause, "", allowed), message)


def _refused(errors: list[dict[str, str]]) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The decision cannot be kept like that: see errors, correct and send again.",
        title="Invalid decision",
        errors=errors,
    )
