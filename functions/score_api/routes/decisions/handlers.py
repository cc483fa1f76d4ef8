"""POST /decisions and what is done with a decision later: read, computed anew, told in a letter."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

from credit_scoring.audit_trail.authority import OTHER, decision_rules
from credit_scoring.audit_trail.decision_log import (
    MOST_REASON_CHARACTERS,
    MOST_STATEMENT_CHARACTERS,
    OUTCOMES,
    Confirmation,
    StoredDecision,
    describe_score,
    raw_inputs,
)
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import with_role
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
from credit_scoring.stored.cases import FINAL, TO_CONFIRM, Case

from functions.score_api.access import require_branch
from functions.score_api.answers.completing import completed_for
from functions.score_api.answers.scored import record_decision, score_content
from functions.score_api.answers.stored_applicants import find_profile
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.idempotency import new_id
from functions.score_api.http.outcomes import note_override
from functions.score_api.http.problems import RequestRefused, field_error
from functions.score_api.http.responses import Response, json_response, text_response
from functions.score_api.request import Request
from functions.score_api.routes.model.handlers import CARD_HEADERS
from functions.score_api.service import Service

FIELDS = (
    "applicant_id", "application", "branch", "decision", "override_code", "override_reason",
    "statement", "offer", "model_version",
)  # fmt: skip
# Role of a column -> how an offer names it.
OFFER_ROLES = {"credit": "amount", "annuity": "annuity"}
OFFERED = tuple(OFFER_ROLES.values())
BUNDLES_KEPT = 3
_ID = re.compile(r"[0-9a-f]{32}")


def take_decision(request: Request, service: Service) -> Response:
    asked = read_decision(read_json_object(request))
    applicants, branch = _applicants(request, service, asked)
    if "applicant_id" in asked:
        _claim(request, service, branch, asked["applicant_id"])
    scores = _score(service, asked, applicants)
    decision = _decide(request, asked, applicants, scores, branch)
    try:
        stored = service.decisions.append_once(decision)
    except AlreadyExists:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "This Idempotency-Key belongs to another decision: use a new one.",
            title="Key already used",
        ) from None
    if stored is decision and stored.override_code:  # a retry found it, and was counted before
        note_override(stored.override_code)
    _note(request, service, stored)
    record_decision(request, service, applicants, scores, stored)
    return json_response(decision_content(stored), status=HTTPStatus.CREATED)


def preview_letter(request: Request, service: Service) -> Response:
    """The letter of a decision that nobody has taken yet."""
    asked = read_decision(read_json_object(request))
    applicants, branch = _applicants(request, service, asked)
    scores = _score(service, asked, applicants)
    decision = _decide(request, asked, applicants, scores, branch)
    return _letter(decision, request, service, draft=True)


def confirm_decision(request: Request, service: Service) -> Response:
    """What a second person says; whoever says the same again is answered the same."""
    said = read_confirmation(read_json_object(request))
    decision = _find(request, service, request.parts["id"])
    user = request.caller.name
    if not decision.needs_confirmation:
        raise RequestRefused(
            HTTPStatus.CONFLICT, "This decision stands: it needs nobody else.", title="Not needed"
        )
    if user == decision.decided_by:
        raise RequestRefused(
            HTTPStatus.FORBIDDEN, "You took this decision: a colleague has to confirm it."
        )
    stored = service.decisions.confirm(
        Confirmation(decision.decision_id, _now(), user, said["agrees"], said["note"])
    )
    if (stored.confirmed_by, stored.agrees) != (user, said["agrees"]):
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "Somebody has answered already: look at the decision again.",
            title="Already answered",
        )
    _note_answer(service, decision, stored)
    return json_response(decision_content(decision, stored))


def list_decisions(request: Request, service: Service) -> Response:
    profile = find_profile(request, service, request.parts["id"])
    found = service.decisions.of_applicant(profile.applicant_id)
    items = [
        _summary(decision, _confirmation(service, decision))
        for decision in found
        if request.caller.sees(decision.branch)
    ]
    return json_response({"items": items, "cursor": None})


def get_decision(request: Request, service: Service) -> Response:
    decision = _find(request, service, request.parts["id"])
    return json_response(decision_content(decision, _confirmation(service, decision)))


def replay_decision(request: Request, service: Service) -> Response:
    return json_response(
        replay_content(_find(request, service, request.parts["id"]), service.models)
    )


def get_letter(request: Request, service: Service) -> Response:
    decision = _find(request, service, request.parts["id"])
    second = _confirmation(service, decision)
    if decision.needs_confirmation and not (second and second.agrees):
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "No second person has confirmed this decision: there is no letter yet.",
            title="Not confirmed",
        )
    return _letter(decision, request, service)


def _letter(
    decision: StoredDecision, request: Request, service: Service, *, draft: bool = False
) -> Response:
    from credit_scoring.audit_trail.letter import write_letter  # noqa: PLC0415  (no score needs it)

    language = request.query.get("language", LANGUAGES[0])
    if language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise RequestRefused(HTTPStatus.BAD_REQUEST, f"`language` must be one of: {allowed}.")
    letter = write_letter(decision, language=language, lender=service.lender, draft=draft)
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
    errors += _text_errors(content, "override_reason", MOST_REASON_CHARACTERS)
    errors += _text_errors(content, "statement", MOST_STATEMENT_CHARACTERS)
    errors += _offer_errors(content.get("offer"))
    code, reasons = content.get("override_code", OTHER), decision_rules().reasons
    if not isinstance(code, str) or code not in reasons:
        errors.append(_error("override_code", "unknown_category", ", ".join(reasons)))
    if not isinstance(content.get("model_version"), str):
        allowed = "the model version of the score that was decided on"
        errors.append(_error("model_version", "missing", allowed))
    if errors:
        raise _refused(errors)
    if not reasons[code].explains(content["decision"]):
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "This reason explains the opposite decision: choose one that fits, or `other`.",
            title="Reason does not fit",
        )
    texts = {name: content.get(name, "").strip() for name in ("override_reason", "statement")}
    return dict(content) | texts


def read_confirmation(content: Mapping[str, Any]) -> dict[str, Any]:
    """Raises RequestRefused (422)."""
    errors = [
        _error(name, "unknown_field", "") for name in content if name not in ("agrees", "note")
    ]
    if not isinstance(content.get("agrees"), bool):
        errors.append(_error("agrees", "wrong_type", "true or false"))
    errors += _text_errors(content, "note", MOST_REASON_CHARACTERS)
    if errors:
        raise _refused(errors)
    return {"agrees": content["agrees"], "note": content.get("note", "").strip()}


def _text_errors(content: Mapping[str, Any], name: str, most: int) -> list[dict[str, str]]:
    text = content.get(name, "")
    if isinstance(text, str) and len(text) <= most:
        return []
    return [_error(name, "wrong_type", f"text of at most {most} characters")]


def _offer_errors(offer: object) -> list[dict[str, str]]:
    """Whether amount and annuity are ones that a loan may have is the contract's to say."""
    if offer is None:
        return []
    if isinstance(offer, dict) and offer.keys() == set(OFFERED):
        numbers = [v for v in offer.values() if isinstance(v, int | float) and v is not True]
        if len(numbers) == len(OFFERED):
            return []
    return [_error("offer", "wrong_type", "an object of two numbers, amount and annuity")]


