"""A file lands in the uploads bucket: every line comes back, scored or rejected."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.http_calls import time_limit
from credit_scoring.errors import CreditScoringError
from credit_scoring.metrics import Metric
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.stored.score_records import CANARY

from functions.batch_scorer.batch_resources import BatchResources, open_resources
from functions.batch_scorer.finish import finish
from functions.batch_scorer.plan import read_plan
from functions.batch_scorer.run import score_upload
from functions.batch_scorer.score_chunk import score_chunk
from functions.batch_scorer.upload import read_uploads

# All that a log line may say of a batch; never a file's name, never a row.
LOGGED = ("status", "rows", "scored", "rejected")
# Storage that is busy is waited for until this long before the end; a call may take some seconds.
SECONDS_TO_END, FEWEST_SECONDS = 15.0, 30.0

logger = Logger()
metrics = Metrics()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Score every object that an S3 notification names, or do one step of a big file.

    A step is {"step": "score_chunk", "digest": ..., "chunk": 7} or {"step": "finish", ...}.
    Raises CreditScoringError when storage or model fails or time is out: the event is then retried
    and goes on where it ended, and is kept in the dead-letter queue after the last try. A file that
    cannot be read is not an error of ours: its manifest says what is wrong with it.
    """
    resources = open_resources(os.environ)
    left = context.get_remaining_time_in_millis() / 1000 - SECONDS_TO_END
    try:
        with time_limit(max(FEWEST_SECONDS, left)):
            if "step" in event:
                _do_step(event, resources)
            elif "Records" in event:
                _receive(event, resources, context)
    except CreditScoringError as error:
        fields = error.log_fields | {"retryable": error.retryable}
        logger.error("batch not finished", extra=fields)
        raise


def _receive(event: dict[str, Any], resources: BatchResources, context: LambdaContext) -> None:
    for upload in read_uploads(event):
        metrics.add_metric(Metric.RECEIVED_EVENTS, MetricUnit.Count, 1)
        if upload is None:
            # Nobody's file has nobody to send a receipt to.
            logger.warning("object outside of a branch")
            metrics.add_metric(Metric.STRAY_OBJECTS, MetricUnit.Count, 1)
            continue
        manifest = score_upload(upload, resources, context.get_remaining_time_in_millis)
        if manifest is not None:
            _tell(manifest)


def _do_step(event: Mapping[str, Any], resources: BatchResources) -> None:
    plan = read_plan(resources.work, event["digest"])
    if event["step"] == "finish":
        _tell(finish(plan, resources))
        return
    try:
        score_chunk(plan, event["chunk"], resources)
    except FileRefused:  # the upload was deleted; finishing will tell
        logger.info("file gone")
    metrics.add_metric(Metric.CHUNKS, MetricUnit.Count, 1)


def _tell(manifest: dict[str, Any]) -> None:
    seconds = manifest["durations"]["total"]
    logger.info(
        "batch ended",
        **{name: manifest[name] for name in LOGGED},
        seconds=seconds,
        model_version=manifest["model"]["version"],
    )
    if manifest["branch"] == CANARY:  # it counts for nobody's traffic
        return
    failed = manifest["status"] == "failed"
    metrics.add_metric(Metric.BATCHES, MetricUnit.Count, 1)
    metrics.add_metric(Metric.FAILED_BATCHES, MetricUnit.Count, int(failed))
    metrics.add_metric(Metric.SCORED_ROWS, MetricUnit.Count, manifest["scored"])
    metrics.add_metric(Metric.REJECTED_ROWS, MetricUnit.Count, manifest["rejected"])
    metrics.add_metric(Metric.BATCH_SECONDS, MetricUnit.Seconds, seconds)
