"""POST /predict and /predict/explain: score an application that the caller sends."""

from typing import Any

from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import ID, INPUTS
from credit_scoring.errors import InvalidApplicant
from credit_scoring.reasons.families import FAMILIES, family_indices, sum_by_family
from credit_scoring.scoring import Scores
from credit_scoring.stored.score_records import Purpose

from functions.score_api.answers.completing import completed_for
from functions.score_api.answers.scored import answer_score
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.responses import Response
from functions.score_api.request import Request
from functions.score_api.service import Service


def predict(request: Request, service: Service) -> Response:
    sent, model = _read(request, service), service.model.current().model
    completed = completed_for(request, service, model, sent)
    return answer_score(request, service, model, completed, purpose=Purpose.DECISION)


def explain(request: Request, service: Service) -> Response:
    sent, model = _read(request, service), service.model.current().model
    completed = completed_for(request, service, model, sent)
    told = {"history": "profile" if completed.names else _history(sent)}
    return answer_score(
        request,
        service,
        model,
        completed,
        purpose=Purpose.DECISION,
        also=lambda *score: {**explanation(*score), **told},
    )


def explanation(applicants: Applicants, scores: Scores) -> dict[str, Any]:
    """What the only score rests on: each family's share, and what was not given."""
    of_feature = family_indices(scores.model.schema.names)
    sums = sum_by_family(scores.contributions[:1], of_feature, len(FAMILIES))[0].tolist()
    shares = dict(zip(FAMILIES, sums, strict=True))
    ordered = sorted(shares.items(), key=lambda item: -abs(item[1]))
    given = applicants.record(0)
    return {
        "families": [{"family": family, "contribution": share} for family, share in ordered],
        "missing": [name for name in INPUTS if name not in given and name != ID],
    }


def _read(request: Request, service: Service) -> Applicants:
    content = read_json_object(request)
    try:
        return parse_record(content)
    except InvalidApplicant as error:
        from functions.score_api.answers.refused import (  # noqa: PLC0415  (no score needs it)
            record_refusal,
        )

        record_refusal(request, service, error)
        raise


def _history(sent: Applicants) -> str:
    return "request" if sent.brings_history else "none"
