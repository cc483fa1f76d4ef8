"""Errors as problem details (RFC 9457): the one place where an error gets an HTTP status.

What a client may read is written here; the message of an unexpected error never is.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from credit_scoring.errors import (
    ApplicantNotFound,
    ArtifactError,
    Contradiction,
    CreditScoringError,
    DecisionLogCorrupted,
    DecisionNotFound,
    InvalidApplicant,
    NoModelYet,
    Problem,
    ReasonsUnfaithful,
    StorageError,
)

from functions.score_api.http.outcomes import describe
from functions.score_api.http.responses import Response, json_response

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "5"}
# 64 KiB can hold thousands of wrong fields; the first ones say enough.
MOST_ERRORS = 100


class RequestRefused(Exception):
    """The request itself is at fault, before any applicant is looked at.

    detail : one sentence that says what to do
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        title: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.title = status, detail, title or status.phrase
        self.errors, self.headers = list(errors), dict(headers or {})


def answer(error: Exception, *, request_id: str) -> Response:
    refusal = error if isinstance(error, RequestRefused) else _refusal(error)
    content = {
        "type": "about:blank",
        "title": refusal.title,
        "status": refusal.status.value,
        "detail": refusal.detail,
        "request_id": request_id,
        "errors": refusal.errors,
    }
    return json_response(
        content, status=refusal.status, content_type=CONTENT_TYPE, headers=refusal.headers
    )


def unknown_route(allowed: Sequence[str]) -> RequestRefused:
    if not allowed:
        return RequestRefused(HTTPStatus.NOT_FOUND, "There is no such address in this API.")
    methods = ", ".join(allowed)
    return RequestRefused(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"This address answers to {methods} only.",
        headers={"Allow": methods},
    )


def log_fields(error: Exception) -> dict[str, object]:
    """What a log line may say of an error: never a value or a name that somebody sent."""
    if isinstance(error, RequestRefused):
        return {"error": "RequestRefused"}
    if isinstance(error, InvalidApplicant):
        causes = sorted({problem.cause for problem in error.problems})
        return {"error": "InvalidApplicant", "causes": causes}
    return describe(error)


def field_error(problem: Problem, message: str | None = None) -> dict[str, str]:
    """One of `errors`; `message` where the contract's own sentence would not fit."""
    return {
        "field": problem.field,
        "value": problem.value,
        "allowed": problem.allowed,
        "cause": problem.cause,
        "message": message or problem.message,
    }


def _refusal(error: Exception) -> RequestRefused:
    if isinstance(error, InvalidApplicant):
        return _invalid_applicant(error)
    if isinstance(error, ApplicantNotFound):
        return RequestRefused(
            HTTPStatus.NOT_FOUND,
            "Nobody uploaded this application yet: upload it first.",
            title="Applicant not found",
        )
    if isinstance(error, DecisionNotFound):
        return RequestRefused(
            HTTPStatus.NOT_FOUND,
            "There is no such decision: use the id that the answer to it gave.",
            title="Decision not found",
        )
    if isinstance(error, DecisionLogCorrupted | ReasonsUnfaithful):
        return RequestRefused(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "The stored decision is not what was written: tell the operator the request id.",
            title="Decision damaged",
        )
    if isinstance(error, ArtifactError | StorageError):
        return _unavailable(error)
    return RequestRefused(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The service failed: tell its operator the request id.",
    )


def _invalid_applicant(error: InvalidApplicant) -> RequestRefused:
    if isinstance(error, Contradiction):
        return _contradiction(error)
    count = len(error.problems)
    fields = "One field breaks" if count == 1 else f"{count} fields break"
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{fields} the contract: see errors, correct and send again.",
        title="Invalid applicant",
        errors=[field_error(problem) for problem in error.problems[:MOST_ERRORS]],
    )


def _contradiction(error: Contradiction) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.CONFLICT,
        "Each value may be sent, but they do not fit together: see errors.",
        title="Contradiction",
        errors=[field_error(problem) for problem in error.problems[:MOST_ERRORS]],
    )


def _unavailable(error: CreditScoringError) -> RequestRefused:
    detail = "The storage did not answer: try again in a few seconds."
    if isinstance(error, ArtifactError):
        detail = "No model is ready: try again in a few seconds."
    if isinstance(error, NoModelYet):
        detail = "No model is published yet: publish one, then try again."
    return RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        detail,
        title="Service unavailable",
        headers=RETRY_AFTER,
    )
