"""POST /predict/batch: score many applications in one call, each row answered beside its place."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.errors import InvalidApplicant, Problem
from credit_scoring.scoring import Scores, score_applicants
from credit_scoring.stored.score_records import Purpose, first_problems
from credit_scoring.what_if.stacking import stack

from functions.score_api.answers.completing import complete_all
from functions.score_api.answers.scored import recorded, review_content
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.outcomes import Outcome
from functions.score_api.http.problems import field_error
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

MOST_ROWS = 500
# An application with every field is 5 KiB; Lambda takes 6 MB with the request around it.
MOST_BYTES = 3 * 1024 * 1024
# Of one row; more would only repeat that the whole row is no application.
MOST_ERRORS = 20

Row = Applicants | InvalidApplicant


def predict_batch(request: Request, service: Service) -> Response:
    rows = read_rows(read_json_object(request, most_bytes=MOST_BYTES))
    model = service.model.current().model
    sent = [row for row in rows if isinstance(row, Applicants)]
    completed = complete_all(request, service, model, sent)
    applicants = stack([each.applicants for each in completed])
    scores = score_applicants(model, applicants)
    _note(request, scores)
    with _recorded(request, service, applicants, scores):
        answer = json_response(batch_content(rows, scores, [each.names for each in completed]))
    _tell_refused(request, service, rows)
    return answer


def read_rows(content: dict[str, Any]) -> list[Row]:
    """Each application, or what is wrong with it. Raises InvalidApplicant for the body itself."""
    fields = BodyFields(content, ("applications",))
    sent = fields.items("applications", least=1, most=MOST_ROWS)
    fields.check()
    return [_read_row(record) for record in sent]


def _read_row(record: object) -> Row:
    if not isinstance(record, dict):
        return InvalidApplicant([Problem("", "wrong_type", str(record)[:80], "an object")])
    try:
        return parse_record(record)
    except InvalidApplicant as error:
        return error


def batch_content(
    rows: Sequence[Row], scores: Scores, completed: Sequence[list[str]]
) -> dict[str, Any]:
    """The answer of all rows, in their order.

    scores, completed : of the rows that are applications: what the profile filled in
    """
    places, model = iter(range(len(scores))), scores.model
    items = [
        _rejected(place, row) if isinstance(row, InvalidApplicant)
        else _scored(place, row, scores, at := next(places), completed[at])
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return {
        "items": items,
        "scored": len(scores),
        "rejected": len(rows) - len(scores),
        "cutoff": model.cutoff,
        "model": {"version": model.version, "sha256": model.sha256},
    }


def _scored(
    place: int, row: Applicants, scores: Scores, at: int, completed: list[str]
) -> dict[str, Any]:
    score = {
        "probability_of_default": float(scores.default_probabilities[at]),
        "margin": float(scores.margins[at]),
        "decision": scores.decision(at),
        "review": review_content(scores, at),
        "risk_band": scores.risk_band(at),
    }
    return {
        "row": place,
        "applicant_id": row.ids[0] or None,
        "completed_from_profile": completed,
        "score": score,
        "errors": [],
    }


def _rejected(place: int, error: InvalidApplicant) -> dict[str, Any]:
    errors = [field_error(problem) for problem in error.problems[:MOST_ERRORS]]
    return {
        "row": place,
        "applicant_id": None,
        "completed_from_profile": [],
        "score": None,
        "errors": errors,
    }


def _note(request: Request, scores: Scores) -> None:
    outcome: Outcome = request.outcome
    refused, reviewed = (scores.verdicts.count(verdict) for verdict in ("refuse", "review"))
    outcome.note(
        model_version=scores.model.version,
        scored=len(scores),
        refused=refused,
        reviewed=reviewed,
    )


def _recorded(
    request: Request, service: Service, applicants: Applicants, scores: Scores
) -> AbstractContextManager[None]:
    if not len(scores):
        return nullcontext()
    return recorded(request, service, applicants, scores, purpose=Purpose.DECISION)


def _tell_refused(request: Request, service: Service, rows: Sequence[Row]) -> None:
    from functions.score_api.answers.refused import (  # noqa: PLC0415  (no score needs it)
        record_refusals,
    )

    counts = Counter(
        (cause, column)
        for row in rows
        if isinstance(row, InvalidApplicant)
        for cause, column, _ in first_problems(row.problems)
    )
    record_refusals(request, service, [(*key, count) for key, count in sorted(counts.items())])
