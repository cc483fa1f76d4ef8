"""The function as Lambda calls it: S3 on both ends, metrics on standard output."""

import json
import os
import sys
from dataclasses import dataclass
from datetime import timedelta

import boto3
import pytest
from credit_scoring.errors import ArtifactMissing, CreditScoringError
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.stored.acknowledgements import Acknowledgement, write_acknowledgement

from functions.drift_monitor import handler as drift_monitor
from functions.drift_monitor.finding import METRICS
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


VERDICTS = {metric.value for metric in METRICS.values()}


@pytest.fixture
def topics(aws_account, monkeypatch):
    """What was written to each of the two topics: {"PAGE_TOPIC": [(subject, text)], ...}."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    queues = {}
    for name in ("PAGE_TOPIC", "TICKET_TOPIC"):
        topic = sns.create_topic(Name=name)["TopicArn"]
        queues[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:eu-west-3:123456789012:{name}"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        monkeypatch.setenv(name, topic)

    def read():
        answers = {
            name: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            for name, url in queues.items()
        }
        notes = {name: [json.loads(m["Body"]) for m in found] for name, found in answers.items()}
        return {
            name: [(n["Subject"], n["Message"]) for n in found] for name, found in notes.items()
        }

    return read


def merged(printed):
    """Metrics of several lines, each of which may name others."""
    names = [
        metric["Name"]
        for line in printed
        for listed in line["_aws"]["CloudWatchMetrics"]
        for metric in listed["Metrics"]
    ]
    return {name: line[name] for line in printed for name in names if name in line}


def test_a_run_tells_its_verdict_by_class_then_writes_its_report(lender, call, needs_evidently):
    lender.record_scores(1500, day=yesterday(), credit=100.0)
    summary, printed = call()
    first, last = printed
    [listed] = first["_aws"]["CloudWatchMetrics"]
    assert listed["Namespace"] == "CreditScoring"
    assert listed["Dimensions"] == [["service"]]
    assert first["service"] == "drift-monitor"
    told = merged(printed)
    assert {name: told[name] for name in ("DriftRuns", "ScoresInWindow", "DaysWithoutVerdict")} == {
        "DriftRuns": [1.0],
        "ScoresInWindow": [1500.0],
        "DaysWithoutVerdict": [0.0],
    }
    assert set(first) >= VERDICTS
    assert {name for name in VERDICTS if told[name] != [0.0]} == {"UnitChanges"}
    assert told["EstimatedCost"] == [summary["estimated"]["everywhere"]["cost"]["value"]]
    assert last["ReportFailures"] == [0.0]
    html = boto3.client("s3").get_object(
        Bucket="lender", Key=f"drift/{summary['report']['report.html']}"
    )
    assert html["ContentType"] == "text/html; charset=utf-8"
    assert json.loads(lender.reports.read("latest.json")) == summary


def test_without_evidently_everything_but_the_report_is_as_ever(
    lender, call, topics, monkeypatch, caplog
):
    """The alarm never waits for the report."""
    monkeypatch.setitem(sys.modules, "evidently", None)
    monkeypatch.delitem(sys.modules, "functions.drift_monitor.report", raising=False)
    monkeypatch.delitem(sys.modules, "functions.drift_monitor.evidently_parts", raising=False)
    lender.record_scores(1500, day=yesterday(), credit=100.0)
    summary, printed = call()
    told = merged(printed)
    assert told["UnitChanges"] == [1.0]
    assert told["ReportFailures"] == [1.0]
    assert summary["status"] == "measured"
    assert summary["findings"][0]["columns"] == ["AMT_CREDIT"]
    assert json.loads(lender.reports.read("latest.json")) == summary
    assert len(topics()["PAGE_TOPIC"]) == 1
    assert "drift report failed" in caplog.text


def test_people_are_told_what_is_wrong_and_from_whom_once(lender, call, topics):
    for seed in range(3, 8):
        lender.record_scores(300, seed=seed, day=yesterday(), branch=f"branch-{seed}")
    nothing = {"EXT_SOURCE_2": float("nan")}
    lender.record_scores(300, seed=8, day=yesterday(), branch="paris-01", name="broken", **nothing)
    call()
    told = topics()
    [(subject, text)] = told["PAGE_TOPIC"]
    assert subject == "[page] missing values: EXT_SOURCE_2 from paris-01"
    assert "EXT_SOURCE_2 missing in 100% of rows, 0.0% in the reference from paris-01" in text
    assert "file-broken" in text
    assert told["TICKET_TOPIC"] == []
    call()  # the next night, the same cause
    assert topics() == {"PAGE_TOPIC": [], "TICKET_TOPIC": []}


def test_a_run_that_is_repeated_since_a_topic_failed_tells_what_it_had_found(
    lender, call, topics, monkeypatch
):
    """Lambda tries again; the alarm alone names neither column nor source."""
    lender.record_scores(1500, day=yesterday(), credit=100.0)
    topic = os.environ["PAGE_TOPIC"]
    monkeypatch.setenv("PAGE_TOPIC", f"{topic}-gone")
    with pytest.raises(CreditScoringError):
        call()
    monkeypatch.setenv("PAGE_TOPIC", topic)
    call()
    [(subject, _)] = topics()["PAGE_TOPIC"]
    assert subject == "[page] unit change: AMT_CREDIT everywhere"
    call()
    assert topics()["PAGE_TOPIC"] == []


def test_a_night_without_a_verdict_does_not_make_a_cause_new(lender, call, topics, monkeypatch):
    lender.record_scores(1500, day=yesterday(), credit=100.0)
    call()
    assert len(topics()["PAGE_TOPIC"]) == 1
    monkeypatch.setenv("MINIMUM_ROWS", "2000")
    assert call()[0]["status"] == "insufficient"
    monkeypatch.delenv("MINIMUM_ROWS")
    assert merged(call()[1])["UnitChanges"] == [1.0]
    assert topics()["PAGE_TOPIC"] == []


def test_what_stood_and_goes_further_is_told(lender, call, topics):
    lender.record_scores(1500, day=yesterday(), credit=100.0)
    call()
    assert len(topics()["PAGE_TOPIC"]) == 1
    latest = json.loads(lender.reports.read("latest.json"))
    latest["findings"][0]["standing"] = True
    latest.pop("told", None)  # as a version without it wrote
    lender.reports.write("latest.json", json.dumps(latest).encode())
    assert merged(call()[1])["UnitChanges"] == [1.0]
    assert len(topics()["PAGE_TOPIC"]) == 1


@pytest.mark.parametrize("is_earlier", [False, True], ids=["kept now", "kept by a version before"])
def test_another_cause_of_the_same_column_is_told_although_the_first_one_was(
    lender, call, topics, is_earlier
):
    """A version before kept no cause: after a release nobody is told of what they know."""
    lender.record_scores(1500, day=yesterday(), branch="paris-01")
    lender.refuse("paris-01", [("out_of_range", "AMT_CREDIT", 200)], day=yesterday())
    call()
    [(_, text)] = topics()["PAGE_TOPIC"]
    assert "out_of_range" in text
    if is_earlier:
        latest = json.loads(lender.reports.read("latest.json"))
        latest["told"] = [key[:3] for key in latest["told"]]
        lender.reports.write("latest.json", json.dumps(latest).encode())
        call()
        assert topics()["PAGE_TOPIC"] == []
    other = [("not_a_number", "AMT_CREDIT", 300)]
    lender.refuse("paris-01", other, day=yesterday(), name="other")
    call()
    [(_, text)] = topics()["PAGE_TOPIC"]
    assert "not_a_number" in text
    assert "out_of_range" not in text


def test_a_run_by_hand_over_other_days_does_not_make_a_cause_new(lender, call, topics):
    """Yesterday alone is sound; the night after finds what the whole week still holds."""
    before = yesterday() - timedelta(days=2)
    broken = {"EXT_SOURCE_2": float("nan"), "day": before, "branch": "paris-01"}
    lender.record_scores(300, seed=8, name="broken", **broken)
    for seed in range(3, 8):
        lender.record_scores(300, seed=seed, day=yesterday(), branch=f"branch-{seed}")
    call()
    assert len(topics()["PAGE_TOPIC"]) == 1
    summary, _ = call({"window_days": 1})
    assert summary["findings"] == []
    call()
    assert topics()["PAGE_TOPIC"] == []


@pytest.mark.parametrize(
    "damaged",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"last_verdict": "yesterday"}',
        b'{"findings": [{"kind": "missing"}]}',
        b'{"told": [7]}',
    ],
)
def test_a_damaged_summary_of_an_earlier_run_stops_no_alarm(lender, call, topics, damaged):
    lender.record_scores(1500, day=yesterday(), credit=100.0)
    lender.reports.write("latest.json", damaged)
    earlier = yesterday() - timedelta(days=7)
    lender.reports.write(f"date={earlier}/020000/summary.json", damaged)
    assert merged(call()[1])["UnitChanges"] == [1.0]
    assert len(topics()["PAGE_TOPIC"]) == 1


def test_nobody_is_called_for_what_somebody_knows_of_until_that_day_is_over(lender, call, topics):
    for seed in range(3, 8):
        lender.record_scores(300, seed=seed, day=yesterday(), branch=f"branch-{seed}")
    nothing = {"EXT_SOURCE_2": float("nan")}
    lender.record_scores(300, seed=8, day=yesterday(), branch="paris-01", name="broken", **nothing)
    today = yesterday() + timedelta(days=1)
    acknowledge(lender, until=today, at="2026-03-09T08:00:00+00:00")
    summary, printed = call()
    [found] = summary["findings"]
    assert found["acknowledged_until"] == today.isoformat()
    assert merged(printed)["MissingColumns"] == [0.0]
    assert topics()["PAGE_TOPIC"] == []
    acknowledge(lender, until=yesterday(), at="2026-03-09T09:00:00+00:00")
    summary, printed = call()
    assert summary["findings"][0]["acknowledged_until"] is None
    assert merged(printed)["MissingColumns"] == [1.0]
    assert len(topics()["PAGE_TOPIC"]) == 1, "whoever only heard of it is told now"


def acknowledge(lender, *, until, at):
    found = ("missing", "paris-01", ("EXT_SOURCE_2",))
    write_acknowledgement(
        lender.acknowledged, Acknowledgement(*found, "being repaired", "somebody", at, until)
    )


def test_a_shift_of_the_population_is_a_ticket(lender, call, topics):
    lender.record_scores(1500, day=yesterday(), credit=1.6)
    call()
    told = topics()
    assert told["PAGE_TOPIC"] == []
    [(subject, _)] = told["TICKET_TOPIC"]
    assert subject == "[ticket] population shift: AMT_CREDIT everywhere"


def test_without_a_verdict_its_metrics_are_not_sent(lender, call):
    lender.record_scores(50, day=yesterday())
    summary, printed = call()
    told = merged(printed)
    assert summary["status"] == "insufficient"
    assert (told["ScoresInWindow"], told["DriftRuns"]) == ([50.0], [1.0])
    assert not VERDICTS & set(told)


def test_days_without_a_verdict_are_counted(lender, call, monkeypatch):
    monkeypatch.setenv("MINIMUM_ROWS", "50")
    lender.record_scores(50, day=yesterday())
    lender.publish_model()
    call()
    latest = json.loads(lender.reports.read("latest.json"))
    latest["last_verdict"] = str(yesterday() - timedelta(days=9))
    lender.reports.write("latest.json", json.dumps(latest).encode())
    champion = json.loads(lender.models.read("champion.json"))
    champion["promoted_at"] = "2026-01-01T00:00:00+00:00"
    lender.models.write("champion.json", json.dumps(champion).encode())
    monkeypatch.setenv("MINIMUM_ROWS", "51")
    told = merged(call()[1])
    assert told["DaysWithoutVerdict"] == [9.0]
    assert told["ModelAgeDays"][0] > 300


def test_how_many_rows_are_enough_is_set_by_the_environment(lender, call, monkeypatch):
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


@pytest.mark.filterwarnings("ignore:No application metrics")
def test_an_applicant_is_taken_out_of_the_records_on_demand(lender, call):
    lender.record_scores(3, who=[11, 12, 13], day=yesterday())
    lender.records.write("damaged/lines/broken", b'{"applicant":12,\n{"applicant":13,\n')
    answer, metrics = call({"forget": 12})
    assert (answer, metrics) == ({"forgotten": 1, "set_aside": 1}, [])
    assert lender.records.read("damaged/lines/broken") == b'{"applicant":13,\n'
    assert call({"forget": 12})[0] == {"forgotten": 0, "set_aside": 0}


@pytest.mark.filterwarnings("ignore:No application metrics")
@pytest.mark.parametrize("value", ["12", 0, 2**64, None, 1.5])
def test_what_is_no_pseudonym_is_refused_without_repeating_it(lender, call, value):
    with pytest.raises(InvalidWindow) as refused:
        call({"forget": value})
    assert "64 bits" in str(refused.value)
    assert str(value) not in str(refused.value).replace("64", "") or value in (0, None)
