"""Stored applicants, for those who may read them."""

from http import HTTPStatus
from urllib.parse import unquote

from credit_scoring.contract.applicants import Applicants, is_id
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.stored.profiles import Profile

from functions.score_api.access import READS_APPLICANTS
from functions.score_api.http.problems import RequestRefused
from functions.score_api.request import Request
from functions.score_api.service import Service


def find_profile(request: Request, service: Service, segment: str) -> Profile:
    """The applicant of a path. Raises ApplicantNotFound, also for one of another branch."""
    applicant_id = unquote(segment)
    if not is_id(applicant_id):
        raise ApplicantNotFound(applicant_id)
    profile = service.profiles.get(applicant_id)
    if not request.caller.sees(profile.branch):
        raise ApplicantNotFound(applicant_id)
    return profile


def stored_applicant(request: Request, service: Service, applicant_id: str) -> Applicants:
    """Raises RequestRefused (403) for a role that reads no applicants, or ApplicantNotFound."""
    if not request.caller.may(READS_APPLICANTS):
        raise RequestRefused(
            HTTPStatus.FORBIDDEN,
            "Your account may not read stored applicants: send the application instead.",
        )
    return find_profile(request, service, applicant_id).parse()
