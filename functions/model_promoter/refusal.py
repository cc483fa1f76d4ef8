"""What the operators' API answers when a promotion does not happen."""

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from credit_scoring.errors import (
    ArtifactError,
    ArtifactMissing,
    PromotionConflict,
    StorageError,
)


@dataclass(frozen=True)
class Refusal:
    """As problem details; detail : one sentence that says what to do"""

    status: int
    title: str
    detail: str

    @property
    def content(self) -> dict[str, Any]:
        return asdict(self)


class Refused(Exception):
    """The request does not fit to what is there."""

    def __init__(self, status: HTTPStatus, title: str, detail: str) -> None:
        super().__init__(detail)
        self.refusal = Refusal(status.value, title, detail)


def refusal_of(error: Exception) -> Refusal:
    """The message of an unexpected error is never told."""
    if isinstance(error, Refused):
        return error.refusal
    if isinstance(error, PromotionConflict):
        return Refusal(HTTPStatus.CONFLICT.value, "Conflict", f"{error}")
    if isinstance(error, StorageError):
        detail = "The storage did not answer: try again in a few seconds."
        return Refusal(HTTPStatus.SERVICE_UNAVAILABLE.value, "Service unavailable", detail)
    if isinstance(error, ArtifactMissing) and "/" not in error.name:  # not one of its files
        detail = "No such version is published: GET /models lists them."
        return Refusal(HTTPStatus.NOT_FOUND.value, "Version not found", detail)
    if isinstance(error, ArtifactError):
        detail = f"The version cannot serve: {error}"
        return Refusal(HTTPStatus.CONFLICT.value, "Version damaged", detail)
    # Whether the pointer was written is not known here: the history tells.
    detail = "The service failed: look at the history, then tell its operator the request id."
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR.value, "Internal Server Error", detail)
