"""Applications that were turned away, counted for drift monitoring by column and cause."""

from credit_scoring.errors import InvalidApplicant
from credit_scoring.stored.score_records import Purpose, first_problems, refusal_lines

from functions.score_api.answers.scored import keep, origin_of
from functions.score_api.request import Request
from functions.score_api.service import Service


def record_refusal(request: Request, service: Service, error: InvalidApplicant) -> None:
    record_refusals(request, service, first_problems(error.problems))


def record_refusals(
    request: Request, service: Service, refused: list[tuple[str, str, int]]
) -> None:
    """refused : (cause, column, rows)"""
    if refused:
        origin, name = origin_of(request, service, Purpose.DECISION), request.outcome.invocation_id
        keep(lambda: service.records.put(refusal_lines(refused, origin, name=name)))
