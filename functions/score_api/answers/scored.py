"""A score as the API tells it, and as it is kept for drift monitoring."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import FEATURES
from credit_scoring.decision import default_probability
from credit_scoring.errors import CreditScoringError, StorageUnavailable
from credit_scoring.reasons.audiences import tell
from credit_scoring.scoring import Model, Scores, score_applicants
from credit_scoring.stored.score_records import CANARY, Origin, Purpose, score_lines

from functions.score_api.answers.completing import Completed
from functions.score_api.http.outcomes import Outcome, note_record_failure
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

if TYPE_CHECKING:
    from credit_scoring.audit_trail.decision_log import StoredDecision

# The answer waits for its record, because Lambda freezes what still runs after an answer; not long.
SECONDS_TO_RECORD = 3.0
_recorder = ThreadPoolExecutor(1, "record")


def answer_score(
    request: Request,
    service: Service,
    model: Model,
    completed: Completed,
    *,
    purpose: Purpose,
    also: Callable[[Applicants, Scores], dict[str, Any]] = lambda *_: {},
) -> Response:
    """Score one applicant; write the answer while a record of it is being kept.

    purpose : why it is asked for; also : what else to tell of the score
    """
    applicants = completed.applicants
    scores = score_applicants(model, applicants)
    outcome: Outcome = request.outcome
    outcome.note(model_version=model.version, decision=scores.decision(0))
    with recorded(request, service, applicants, scores, purpose=purpose):
        content = score_content(applicants, scores) | {"completed_from_profile": completed.names}
        return json_response(content | also(applicants, scores))


def score_content(applicants: Applicants, scores: Scores) -> dict[str, Any]:
    """The only row of `scores` in the words of the API."""
    model = scores.model
    reasons = _reasons(scores)
    return {
        "applicant_id": applicants.ids[0] or None,
        "probability_of_default": float(scores.default_probabilities[0]),
        "margin": float(scores.margins[0]),
        "base_value": model.explainer.base_value,
        "average_probability": default_probability(model.explainer.base_value),
        "cutoff": model.cutoff,
        "decision": scores.decision(0),
        "review": review_content(scores, 0),
        "review_range": _review_range(model),
        "risk_band": scores.risk_band(0),
        "contributions": _contributions(scores),
        "reasons": {
            "raises": [each for each in reasons if each["contribution"] > 0],
            "lowers": [each for each in reasons if each["contribution"] < 0],
        },
        "model": {"version": model.version, "sha256": model.sha256},
    }


def _review_range(model: Model) -> dict[str, float] | None:
    """Between which PDs the model leaves the decision to a person; None: nowhere."""
    if model.review is None:
        return None
    low, high = model.review.near_cutoff
    return {"low": low, "high": high}


def review_content(scores: Scores, row: int) -> list[dict[str, Any]]:
    """Why a person decides; nothing where the model does."""
    return [{"cause": why.cause, "text": why.text} for why in scores.review(row)]


def _contributions(scores: Scores) -> list[dict[str, Any]]:
    """Every feature, the heaviest first."""
    rows = zip(
        scores.model.schema.names,
        scores.feature_values(0),
        scores.contributions[0].tolist(),
        (scores.contributions[0] * scores.point_slopes[0]).tolist(),
        strict=True,
    )
    contents = [_contribution(*row) for row in rows]
    return sorted(contents, key=lambda content: -abs(content["contribution"]))


def _contribution(
    name: str, value: float | str | None, weight: float, points: float
) -> dict[str, Any]:
    column = FEATURES[name]
    return {
        "feature": name,
        "family": column.family,
        "value": value,
        "contribution": weight,
        "probability_points": points,
        "label": column.label,
        "unit": column.unit,
        "type": column.type,
    }


def _reasons(scores: Scores) -> list[dict[str, Any]]:
    """The heaviest first."""
    margin, base_value = float(scores.margins[0]), scores.model.explainer.base_value
    return [
        {
            "code": reason.code,
            "family": reason.family,
            "contribution": reason.contribution,
            "probability_points": reason.points,
            "known": reason.known,
            "protected": reason.protected,
            "features": reason.features,
            "values": reason.values,
            "text": reason.text,
            "texts": tell(reason, rank=rank, margin=margin, base_value=base_value),
        }
        for rank, reason in enumerate(scores.reasons(0), start=1)
    ]


def recorded(
    request: Request, service: Service, applicants: Applicants, scores: Scores, *, purpose: Purpose
) -> AbstractContextManager[None]:
    """A record that cannot be kept costs drift monitoring one row, and the advisor nothing."""
    origin, name = origin_of(request, service, purpose), request.outcome.invocation_id

    def save() -> None:
        pseudonyms = service.pseudonyms.of(applicants.ids)
        lines = score_lines(applicants, scores, origin, pseudonyms=pseudonyms, name=name)
        service.records.put(lines)

    return kept_meanwhile(save)


def record_decision(
    request: Request,
    service: Service,
    applicants: Applicants,
    scores: Scores,
    decision: "StoredDecision",
) -> None:
    """What was decided on, under the decision's own id: outcomes are joined to it later.

    A retry writes the same id again, which is one row.
    """
    origin = replace(origin_of(request, service, Purpose.DECISION), branch=decision.branch)

    def save() -> None:
        lines = score_lines(
            applicants,
            scores,
            origin,
            pseudonyms=service.pseudonyms.of(applicants.ids),
            name=decision.decision_id,
            decided=decision.decision,
        )
        service.records.put(lines)

    keep(save)


def origin_of(request: Request, service: Service, purpose: Purpose) -> Origin:
    caller = request.caller
    branches = caller.branches or frozenset[str]()
    is_canary = branches == {CANARY}
    return Origin(
        at=service.lender.local(datetime.now(UTC)),
        source="api",
        purpose=Purpose.CANARY if is_canary else purpose,
        client=caller.client,
        branch=next(iter(branches)) if len(branches) == 1 else "",
    )


def keep(save: Callable[[], None]) -> None:
    with kept_meanwhile(save):
        pass


@contextmanager
def kept_meanwhile(save: Callable[[], None]) -> Iterator[None]:
    """Call it beside what is done inside, and wait for it no longer than an answer can.

    Also where what is done inside fails: what still runs once that is told would be frozen, and
    neither be kept nor counted as lost.
    """
    saving = _recorder.submit(save)
    try:
        yield
    finally:
        _wait_for(saving)


def _wait_for(saving: Future[None]) -> None:
    try:
        wait([saving], SECONDS_TO_RECORD)
        if not saving.done():
            raise StorageUnavailable("record", "slow")
        saving.result()
    except CreditScoringError as error:
        note_record_failure(error)
