"""Wiring: what Lambda calls for every request but those for operators."""

import gc
import os
from typing import TYPE_CHECKING, Any

# What is imported stays: to look through it for garbage, again and again, takes time for nothing.
gc.disable()

from functions.score_api.app import answer_event, make_app
from functions.score_api.entrance import open_entrance
from functions.score_api.http.outcomes import reported
from functions.score_api.scoring_routes import ROUTES
from functions.score_api.service import open_service

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Lambda ends a request after 15: so it is answered, with 503, when tables and buckets hang.
SECONDS_OF_CALLS = 11.0

service = open_service(os.environ)
# While the module is imported, so that SnapStart keeps the loaded model in its snapshot.
service.model.load()
app = make_app(service, ROUTES, entrance=open_entrance(os.environ))
gc.freeze()  # nor does the first request look through it
gc.enable()


@reported
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer one request of the HTTP API."""
    return answer_event(app, event, context, seconds=SECONDS_OF_CALLS)
