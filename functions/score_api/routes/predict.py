"""POST /predict and /predict/explain: score an application that the caller sends."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import FEATURES, ID, INPUTS
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.reasons.row_reasons import FAMILIES
from credit_scoring.scoring import Model, Scores

from functions.score_api.access import caller
from functions.score_api.answers.scored import answer_score
from functions.score_api.http.bodies import read_json_object
from functions.score_api.service import Service


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.post("/predict")
    def predict() -> Response[str]:
        sent, model = _read(app), service.model.current().model
        return answer_score(app, service, model, _completed(app, service, model, sent))

    @app.post("/predict/explain")
    def explain() -> Response[str]:
        sent, model = _read(app), service.model.current().model
        applicants = _completed(app, service, model, sent)
        # Another object only where the profile had something to add.
        told = {"history": "profile" if applicants is not sent else _history(sent)}
        return answer_score(
            app, service, model, applicants, also=lambda *score: {**explanation(*score), **told}
        )


def explanation(applicants: Applicants, scores: Scores) -> dict[str, Any]:
    """What the only score rests on: each family's share, and what was not given."""
    shares: dict[str, float] = dict.fromkeys(FAMILIES, 0.0)
    for name, share in zip(scores.model.schema.names, scores.contributions[0], strict=True):
        shares[FEATURES[name].family] += float(share)
    ordered = sorted(shares.items(), key=lambda item: -abs(item[1]))
    given = applicants.record(0)
    return {
        "families": [{"family": family, "contribution": share} for family, share in ordered],
        "missing": [name for name in INPUTS if name not in given and name != ID],
    }


def _read(app: APIGatewayHttpResolver) -> Applicants:
    return parse_record(read_json_object(app.current_event))


def _completed(
    app: APIGatewayHttpResolver, service: Service, model: Model, applicants: Applicants
) -> Applicants:
    return complete(app, service, applicants) if model.schema.uses_history else applicants


def _history(sent: Applicants) -> str:
    return "request" if sent.brings_history else "none"


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
