"""Promote, roll back, approve or withdraw, as the operators' API asks; told in words."""

import hashlib
import os
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.storage import open_store
from credit_scoring.metrics import Metric

from functions.model_promoter.asked import Asked, read_request
from functions.model_promoter.promotion import Done, act
from functions.model_promoter.refusal import Refusal, refusal_of

logger = Logger()
metrics = Metrics()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics
def handler(event: object, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Returns {"outcome": what happened, ...}, or {"error": {"status", "title", "detail"}}.

    event : {"action": "promote" | "roll_back" | "approve" | "withdraw", "by": who, "reason": why,
        "version": which, "over": the version that they saw serving, null for none, "proposal": its
        id, "key": of this intention}; each where the action needs it
    """
    try:
        asked = read_request(event)
        done = act(open_store(os.environ["MODELS_URL"]), asked)
    except Exception as error:  # noqa: BLE001  (whoever waits for the answer is told)
        refusal = refusal_of(error)
        _tell_refusal(error, refusal)
        return {"error": refusal.content}
    _tell(asked, done)
    return done.content


def _tell(asked: Asked, done: Done) -> None:
    """Who as a hash, by which two can be told apart, and no word of why: the history holds both."""
    told = {
        "action": asked.action,
        "outcome": done.outcome,
        "model_version": done.proposal.version,
        "replaced": done.proposal.over,
        "proposal": done.proposal.id,
        "caller": hashlib.sha256(asked.by.encode()).hexdigest()[:12],
    }
    logger.info("promotion", extra=told)
    metrics.add_metric(Metric.PROMOTIONS, MetricUnit.Count, int(done.moved))


def _tell_refusal(error: Exception, refusal: Refusal) -> None:
    told = {"error": type(error).__name__, "status": refusal.status}
    if refusal.status >= 500:
        logger.error("promotion failed", extra=told)
        metrics.add_metric(Metric.ERRORS, MetricUnit.Count, 1)
    else:
        logger.info("promotion refused", extra=told)
        metrics.add_metric(Metric.PROMOTIONS, MetricUnit.Count, 0)
