"""GET /openapi.json: this API for other programs; nothing of an applicant, so it is open."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.score_api.http.responses import json_response
from functions.score_api.service import Service


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:  # noqa: ARG001
    @app.get("/openapi.json")
    def describe_api() -> Response[str]:
        # Many small modules that no score needs.
        from functions.score_api.openapi.document import make_document  # noqa: PLC0415

        return json_response(make_document())
