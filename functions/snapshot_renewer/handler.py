"""After a promotion: a version of the scoring function whose snapshot holds the new champion."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.registry.champion import read_champion

from functions.snapshot_renewer.renewal import renew

# What is left for the last calls, and for a sentence in the log.
SECONDS_TO_END = 20.0

logger = Logger()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, str]:
    """Answer S3's "Object Created" of the champion pointer. Returns {"version": the new one}.

    A pointer that nobody follows, damaged or without a seal, renews nothing: a version that starts
    with it would have no model, while the one that serves keeps its own.

    Raises RenewalFailed and what AWS says: Lambda tries again twice, then an alarm tells. What
    scores loads the champion by itself meanwhile, only at every start instead of once.
    """
    try:
        read_champion(open_store(os.environ["MODELS_URL"]))
    except ArtifactMismatch as error:
        logger.warning("snapshot not renewed", extra={"reason": str(error)})
        return {}
    tag = str(event["detail"]["object"]["etag"])
    seconds = context.get_remaining_time_in_millis() / 1000 - SECONDS_TO_END
    function, alias = os.environ["SCORING_FUNCTION"], os.environ["SCORING_ALIAS"]
    version = renew(client("lambda"), function=function, alias=alias, tag=tag, seconds=seconds)
    logger.info("snapshot renewed", extra={"version": version})
    return {"version": version}
