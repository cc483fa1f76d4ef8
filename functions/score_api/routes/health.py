"""GET /health: what is well and what is not, for anybody; nothing of an applicant."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.errors import ApplicantNotFound, CreditScoringError
from credit_scoring.profiles import ProfileTable

from functions.score_api.outcomes import describe
from functions.score_api.responses import json_response
from functions.score_api.service import Service
from functions.score_api.serving_model import ServingModel

OK = "ok"
# Nobody's id: a question that an existing, readable table answers with "not found".
NOBODY = "health-check"


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.get("/health")
    def get_health() -> Response[str]:
        version, model = _check_model(service.model)
        parts = {"model": model, "profiles": _check_profiles(service.profiles)}
        fine = set(parts.values()) == {OK}
        content = {"status": OK if fine else "failing", "model_version": version, "parts": parts}
        return json_response(content, status=200 if fine else 503)


def _check_model(serving: ServingModel) -> tuple[str | None, str]:
    """The version in use, and whether it is the champion."""
    try:
        version = serving.current().model.version
    except CreditScoringError as error:
        return None, _name(error)
    return version, _name(serving.failure) if serving.failure else OK


def _check_profiles(profiles: ProfileTable) -> str:
    try:
        profiles.get(NOBODY)
    except ApplicantNotFound:
        pass
    except CreditScoringError as error:
        return _name(error)
    return OK


def _name(error: CreditScoringError) -> str:
    return str(describe(error)["error"])
