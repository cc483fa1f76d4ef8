"""GET / and /docs: what this is and where to go on; open, for nothing of an applicant is in it."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.score_api.http.responses import HEADERS, json_response
from functions.score_api.service import Service

VERSION = "1.0.0"
# A file of the page's origin: it shows the document without a script of the API's own.
DOCS_PAGE = "/api-docs.html"
LINKS = {"description": "/api/openapi.json", "docs": "/api/docs", "health": "/api/health"}


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:  # noqa: ARG001
    @app.get("/")
    def get_root() -> Response[str]:
        return json_response({"name": "Credit scoring", "version": VERSION, "links": LINKS})

    @app.get("/docs")
    def get_docs() -> Response[str]:
        return Response(HTTPStatus.FOUND, "text/plain", "", {**HEADERS, "Location": DOCS_PAGE})
