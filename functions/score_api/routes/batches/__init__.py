"""The files that came, and what became of each."""

from functions.score_api.access import FILES, Rule
from functions.score_api.route import Route, deferred

SCHEMA = f"{__name__}.schema"
HANDLERS = f"{__name__}.handlers"
FILTERS = ("branch", "status", "name", "since", "before", "open", "limit", "cursor")

ROUTES = (
    Route(
        "GET /batches",
        Rule(FILES, "batches.read", FILTERS),
        deferred(HANDLERS, "list_batches"),
        deferred(SCHEMA, "list_batches"),
    ),
    Route(
        "GET /batches/{batch+}",
        Rule(FILES, "batches.read"),
        deferred(HANDLERS, "get_batch"),
        deferred(SCHEMA, "get_batch"),
        part=deferred(SCHEMA, "batch"),
    ),
)
