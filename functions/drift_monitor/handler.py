"""The scheduled function: score records in, report and metrics out."""

import os
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.storage import open_store
from credit_scoring.errors import CreditScoringError
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.metrics import Metric

from functions.drift_monitor.monitor import Stores, measure_drift
from functions.drift_monitor.summary import MEASURED, Summary
from functions.drift_monitor.window import read_window

DEFAULT_MINIMUM_ROWS = 200

logger = Logger()
metrics = Metrics()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Summary:  # noqa: ARG001
    """Measure one window and return its summary.

    event : {"date": "YYYY-MM-DD", "window_days": n}, both optional

    Raises CreditScoringError when there is no champion, its bundle is damaged, the storage does not
    answer, or the event asks for days that cannot be: no metric then claims a run.
    """
    started, now = perf_counter(), datetime.now(UTC)
    try:
        today = LenderSettings.of_environment(os.environ).today()
        window = read_window(event, today=today)
        summary = measure_drift(
            _open_stores(), window=window, now=now, minimum_rows=_minimum_rows()
        )
    except CreditScoringError as error:
        logger.error("drift run failed", extra={**error.log_fields, "retryable": error.retryable})
        raise
    if not window.looks_back:
        _send_metrics(summary)
    logger.info(
        "drift run finished",
        status=summary["status"],
        model_version=summary["model"]["version"],
        rows=summary["rows"]["window"],
        seconds=round(perf_counter() - started, 1),
    )
    return summary


def _open_stores() -> Stores:
    models, records, reports = (
        open_store(os.environ[name]) for name in ("MODELS_URL", "RECORDS_URL", "REPORTS_URL")
    )
    return Stores(models=models, records=records, reports=reports)


def _minimum_rows() -> int:
    return int(os.environ.get("MINIMUM_ROWS", DEFAULT_MINIMUM_ROWS))


def _send_metrics(summary: Summary) -> None:
    """Without a verdict, no figure stands in for one: alarms on it then stay as they are."""
    metrics.add_metric(Metric.DRIFT_RUNS, MetricUnit.Count, 1)
    metrics.add_metric(Metric.SCORES_IN_WINDOW, MetricUnit.Count, summary["rows"]["window"])
    if summary["status"] == MEASURED:
        share, pd_drift = summary["features"]["drifted_share"], summary["default_probability"]
        metrics.add_metric(Metric.DRIFTED_FEATURE_SHARE, MetricUnit.NoUnit, share)
        metrics.add_metric(Metric.DEFAULT_PROBABILITY_DRIFT, MetricUnit.NoUnit, pd_drift["score"])
