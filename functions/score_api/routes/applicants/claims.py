"""PUT and DELETE /applicants/{id}/claim: who works on an application, so that no two decide it."""

import time

from functions.score_api.answers.search import claim_content
from functions.score_api.answers.stored_applicants import find_profile
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service


def claim_applicant(request: Request, service: Service) -> Response:
    """The claim that stands: the caller's, or that of who was first."""
    profile = find_profile(request, service, request.parts["id"])
    name = request.caller.name
    case = service.cases.claim(profile.branch, profile.applicant_id, name)
    return json_response({"claim": claim_content(case, name, time.time())})


def release_applicant(request: Request, service: Service) -> Response:
    """Whose it is afterwards: nobody's, or as before that of somebody else."""
    profile = find_profile(request, service, request.parts["id"])
    name = request.caller.name
    service.cases.release(profile.branch, profile.applicant_id, name)
    case = service.cases.get(profile.branch, profile.applicant_id)
    return json_response({"claim": claim_content(case, name, time.time())})
