"""POST /predict: score an application that the caller sends."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.applicants import Applicants, parse_record
from credit_scoring.errors import ApplicantNotFound

from functions.score_api.access import caller
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
            applicants = complete(app, service, applicants)
        return answer_score(app, service, model, applicants)


def complete(app: APIGatewayHttpResolver, service: Service, applicants: Applicants) -> Applicants:
    """The applicant with the history of the profile, by the rule that files follow.

    Another branch's profile stays as closed as an unknown one. A history that no branch has sent
    an application for yet is nobody's: it is what a new application is completed with.
    """
    if applicants.brings_history or not applicants.ids[0]:
        return applicants
    try:
        profile = service.profiles.get(applicants.ids[0])
    except ApplicantNotFound:
        return applicants
    if profile.branch and not caller(app).sees(profile.branch):
        return applicants
    return applicants.with_history({profile.applicant_id: profile.history})
