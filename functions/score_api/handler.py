"""Wiring: what Lambda calls for every request but those for operators."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.score_api.app import answer_event, make_app
from functions.score_api.entrance import open_entrance
from functions.score_api.http.outcomes import metrics, tracer
from functions.score_api.scoring_routes import ROUTES
from functions.score_api.service import open_service

# Lambda ends a request after 15: so it is answered, with 503, when tables and buckets hang.
SECONDS_OF_CALLS = 11.0

service = open_service(os.environ)
# While the module is imported, so that SnapStart keeps the loaded model in its snapshot.
service.model.load()
app = make_app(service, ROUTES, entrance=open_entrance(os.environ))


@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of the HTTP API."""
    return answer_event(app, event, context, seconds=SECONDS_OF_CALLS)
