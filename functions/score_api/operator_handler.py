"""Wiring of the routes for operators: another function, another role, no model in memory."""

import os
from typing import TYPE_CHECKING, Any

from functions.score_api.app import answer_event, make_app
from functions.score_api.entrance import open_entrance
from functions.score_api.http.outcomes import reported
from functions.score_api.operating_routes import ROUTES
from functions.score_api.operator_service import open_operator_service

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Lambda and the gateway end a request after 29.
SECONDS_OF_CALLS = 24.0

service = open_operator_service(os.environ)
app = make_app(service, ROUTES, entrance=open_entrance(os.environ))


@reported
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer one request of the HTTP API."""
    return answer_event(app, event, context, seconds=SECONDS_OF_CALLS)
