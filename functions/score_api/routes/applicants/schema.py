"""GET /applicants, /applicants/{id} and /applicants/{id}/score."""

from credit_scoring.audit_trail.decision_log import OUTCOMES
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.review import CAUSES
from credit_scoring.stored.batches import BRANCH_PATTERN
from credit_scoring.stored.cases import FINAL, TO_CONFIRM

from functions.score_api.openapi.operations import Content, in_query, operation
from functions.score_api.openapi.shapes import (
    ANYTHING,
    BILINGUAL,
    COUNT,
    FAMILY,
    NEXT_PAGE,
    VERSION,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    probability,
    reference,
    text,
)
from functions.score_api.openapi.what_if import HEAD
from functions.score_api.routes.applicants.listing import FILTERS, FOUND, MOST_FOUND

IDENTITY = {"applicant_id": text(), "branch": text(), "updated_at": text()}
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": FOUND}
AMOUNT: Schema = {"type": "number", "minimum": 0}
NAME: Schema = {"type": "string", "pattern": f"^{BRANCH_PATTERN}$"}
TOLD = (
    "Of the caller's branches, as they were last scored, and by which model. `total` counts all "
    "that fit; `state` asks where they stand: `review` are those left to a person that nobody has "
    "decided. What is missing is sorted last."
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


def rank_unknown() -> Content:
    described = operation("rankUnknown", "What is not known, by its reach", "Unknown", 404, 503)
    return described | {"description": UNKNOWN_TOLD}


def spread_of_models() -> Content:
    described = operation("spreadOfModels", "How sure the probability is", "Spread", 404, 503)
    return described | {"description": SPREAD_TOLD}


def claim_applicant() -> Content:
    described = operation("claimApplicant", "Work on an application", "Claim", 404, 503)
    return described | {"description": CLAIM_TOLD}


def release_applicant() -> Content:
    return operation("releaseApplicant", "Work on it no more", "Claim", 404, 503)


UNKNOWN_TOLD = (
    "Each column that the model reads and nobody has given, with the lowest and highest "
    "probability that usual values of it would lead to (the middle 90 % of the reference data), "
    "alone, everything else as it is. The one that could change most comes first."
)
SPREAD_TOLD = (
    "Models trained on other parts of the same data, looked at together: where they differ, the "
    "data say little. It is no interval of confidence: what has changed since is in none of them."
)
CLAIM_TOLD = (
    "For a quarter of an hour; ask again to go on. Answers the claim that stands: where a "
    "colleague was first it is theirs, and a decision is refused with 409 until it ends."
)
OUTCOME = object_of(
    {
        "value": {"type": ["number", "string", "null"]},
        "probability_of_default": probability(),
        "decision": one_of(VERDICTS),
    }
)
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
CLAIM = object_of(
    {"by": text("Who works on it."), "until": text(), "is_yours": {"type": "boolean"}}
)
DECIDED = object_of(
    {
        "decision": one_of(OUTCOMES),
        "decision_id": text(),
        "by": text(),
        "at": text(),
        "status": one_of((FINAL, TO_CONFIRM)),
    }
)
FOUND_APPLICANT: dict[str, Schema] = {
    **IDENTITY,
    "amount": nullable(number("Credit asked for.")),
    "income": nullable(number()),
    "income_type": nullable(text()),
    "age": nullable(COUNT),
    "missing_scores": COUNT | {"description": "External scores that are not known."},
    "score": object_of(
        {
            "probability_of_default": probability(),
            "decision": one_of(VERDICTS),
            "risk_band": one_of(RISK_BANDS),
            "review": list_of(one_of(CAUSES, "Why a person decides.")),
            "model_version": VERSION,
        }
    ),
    "claim": nullable(CLAIM),
    "decided": nullable(DECIDED) | {"description": "The decision on this application."},
}
UNKNOWN = object_of(
    {
        "feature": text(),
        "family": FAMILY,
        "label": BILINGUAL,
        "unit": text(),
        "best": OUTCOME,
        "worst": OUTCOME,
        "reach": probability("Between the best and the worst probability."),
    }
)
SCHEMAS: dict[str, Schema] = {
    "ApplicantList": object_of(
        {
            "items": list_of(object_of(FOUND_APPLICANT), most=MOST_FOUND),
            "cursor": NEXT_PAGE,
            "total": COUNT,
        }
    ),
    "Profile": object_of(
        {**IDENTITY, "application": ANYTHING, "history": ANYTHING, "columns": list_of(COLUMN)}
    ),
    "Claim": object_of({"claim": nullable(CLAIM)}),
    "Unknown": object_of({**HEAD, "now": reference("Verdict"), "items": list_of(UNKNOWN)}),
    "Spread": object_of(
        {
            **HEAD,
            "probability_of_default": probability(),
            "models": COUNT | {"description": "Trained on other parts of the same data."},
            "lowest": probability("Of those models and the one in use."),
            "highest": probability(),
            "decisions": object_of({"accept": COUNT, "refuse": COUNT})
            | {"description": "What those models would say, by the same cut-off."},
        }
    ),
}