def decision_content(
    decision: StoredDecision, second: Confirmation | None = None
) -> dict[str, Any]:
    content = asdict(decision)
    model = {"version": content.pop("model_version"), "sha256": content.pop("model_sha256")}
    return {
        **content,
        "offer": decision.offer or None,
        "is_override": decision.is_override,
        "inputs_sha256": decision.inputs_sha256,
        "sha256": decision.sha256,
        "model": model,
        "confirmation": _confirmation_content(second),
    }


def _summary(decision: StoredDecision, second: Confirmation | None) -> dict[str, Any]:
    """What a list of an applicant's decisions tells of each."""
    full = decision_content(decision, second)
    names = ("decision_id", "created_at", "decided_by", "decision", "override_code", "is_override",
             "needs_confirmation", "confirmation", "offer", "model")  # fmt: skip
    score = {
        name: decision.score[name]
        for name in ("probability_of_default", "cutoff", "decision", "risk_band")
    }
    return {name: full[name] for name in names} | {"score": score}


def _confirmation_content(second: Confirmation | None) -> dict[str, Any] | None:
    if second is None:
        return None
    names = ("created_at", "confirmed_by", "agrees", "note")
    return {name: getattr(second, name) for name in names}


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
        return _offered(profile.parse(), asked), profile.branch
    require_branch(request.caller, asked["branch"])
    sent, model = parse_record(asked["application"]), service.model.current().model
    completed = completed_for(request, service, model, sent).applicants
    return _offered(completed, asked), asked["branch"]


