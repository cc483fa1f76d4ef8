"""The scheduled function: score records in; findings, metrics, messages out; a report at last."""

import os
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.clients import client, translated
from credit_scoring.aws.storage import open_store
from credit_scoring.errors import CreditScoringError
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.metrics import Metric
from credit_scoring.registry.champion import read_champion

from functions.drift_monitor.finding import METRICS, PAGE
from functions.drift_monitor.message import body, by_urgency, new_findings, subject
from functions.drift_monitor.monitor import Stores, Verdict, judge_window, note_told, write_report
from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.records.forgetting import forget
from functions.drift_monitor.summary import Summary
from functions.drift_monitor.window import read_pseudonym, read_window

DEFAULT_MINIMUM_ROWS = 200

logger = Logger()
metrics = Metrics()
tracer = Tracer()


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Summary:  # noqa: ARG001
    """Judge one window and return its summary.

    event : {"date": "YYYY-MM-DD", "window_days": n}, both optional; or {"forget": pseudonym}, which
        only takes an applicant out of the records and answers how many scores that were, and how
        much that no table held

    Raises CreditScoringError when there is no champion, its bundle is damaged, the storage does not
    answer, or the event asks for days that cannot be: no metric then claims a run.
    """
    started, now = perf_counter(), datetime.now(UTC)
    stores = _open_stores()
    if "forget" in event:
        gone = forget(stores.records, read_pseudonym(event["forget"]))
        return {"forgotten": gone.scores, "set_aside": gone.set_aside}
    try:
        today = LenderSettings.of_environment(os.environ).today()
        window = read_window(event, today=today)
        compacted = compact(stores.records)
        verdict = judge_window(stores, window=window, now=now, minimum_rows=_minimum_rows())
        champion = read_champion(stores.models)
    except CreditScoringError as error:
        logger.error("drift run failed", extra={**error.log_fields, "retryable": error.retryable})
        raise
    if not window.looks_back:
        _send_metrics(verdict, promoted=datetime.fromisoformat(champion.promoted_at), now=now)
        # Out before Evidently is asked, which may take the whole function with it.
        metrics.flush_metrics()
        _tell_people(verdict)
        # Only now: a run that is repeated since a topic did not answer tells it again.
        verdict = note_told(stores, verdict)
    summary = _write_report(stores, verdict)
    logger.info(
        "drift run finished",
        status=summary["status"],
        model_version=summary["model"]["version"],
        rows=summary["rows"]["window"],
        findings=len(verdict.found),
        objects=compacted.objects,
        damaged=compacted.damaged,
        seconds=round(perf_counter() - started, 1),
    )
    return summary


def _open_stores() -> Stores:
    models, records, reports = (
        open_store(os.environ[name]) for name in ("MODELS_URL", "RECORDS_URL", "REPORTS_URL")
    )
    acknowledged = open_store(os.environ["ACKNOWLEDGED_URL"])
    return Stores(models=models, records=records, reports=reports, acknowledged=acknowledged)


def _minimum_rows() -> int:
    return int(os.environ.get("MINIMUM_ROWS", DEFAULT_MINIMUM_ROWS))


def _send_metrics(verdict: Verdict, *, promoted: datetime, now: datetime) -> None:
    """Without a verdict, no figure stands in for one: alarms on it then stay as they are."""
    counts: dict[Metric, float] = {
        Metric.DRIFT_RUNS: 1,
        Metric.SCORES_IN_WINDOW: verdict.summary["rows"]["window"],
        Metric.DAYS_WITHOUT_VERDICT: _days_without_verdict(verdict, promoted.date()),
        Metric.MODEL_AGE_DAYS: (now - promoted).days,
    }
    if verdict.is_measured:
        told = [finding.kind for finding in verdict.found if finding.calls]
        counts |= {metric: told.count(kind) for kind, metric in METRICS.items()}
        cost = verdict.summary["estimated"]["everywhere"]["cost"]["value"]
        counts |= {Metric.ESTIMATED_COST: cost} if cost is not None else {}
    for metric, value in counts.items():
        metrics.add_metric(metric, MetricUnit.Count, value)


def _days_without_verdict(verdict: Verdict, promoted: date) -> int:
    if verdict.is_measured:
        return 0
    since = max(verdict.run.last_verdict or promoted, promoted)
    return max((verdict.run.window.end - since).days, 0)


def _tell_people(verdict: Verdict) -> None:
    """One message an urgency, of what nobody was told of yet."""
    fresh = new_findings(verdict.found, verdict.summary["told"])
    for urgency, found in by_urgency(fresh).items():
        topic = os.environ.get("PAGE_TOPIC" if urgency == PAGE else "TICKET_TOPIC")
        if not topic:
            continue
        text = body(
            found,
            window=str(verdict.run.window),
            version=verdict.run.version,
            folder=verdict.folder,
        )
        with translated("publish", urgency):
            client("sns").publish(TopicArn=topic, Subject=subject(found), Message=text)


def _write_report(stores: Stores, verdict: Verdict) -> Summary:
    """A report that fails is a ticket, and no reason to say that the run did."""
    if not verdict.is_measured:
        return verdict.summary
    try:
        summary, failed = write_report(stores, verdict), 0
    except Exception as error:  # noqa: BLE001  (whatever Evidently or its packages raise)
        logger.error("drift report failed", extra={"error": type(error).__name__})
        summary, failed = verdict.summary, 1
    if not verdict.run.window.looks_back:
        metrics.add_metric(Metric.REPORT_FAILURES, MetricUnit.Count, failed)
    return summary
