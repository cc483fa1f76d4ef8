"""How similar accepted files were repaid."""

from functions.score_api.access import READS_APPLICANTS
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"

ROUTES = (
    Route(
        "GET /applicants/{id}/peers",
        READS_APPLICANTS,
        deferred(HANDLERS, "get_peers"),
        deferred(SCHEMA, "get_peers"),
        part=deferred("functions.score_api.openapi.operations", "applicant_id"),
    ),
)
