"""All routes and the one place where errors become answers."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from functions.score_api.access import guard
from functions.score_api.http import problems
from functions.score_api.http.outcomes import Outcome
from functions.score_api.routes import (
    applicants,
    batches,
    decisions,
    description,
    drift,
    health,
    model,
    model_features,
    predict,
    predict_batch,
    root,
    uploads,
    what_if,
)
from functions.score_api.service import Service

# The page, the API and CloudFront share one address: there the API is what begins with /api.
PREFIX = "/api"


def make_app(service: Service) -> APIGatewayHttpResolver:
    """Each request's `outcome` must be in the resolver's context."""
    app = APIGatewayHttpResolver(strip_prefixes=[PREFIX])
    app.use(middlewares=[guard])
    for module in (
        root,
        health,
        description,
        model,
        model_features,
        predict,
        predict_batch,
        applicants,
        uploads,
        batches,
        decisions,
        drift,
        what_if,
    ):
        module.add_routes(app, service)
    _translate_errors(app)
    return app


def _translate_errors(app: APIGatewayHttpResolver) -> None:
    def answer(error: Exception) -> Response[str]:
        outcome: Outcome = app.context["outcome"]
        outcome.note(**problems.log_fields(error))
        return problems.answer(error, request_id=outcome.request_id)

    def answer_unknown_route(_: NotFoundError) -> Response[str]:
        return answer(problems.unknown_route(allowed_methods(app)))

    app.exception_handler(Exception)(answer)
    app.not_found(answer_unknown_route)


def allowed_methods(app: APIGatewayHttpResolver) -> list[str]:
    """The methods that this path does answer to."""
    routes = app._static_routes + app._dynamic_routes
    path = app.context["_path"]
    return sorted({route.method for route in routes if route.rule.match(path)})
