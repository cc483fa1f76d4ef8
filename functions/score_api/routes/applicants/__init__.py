"""The applicants that a branch uploaded: found, read, scored."""

from functions.score_api.access import COUNTER, READS_APPLICANTS, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.applicants import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /applicants",
        Rule(
            COUNTER,
            "applicants.read",
            (
                "query",
                "branch",
                "decision",
                "risk_band",
                "income_type",
                "age_band",
                "amount_min",
                "amount_max",
                "limit",
                "cursor",
            ),
        ),
        deferred(f"{__name__}.listing", "find_applicants"),
        deferred(SCHEMA, "find_applicants"),
    ),
    Route(
        "GET /applicants/{id}",
        READS_APPLICANTS,
        handlers.get_applicant,
        deferred(SCHEMA, "get_applicant"),
        part=deferred("functions.score_api.openapi.operations", "applicant_id"),
    ),
    Route(
        "GET /applicants/{id}/score",
        READS_APPLICANTS,
        handlers.score_applicant,
        deferred(SCHEMA, "score_applicant"),
        part=deferred("functions.score_api.openapi.operations", "applicant_id"),
    ),
)
