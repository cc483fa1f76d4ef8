"""A file lands in the uploads bucket: every line comes back, scored or rejected."""

import os
import time
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.artifact import Champion, load_model, read_champion
from credit_scoring.errors import CreditScoringError, DatasetError, ObjectNotFound
from credit_scoring.profiles import ProfileTable
from credit_scoring.scoring import Model
from credit_scoring.storage import S3Store, open_store

from functions.batch_scorer.batch import Batch
from functions.batch_scorer.manifest import failed_manifest, finished_manifest
from functions.batch_scorer.old_reading import read_table
from functions.batch_scorer.upload import Upload, read_uploads

logger = Logger()
metrics = Metrics()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """Score every object that an S3 notification names.

    Raises CreditScoringError when storage or model fails: the event is then retried, and kept in
    the dead-letter queue after the last try. A file that cannot be read is not an error of ours:
    its manifest says what is wrong with it.
    """
    for upload in read_uploads(event):
        started = time.monotonic()
        try:
            manifest = score_upload(upload, started)
        except CreditScoringError as error:
            fields = error.log_fields | {"retryable": error.retryable}
            logger.error("batch not finished", extra=fields)
            raise
        _tell(manifest)


def score_upload(upload: Upload, started: float) -> dict[str, Any]:
    """Write the results of one upload, the manifest last; returns the manifest."""
    results = open_store(os.environ["RESULTS_URL"])
    model = champion_model()
    batch = Batch(
        upload,
        model,
        results=results,
        records=open_store(os.environ["RECORDS_URL"]),
        profiles=ProfileTable(os.environ["PROFILES_TABLE"]),
    )
    try:
        upload.check_size()
        batch.score(read_table(_read(upload)))
        batch.write()
        manifest = finished_manifest(batch, seconds=time.monotonic() - started)
    except DatasetError as error:
        manifest = failed_manifest(batch, str(error), seconds=time.monotonic() - started)
    batch.write_manifest(manifest)
    return manifest


def _read(upload: Upload) -> bytes:
    """Raises DatasetError when the file is gone; an error with its key would name it in the log."""
    try:
        return S3Store(upload.bucket, "").read_version(upload.key, upload.version_id)[0]
    except ObjectNotFound:
        raise DatasetError("the file was deleted before it was scored: upload it again") from None


def champion_model() -> Model:
    """The serving model: one for the whole file, whatever is promoted meanwhile."""
    return _load(read_champion(open_store(os.environ["MODELS_URL"])))


@lru_cache(maxsize=1)
def _load(champion: Champion) -> Model:
    models = open_store(os.environ["MODELS_URL"])
    return load_model(models, champion.version, sha256=champion.sha256)


def _tell(manifest: dict[str, Any]) -> None:
    failed = manifest["status"] == "failed"
    logger.info(
        "batch ended",
        status=manifest["status"],
        rows=manifest["rows"],
        scored=manifest["scored"],
        rejected=manifest["rejected"],
        seconds=manifest["seconds"],
        model_version=manifest["model"]["version"],
    )
    metrics.add_metric("Batches", MetricUnit.Count, 1)
    metrics.add_metric("FailedBatches", MetricUnit.Count, int(failed))
    metrics.add_metric("ScoredRows", MetricUnit.Count, manifest["scored"])
    metrics.add_metric("RejectedRows", MetricUnit.Count, manifest["rejected"])
