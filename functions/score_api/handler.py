"""Wiring: what Lambda calls for every request."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.http_calls import time_limit

from functions.score_api.app import make_app
from functions.score_api.http.outcomes import follow, metrics, tracer
from functions.score_api.service import open_service

# Lambda ends a request after 15: so it is answered, with 503, when tables and buckets hang.
SECONDS_OF_CALLS = 11.0

service = open_service(os.environ)
# While the module is imported, so that SnapStart keeps the loaded model in its snapshot.
service.model.load()
app = make_app(service)


@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload format 2.0); never raises for what was sent."""
    with follow(event, context) as outcome, time_limit(SECONDS_OF_CALLS):
        app.context["outcome"] = outcome
        answer = app.resolve(event, context)
        outcome.status = answer["statusCode"]
        return sendable(answer)


def sendable(answer: dict[str, Any]) -> dict[str, Any]:
    """The same answer: text that is not Unicode would end the process, behind the handler."""
    try:
        answer["body"].encode()
    except UnicodeEncodeError:
        return answer | {"body": answer["body"].encode(errors="replace").decode()}
    return answer
