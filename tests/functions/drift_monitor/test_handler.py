"""The function as Lambda calls it: S3 on both ends, metrics on standard output."""

import json
from dataclasses import dataclass
from datetime import timedelta

import boto3
import pytest
from credit_scoring.errors import ArtifactMissing
from credit_scoring.lender_settings import LenderSettings

from functions.drift_monitor import handler as drift_monitor
from functions.drift_monitor.window import InvalidWindow
from tests.functions.drift_monitor.lender import Lender

SCHEDULED = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.scheduler",
    "account": "123456789012",
    "time": "2026-03-10T02:00:00Z",
    "region": "eu-west-3",
    "resources": ["arn:aws:scheduler:eu-west-3:123456789012:schedule/default/Daily"],
    "detail": "{}",
}


@dataclass
class Context:
    function_name = "drift-monitor"
    memory_limit_in_mb = 3072
    invoked_function_arn = "arn:aws:lambda:eu-west-3:123456789012:function:drift-monitor:live"
    aws_request_id = "52fdfc07-2182-154f-163f-5f0f9a621d72"


@pytest.fixture
def bucket(aws_account):
    boto3.client("s3").create_bucket(
        Bucket="lender", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    return "s3://lender"


@pytest.fixture
def lender(bucket, monkeypatch):
    lender = Lender(bucket)
    for name, url in lender.urls.items():
        monkeypatch.setenv(name, url)
    lender.publish_model()
    return lender


@pytest.fixture
def call(capsys):
    """Call the function: its answer, and the metrics it printed in the embedded metric format."""

    def call(event=SCHEDULED):
        capsys.readouterr()
        summary = drift_monitor.handler(event, Context())
        return summary, printed_metrics(capsys)

    return call


def printed_metrics(capsys):
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    return [line for line in lines if "_aws" in line]


def yesterday():
    return LenderSettings().today() - timedelta(days=1)


def test_a_run_writes_its_report_and_sends_its_metrics(lender, call, needs_evidently):
    lender.record_scores(1500, day=yesterday(), credit=1.5)

    summary, [metrics] = call()

    [listed] = metrics["_aws"]["CloudWatchMetrics"]
    assert listed["Namespace"] == "CreditScoring"
    assert listed["Dimensions"] == [["service"]]
    assert metrics["service"] == "drift-monitor"
    assert {name: metrics[name] for name in ("DriftRuns", "ScoresInWindow")} == {
        "DriftRuns": [1.0],
        "ScoresInWindow": [1500.0],
    }
    assert metrics["DriftedFeatureShare"] == [pytest.approx(1 / 3)]
    assert metrics["DefaultProbabilityDrift"] == [summary["default_probability"]["score"]]
    html = boto3.client("s3").get_object(
        Bucket="lender", Key=f"drift/{summary['report']['report.html']}"
    )
    assert html["ContentType"] == "text/html; charset=utf-8"
    assert json.loads(lender.reports.read("latest.json")) == summary


def test_without_a_verdict_its_metrics_are_not_sent(lender, call):
    lender.record_scores(50, day=yesterday())

    summary, [metrics] = call()

    assert summary["status"] == "insufficient"
    assert (metrics["ScoresInWindow"], metrics["DriftRuns"]) == ([50.0], [1.0])
    assert "DriftedFeatureShare" not in metrics
    assert "DefaultProbabilityDrift" not in metrics


def test_how_many_rows_are_enough_is_set_by_the_environment(
    lender, call, monkeypatch, needs_evidently
):
    monkeypatch.setenv("MINIMUM_ROWS", "50")
    lender.record_scores(50, day=yesterday())

    assert call()[0]["status"] == "measured"


@pytest.mark.filterwarnings("ignore:No application metrics")
def test_a_look_back_moves_no_alarm(lender, call):
    summary, metrics = call({"date": "2026-01-31", "window_days": 1})

    assert summary["window"] == {"start": "2026-01-31", "end": "2026-01-31", "days": 1}
    assert metrics == []


@pytest.mark.filterwarnings("ignore:No application metrics")
def test_without_a_champion_the_call_fails_with_its_reason_and_counts_no_run(
    bucket, call, capsys, caplog, monkeypatch
):
    for name, url in Lender(bucket).urls.items():
        monkeypatch.setenv(name, url)

    with pytest.raises(ArtifactMissing, match="publish"):
        call()

    assert printed_metrics(capsys) == []
    [failed] = [line for line in caplog.records if line.message == "drift run failed"]
    assert (failed.error, failed.retryable) == ("NoModelYet", False)


@pytest.mark.filterwarnings("ignore:No application metrics")
def test_a_day_that_is_none_fails_the_call_by_name(lender, call):
    with pytest.raises(InvalidWindow, match="date '31/01/2026'"):
        call({"date": "31/01/2026"})


def test_one_log_line_tells_the_outcome(lender, call, caplog):
    lender.record_scores(50, day=yesterday())

    call()

    [line] = caplog.records
    assert (line.message, line.status, line.rows) == ("drift run finished", "insufficient", 50)
    assert line.model_version == lender.model.version
