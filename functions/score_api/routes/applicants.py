"""GET /applicants, /applicants/{id} and /applicants/{id}/score: those whom a branch uploaded."""

from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.applicants import ID_PATTERN, parse_record
from credit_scoring.contract import INPUTS, Column
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.profiles import Profile

from functions.score_api.access import caller
from functions.score_api.responses import json_response
from functions.score_api.scored import answer_score
from functions.score_api.service import Service

MOST_FOUND = 20


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.get("/applicants")
    def find_applicants() -> Response[str]:
        query = (app.current_event.query_string_parameters or {}).get("query", "").strip()
        found = _search(service, query)
        items = [_identity(profile) for profile in found]
        return json_response({"items": items, "cursor": None})

    @app.get("/applicants/<applicant_id>")
    def get_applicant(applicant_id: str) -> Response[str]:
        return json_response(profile_content(find_profile(app, service, applicant_id)))

    @app.get("/applicants/<applicant_id>/score")
    def score_applicant(applicant_id: str) -> Response[str]:
        model = service.model.current().model
        profile = find_profile(app, service, applicant_id)
        return answer_score(app, service, model, parse_record(profile.record))


def profile_content(profile: Profile) -> dict[str, Any]:
    """What is stored, and how to read each of its values."""
    # All of them: what is not given matters to the reader, too.
    columns = [_column(column) for column in INPUTS.values()]
    application, history = profile.application, profile.history
    return {
        **_identity(profile), "application": application, "history": history, "columns": columns,
    }  # fmt: skip


def _search(service: Service, query: str) -> list[Profile]:
    """Nobody, when no id can begin like that."""
    if query and not ID_PATTERN.fullmatch(query):
        return []
    return service.profiles.search(query, limit=MOST_FOUND)


def find_profile(app: APIGatewayHttpResolver, service: Service, segment: str) -> Profile:
    """The applicant of a path. Raises ApplicantNotFound, also for one of another branch."""
    applicant_id = unquote(segment)
    if not ID_PATTERN.fullmatch(applicant_id):
        raise ApplicantNotFound(applicant_id)
    profile = service.profiles.get(applicant_id)
    if not caller(app).sees(profile.branch):
        raise ApplicantNotFound(applicant_id)
    return profile


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
