"""GET /applicants, /applicants/{id} and /applicants/{id}/score."""

from functions.score_api.descriptions.operations import APPLICANT_ID, Content, in_query, operation
from functions.score_api.descriptions.shapes import (
    ANYTHING,
    BILINGUAL,
    FAMILY,
    Schema,
    list_of,
    object_of,
    page_of,
    text,
)

IDENTITY = {"applicant_id": text(), "branch": text(), "updated_at": text()}


def _find() -> Content:
    query = in_query("query", "Beginning of an id; the first 20 applicants are found.", text())
    described = operation("findApplicants", "Find applicants", "ApplicantList", 503)
    return described | {"parameters": [query]}


PATHS: Content = {
    "/applicants": {"get": _find()},
    "/applicants/{id}": {
        "parameters": [APPLICANT_ID],
        "get": operation("getApplicant", "What is stored", "Profile", 404, 503),
    },
    "/applicants/{id}/score": {
        "parameters": [APPLICANT_ID],
        "get": operation("scoreApplicant", "Score a stored one", "Score", 404, 422, 503),
    },
}
COLUMN = object_of(
    {
        "name": text(),
        "label": BILINGUAL,
        "family": FAMILY,
        "unit": text(),
        "type": text(),
        "source": text(),
    }
)
SCHEMAS: dict[str, Schema] = {
    "ApplicantList": page_of(object_of(IDENTITY)),
    "Profile": object_of(
        {**IDENTITY, "application": ANYTHING, "history": ANYTHING, "columns": list_of(COLUMN)}
    ),
}
