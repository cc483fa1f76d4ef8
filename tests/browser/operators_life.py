"""What operators find: alarms of which one rings, traffic, runs with a finding, work given up."""

import json
import time
from datetime import UTC, datetime, timedelta

from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.metrics import BATCH_SCORER, NAMESPACE, SCORE_API, Metric

from tests import alarm_history
from tests.functions.score_api.conftest import ENVIRONMENT

RINGS, QUIET = "MissingColumns", "ApiDown"
BROKEN, COLUMN = "nantes-03", "EXT_SOURCE_2"
RUNBOOK = "https://example.org/docs/operations.md"
RUNS = 5
REPORT = b"<!doctype html><title>r</title><script>document.title = 'ran'</script><h1>Report</h1>"


def live() -> dict[str, str]:
    """Make all of it; returns the environment that the operators' function finds it by."""
    alarm_history.install()
    _put_alarms()
    _put_traffic()
    for days in range(RUNS):
        _write_run(datetime.now(UTC) - timedelta(days=days), finds=days < 3)
    queues = {
        name: client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("failed", "runs")
    }
    give_up(queues["failed"])
    machine = client("stepfunctions").create_state_machine(
        name="big-files", definition="{}", roleArn="arn:aws:iam::123456789012:role/states"
    )
    return {
        "FAILED_BATCHES_QUEUE": queues["failed"],
        "FAILED_DRIFT_RUNS_QUEUE": queues["runs"],
        "BIG_FILES": machine["stateMachineArn"],
    }


def give_up(queue: str) -> None:
    event = {"Records": [{"s3": {"object": {"key": "uploads/paris-01/week.csv"}}}]}
    body = {"requestPayload": event, "responsePayload": {"errorType": "StorageUnavailable"}}
    client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(body))


def _put_alarms() -> None:
    cloudwatch = client("cloudwatch")
    for name, topic in ((RINGS, ENVIRONMENT["PAGE_TOPIC"]), (QUIET, "ticket")):
        cloudwatch.put_metric_alarm(
            AlarmName=f"{ENVIRONMENT['ALARM_PREFIX']}{name}",
            AlarmDescription=f"A column comes empty. {RUNBOOK}#{name.lower()}",
            MetricName=name, Namespace=NAMESPACE, Statistic="Maximum", Period=86_400,
            EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[topic],
        )  # fmt: skip
    for state in ("OK", "ALARM"):
        cloudwatch.set_alarm_state(
            AlarmName=f"{ENVIRONMENT['ALARM_PREFIX']}{RINGS}", StateValue=state, StateReason="x"
        )


def _put_traffic() -> None:
    now = time.time()
    counts = (
        (SCORE_API, Metric.SCORES, 40),
        (SCORE_API, Metric.REFUSALS, 6),
        (SCORE_API, Metric.REVIEWS, 4),
        (BATCH_SCORER, Metric.SCORED_ROWS, 5000),
        (BATCH_SCORER, Metric.REJECTED_ROWS, 12),
    )
    data = [
        {"MetricName": metric.value, "Value": float(value + hour % 5),
         "Timestamp": now - 3600 * hour,
         "Dimensions": [{"Name": "service", "Value": service}]}
        for service, metric, value in counts
        for hour in range(8)
    ]  # fmt: skip
    client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=data)


def _write_run(at: datetime, *, finds: bool) -> None:
    reports = open_store(ENVIRONMENT["REPORTS_URL"])
    folder = f"date={at:%Y-%m-%d}/030011"
    interval = {"value": 0.081, "low": 0.074, "high": 0.088}
    estimate = {"default_rate": interval, "auc": interval | {"value": 0.75}, "cost": interval}
    finding = {
        "kind": "missing", "urgency": "page", "columns": [COLUMN], "source": BROKEN,
        "files": ["week.csv"], "rows": 500, "severity": 0.42, "standing": False,
        "acknowledged_until": None, "measures": {"share": 1.0, "share_before": 0.052},
        "text": f"{COLUMN} missing in 100% of rows, 5.2% in the reference from {BROKEN}",
    }  # fmt: skip
    summary = {
        "status": "measured", "measured_at": f"{at:%Y-%m-%d}T03:00:11+00:00",
        "model": {"version": "0123456789ab"},
        "window": {"start": f"{at - timedelta(days=7):%Y-%m-%d}",
                   "end": f"{at - timedelta(days=1):%Y-%m-%d}", "days": 7},
        "rows": {"reference": 3000, "window": 5000, "window_compared": 4980},
        "findings": [finding] if finds else [],
        "estimated": {"everywhere": estimate, "by_source": {BROKEN: estimate}},
        "default_probability": {"mean_in_window": 0.081},
        "report": {"report.html": f"{folder}/report.html"},
    }  # fmt: skip
    reports.write(f"{folder}/report.html", REPORT, content_type="text/html")
    reports.write(f"{folder}/summary.json", json.dumps(summary).encode())
    if at.date() == datetime.now(UTC).date():
        reports.write("latest.json", json.dumps(summary).encode())
