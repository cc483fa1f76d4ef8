"""Every hour: golden dossiers through the API and as a file; are their PDs still the same?"""

import os
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.metrics import Metric

from functions.canary.check import check
from functions.canary.file_check import SECONDS_FOR_A_FILE
from functions.canary.places import open_places

logger = Logger()
metrics = Metrics()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Returns what was wrong, in sentences; an empty list is a quiet hour.

    event : {"file_seconds": 5} waits only so long for the file's result, where somebody waits
    """
    patience = float(event.get("file_seconds", SECONDS_FOR_A_FILE))
    findings = check(open_places(os.environ), patience=patience)
    told = [str(problem) for problem in findings.problems]
    if findings.failures:
        logger.error("canary failed", extra={"problems": told})
    elif told:
        logger.warning("canary inconclusive", extra={"problems": told})
    else:
        logger.info("canary answered", extra={"seconds": findings.seconds})
    for name, value in findings.measurements().items():
        unit = MetricUnit.Seconds if name is Metric.CANARY_SECONDS else MetricUnit.Count
        metrics.add_metric(name, unit, value)
    return {"problems": told, "seconds": findings.seconds, "hours": findings.hours}
