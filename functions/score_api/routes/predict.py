"""POST /predict: score an application that the caller sends."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.applicants import Applicants, parse_record
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.profiles import ProfileTable

from functions.score_api.bodies import read_json_object
from functions.score_api.scored import answer_score
from functions.score_api.service import Service


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.post("/predict")
    def predict() -> Response[str]:
        record = read_json_object(app.current_event)
        applicants = parse_record(record)
        model = service.model.current().model
        if model.schema.uses_history:
            applicants = complete(applicants, service.profiles)
        return answer_score(app, service, model, applicants)


def complete(applicants: Applicants, profiles: ProfileTable) -> Applicants:
    """The applicant with the history of the profile, by the rule that files follow."""
    if applicants.brings_history or not applicants.ids[0]:
        return applicants
    try:
        profile = profiles.get(applicants.ids[0])
    except ApplicantNotFound:
        return applicants
    return applicants.with_history({profile.applicant_id: profile.history})
