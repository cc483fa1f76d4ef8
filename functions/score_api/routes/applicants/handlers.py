"""GET /applicants/{id} and /applicants/{id}/score: one of those whom a branch uploaded."""

from typing import Any

from credit_scoring.contract.columns import INPUTS, Column
from credit_scoring.stored.profiles import Profile
from credit_scoring.stored.score_records import Purpose

from functions.score_api.answers.completing import of_profile
from functions.score_api.answers.scored import answer_score
from functions.score_api.answers.stored_applicants import find_profile
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service


def get_applicant(request: Request, service: Service) -> Response:
    return json_response(profile_content(find_profile(request, service, request.parts["id"])))


def score_applicant(request: Request, service: Service) -> Response:
    model = service.model.current().model
    profile = find_profile(request, service, request.parts["id"])
    completed = of_profile(profile, model)
    return answer_score(request, service, model, completed, purpose=Purpose.VIEW)


def profile_content(profile: Profile) -> dict[str, Any]:
    """What is stored, and how to read each of its values."""
    # All of them: what is not given matters to the reader, too.
    columns = [_column(column) for column in INPUTS.values()]
    return {
        **_identity(profile),
        "application": profile.record,
        "history": dict(profile.history),
        "columns": columns,
    }


def _identity(profile: Profile) -> dict[str, str]:
    return {
        "applicant_id": profile.applicant_id,
        "branch": profile.branch,
        "updated_at": profile.updated_at,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.label,
        "family": column.family,
        "unit": column.unit,
        "type": column.type,
        "source": column.source,
    }
