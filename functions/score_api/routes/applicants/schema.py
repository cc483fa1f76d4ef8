"""GET /applicants, /applicants/{id} and /applicants/{id}/score."""

from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.stored.batches import BRANCH_PATTERN

from functions.score_api.openapi.operations import Content, in_query, operation
from functions.score_api.openapi.shapes import (
    ANYTHING,
    BILINGUAL,
    COUNT,
    FAMILY,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    page_of,
    probability,
    text,
)
from functions.score_api.routes.applicants.listing import FILTERS, FOUND, MOST_FOUND

IDENTITY = {"applicant_id": text(), "branch": text(), "updated_at": text()}
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": FOUND}
AMOUNT: Schema = {"type": "number", "minimum": 0}
NAME: Schema = {"type": "string", "pattern": f"^{BRANCH_PATTERN}$"}
TOLD = (
    "Of the caller's branches, by branch and id, as they score now. A page may hold fewer than "
    "`limit` although more follow: only a cursor of null is the end. Who sees every branch names "
    "one, or gives a whole id as `query`."
)


def find_applicants() -> Content:
    filters = [in_query(name, "Only those.", one_of(words)) for name, words in FILTERS.items()]
    parameters = [
        in_query("query", "Beginning of an id.", text() | {"maxLength": 512}),
        in_query("branch", "Of this branch only.", NAME),
        *filters,
        in_query("amount_min", "Credit asked for, at least.", AMOUNT),
        in_query("amount_max", "Credit asked for, at most.", AMOUNT),
        in_query("limit", "At most so many.", LIMIT),
        in_query("cursor", "`cursor` of the page before.", {"type": "string", "maxLength": 512}),
    ]
    described = operation("findApplicants", "Find applicants", "ApplicantList", 400, 404, 503)
    return described | {"description": TOLD, "parameters": parameters}


def get_applicant() -> Content:
    return operation("getApplicant", "What is stored", "Profile", 404, 503)


def score_applicant() -> Content:
    return operation("scoreApplicant", "Score a stored one", "Score", 404, 422, 503)


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
FOUND_APPLICANT: dict[str, Schema] = {
    **IDENTITY,
    "amount": nullable(number("Credit asked for.")),
    "income_type": nullable(text()),
    "age": nullable(COUNT),
    "score": nullable(
        object_of(
            {
                "probability_of_default": probability(),
                "decision": one_of(VERDICTS),
                "risk_band": one_of(RISK_BANDS),
            }
        )
    )
    | {"description": "By the model in use; null: what is stored cannot be scored."},
}
SCHEMAS: dict[str, Schema] = {
    "ApplicantList": page_of(object_of(FOUND_APPLICANT)),
    "Profile": object_of(
        {**IDENTITY, "application": ANYTHING, "history": ANYTHING, "columns": list_of(COLUMN)}
    ),
}
