"""POST /predict: score an application that the caller sends."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.applicants import Applicants, parse_record
from credit_scoring.contract import HISTORY
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.features import FeatureSchema
from credit_scoring.storage import ProfileTable

from functions.score_api.bodies import read_json_object
from functions.score_api.scored import answer_score
from functions.score_api.service import Service


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.post("/predict")
    def predict() -> Response[str]:
        record = read_json_object(app.current_event)
        applicants = parse_record(record)
        model = service.model.current().model
        if wants_history(applicants, model.schema):
            applicants = with_history(record, applicants, service.profiles)
        return answer_score(app, service, model, applicants)


def wants_history(applicants: Applicants, schema: FeatureSchema) -> bool:
    """A known applicant sent without any history, to a model that reads it."""
    sent = not HISTORY.keys().isdisjoint(applicants.columns)
    return bool(applicants.ids[0]) and schema.uses_history and not sent


def with_history(
    record: Mapping[str, Any], applicants: Applicants, profiles: ProfileTable
) -> Applicants:
    """The applicant with the history of the profile, if there is one."""
    try:
        profile = profiles.get(applicants.ids[0])
    except ApplicantNotFound:
        return applicants
    # Nothing that was sent is replaced: it holds no history but nulls.
    return parse_record({**record, **profile.history})