def _offered(applicants: Applicants, asked: Mapping[str, Any]) -> Applicants:
    """The application for the loan that is offered, where another one is."""
    if not asked.get("offer"):
        return applicants
    from credit_scoring.what_if.simulation import with_followers  # noqa: PLC0415  (few decide so)

    record = applicants.record(0)
    changes = {with_role(role): asked["offer"][name] for role, name in OFFER_ROLES.items()}
    return parse_record({**record, **with_followers(record, changes)})


def _claim(request: Request, service: Service, branch: str, applicant_id: str) -> None:
    """Raises RequestRefused (409) while somebody else works on the application."""
    name = request.caller.name
    if service.cases.claim(branch, applicant_id, name).claimed_by != name:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "A colleague works on this application: ask them, or wait until they are done.",
            title="Claimed",
        )


def _score(service: Service, asked: Mapping[str, Any], applicants: Applicants) -> Scores:
    """Raises RequestRefused (409) where another model serves than the advisor has seen."""
    model = service.model.current().model
    if asked["model_version"] != model.version:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "Another model serves by now: score the application again, then decide.",
            title="Model changed",
        )
    return score_applicants(model, applicants)


def _decide(
    request: Request,
    asked: Mapping[str, Any],
    applicants: Applicants,
    scores: Scores,
    branch: str,
) -> StoredDecision:
    model = scores.model
    verdict = scores.decision(0)
    differs = asked["decision"] != verdict
    if differs and not asked["override_reason"]:
        allowed = f"a reason, because the model says {verdict}"
        raise _refused([_error("override_reason", "missing", allowed)])
    user = request.caller.name
    return StoredDecision(
        decision_id=new_id(request.headers, user),
        created_at=_now(),
        decided_by=user,
        branch=branch,
        applicant_id=applicants.ids[0],
        decision=asked["decision"],
        override_reason=asked["override_reason"],
        inputs=raw_inputs(applicants, 0),
        score=describe_score(scores, 0) | _told(applicants, scores),
        model_version=model.version,
        model_sha256=model.sha256,
        override_code=asked.get("override_code", OTHER) if differs else "",
        statement=asked["statement"],
        offer={name: float(value) for name, value in (asked.get("offer") or {}).items()},
        needs_confirmation=_needs_second(asked["decision"], applicants, scores),
    )


def _needs_second(decision: str, applicants: Applicants, scores: Scores) -> bool:
    """Raises RequestRefused (409) for what nobody may decide."""
    rules = decision_rules()
    if rules.is_forbidden(decision, [cause.cause for cause in scores.review(0)]):
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "What was given contradicts itself: correct it first, nobody may accept it as it is.",
            title="Contradictory data",
        )
    amount = float(applicants[with_role("credit")][0])
    return rules.needs_second(decision, scores.decision(0), amount=amount, band=scores.risk_band(0))


def _note(request: Request, service: Service, decision: StoredDecision) -> None:
    """Where the application stands from now on; what a retry finds decided is noted again."""
    if decision.override_code:
        request.outcome.note(override=decision.override_code)
    status = TO_CONFIRM if decision.needs_confirmation else FINAL
    if decision.applicant_id:
        service.cases.decide(_case(decision, decision.decision, status, decision.created_at))


def _note_answer(service: Service, decision: StoredDecision, second: Confirmation) -> None:
    """Agreed: it is decided. Not agreed: the application is open again."""
    outcome, status = (decision.decision, FINAL) if second.agrees else ("", "")
    service.cases.decide(_case(decision, outcome, status, second.created_at))


def _case(decision: StoredDecision, outcome: str, status: str, at: str) -> Case:
    return Case(
        branch=decision.branch,
        applicant_id=decision.applicant_id,
        decision=outcome,
        decision_id=decision.decision_id,
        decided_by=decision.decided_by,
        decided_at=round(datetime.fromisoformat(at).timestamp() * 1000),
        status=status,
    )


def _confirmation(service: Service, decision: StoredDecision) -> Confirmation | None:
    if not decision.needs_confirmation:
        return None
    return service.decisions.confirmation(decision.decision_id)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _told(applicants: Applicants, scores: Scores) -> dict[str, Any]:
    """The words of the answer: what the advisor read is what a letter may say."""
    content = score_content(applicants, scores)
    return {name: content[name] for name in ("reasons", "review") if name in content}


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
