"""The applicants that a branch uploaded: found, read, scored."""

from functions.score_api.access import ADVISOR, COUNTER, READS_APPLICANTS, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.applicants import handlers

SCHEMA = f"{__name__}.schema"
CLAIMS = Rule(frozenset({ADVISOR}), "decisions.write")
APPLICANT = deferred("functions.score_api.openapi.operations", "applicant_id")

ROUTES = (
    Route(
        "GET /applicants",
        Rule(
            COUNTER,
            "applicants.read",
            (
                "query",
                "branch",
                "state",
                "decision",
                "risk_band",
                "income_type",
                "age_band",
                "amount_min",
                "amount_max",
                "missing_scores",
                "sort",
                "order",
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
        part=APPLICANT,
    ),
    Route(
        "GET /applicants/{id}/score",
        READS_APPLICANTS,
        handlers.score_applicant,
        deferred(SCHEMA, "score_applicant"),
        part=APPLICANT,
    ),
    Route(
        "GET /applicants/{id}/unknown",
        READS_APPLICANTS,
        deferred(f"{__name__}.unknown", "rank_unknown_columns"),
        deferred(SCHEMA, "rank_unknown"),
        part=APPLICANT,
    ),
    Route(
        "GET /applicants/{id}/spread",
        READS_APPLICANTS,
        deferred(f"{__name__}.spread", "spread_of_models"),
        deferred(SCHEMA, "spread_of_models"),
        part=APPLICANT,
    ),
    Route(
        "GET /applicants/{id}/places",
        READS_APPLICANTS,
        deferred("functions.score_api.routes.population.handlers", "get_places"),
        deferred("functions.score_api.routes.population.schema", "get_places"),
        part=APPLICANT,
    ),
    Route(
        "PUT /applicants/{id}/claim",
        CLAIMS,
        deferred(f"{__name__}.claims", "claim_applicant"),
        deferred(SCHEMA, "claim_applicant"),
        part=APPLICANT,
    ),
    Route(
        "DELETE /applicants/{id}/claim",
        CLAIMS,
        deferred(f"{__name__}.claims", "release_applicant"),
        deferred(SCHEMA, "release_applicant"),
        part=APPLICANT,
    ),
    Route(
        "GET /applicants/{id}/decisions",
        READS_APPLICANTS,
        deferred("functions.score_api.routes.decisions.handlers", "list_decisions"),
        deferred("functions.score_api.routes.decisions.schema", "list_decisions"),
        part=APPLICANT,
    ),
)
