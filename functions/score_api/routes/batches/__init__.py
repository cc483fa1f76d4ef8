"""The files that came, and what became of each."""

from functions.score_api.access import FILES, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.batches import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "GET /batches",
        Rule(FILES, "batches.read", ("branch", "status", "limit", "cursor")),
        handlers.list_batches,
        deferred(SCHEMA, "list_batches"),
    ),
    Route(
        "GET /batches/{batch+}",
        Rule(FILES, "batches.read"),
        handlers.get_batch,
        deferred(SCHEMA, "get_batch"),
        part=deferred(SCHEMA, "batch"),
    ),
)
