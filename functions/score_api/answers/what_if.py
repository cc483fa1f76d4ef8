"""What all questions about applications that nobody sent have in common.

They are neither recorded for drift nor counted as scores: nobody applied.
"""

from collections.abc import Mapping
from typing import Any

from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.errors import InvalidApplicant, Problem
from credit_scoring.scoring import Model, Verdicts

from functions.score_api.answers.completing import completed_for
from functions.score_api.answers.stored_applicants import stored_applicant
from functions.score_api.request import Request
from functions.score_api.service import Service

BASE = ("applicant_id", "application")


def read_base(
    request: Request, service: Service, model: Model, content: Mapping[str, Any]
) -> Applicants:
    """The application that a body is about: a stored one by its id, or one that is sent.

    Raises InvalidApplicant unless it is exactly one of them, ApplicantNotFound, RequestRefused.
    """
    applicant_id, application = (content.get(name) for name in BASE)
    if (applicant_id is None) == (application is None):
        raise _wrong_base("applicant_id", "missing" if applicant_id is None else "wrong_type")
    if applicant_id is not None:
        if not isinstance(applicant_id, str):
            raise _wrong_base("applicant_id", "wrong_type")
        return stored_applicant(request, service, applicant_id)
    if not isinstance(application, dict):
        raise _wrong_base("application", "wrong_type")
    return completed_for(request, service, model, parse_record(application)).applicants


def answer_head(base: Applicants, model: Model) -> dict[str, Any]:
    """Whom and which model an answer is about."""
    return {
        "applicant_id": base.ids[0] or None,
        "model": {"version": model.version, "sha256": model.sha256},
        "cutoff": model.cutoff,
    }


def verdict(scores: Verdicts, row: int) -> dict[str, Any]:
    """A score without its reasons."""
    return {
        "probability_of_default": float(scores.default_probabilities[row]),
        "margin": float(scores.margins[row]),
        "decision": scores.decision(row),
        "risk_band": scores.risk_band(row),
    }


def _wrong_base(field: str, cause: str) -> InvalidApplicant:
    allowed = "either applicant_id, the text of a stored one's id, or application, an object"
    return InvalidApplicant([Problem(field, cause, "", allowed)])
