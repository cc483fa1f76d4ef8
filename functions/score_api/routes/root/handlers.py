"""GET / and /docs: what this is and where to go on; nothing of an applicant is in it."""

from http import HTTPStatus

from credit_scoring import __version__

from functions.score_api.http.responses import HEADERS, Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

# A file of the page's origin: it shows the document without a script of the API's own.
DOCS_PAGE = "/api-docs.html"
LINKS = {"description": "/api/openapi.json", "docs": "/api/docs", "health": "/api/health"}


def get_root(_: Request, __: Service) -> Response:
    return json_response({"name": "Credit scoring", "version": __version__, "links": LINKS})


def get_docs(_: Request, __: Service) -> Response:
    return Response(HTTPStatus.FOUND, "text/plain", "", {**HEADERS, "Location": DOCS_PAGE})
