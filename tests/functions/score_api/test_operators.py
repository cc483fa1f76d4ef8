"""What operators see and do: alarms, traffic, known findings, what was given up."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.metrics import NAMESPACE, SCORE_API, Metric

from tests import alarm_history
from tests.functions.score_api.callers import ask, person, request
from tests.functions.score_api.conftest import ENVIRONMENT

OPERATOR, SCIENTIST = person("operator"), person("data-scientist")
RUNBOOK = "https://example.org/docs/operations.md"
FOUND = {
    "kind": "missing",
    "source": "paris-01",
    "columns": ["EXT_SOURCE_2"],
    "urgency": "page",
    "severity": 0.4,
    "standing": False,
    "acknowledged_until": None,
    "text": "EXT_SOURCE_2 is missing.",
}
KNOWN = {name: FOUND[name] for name in ("kind", "source", "columns")}


def day(days: int) -> str:
    """So many days from today, as the service counts them when it is asked."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def put_alarm(name, *, topic="arn:aws:sns:eu-west-3:123456789012:ticket", state="OK"):
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        AlarmDescription=f"What it means. {RUNBOOK}#x",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )
    client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")


def test_alarms_that_ring_come_first_and_those_of_others_do_not_come(api):
    put_alarm("credit-Quiet")
    put_alarm("credit-Rings", state="ALARM", topic=ENVIRONMENT["PAGE_TOPIC"])
    put_alarm("credit-Unknown", state="INSUFFICIENT_DATA")
    put_alarm("elsewhere-Rings", state="ALARM")
    items = ask(api, "GET /alarms", SCIENTIST).body["items"]
    assert [item["name"] for item in items] == ["Rings", "Unknown", "Quiet"]
    assert (items[0]["urgency"], items[2]["urgency"]) == ("page", "ticket")
    assert (items[0]["meaning"], items[0]["runbook"]) == ("What it means.", f"{RUNBOOK}#x")
    assert items[0]["console_url"] is None  # nobody's console shows an emulator's alarms


def test_an_alarm_in_the_console_is_found_under_the_regions_address(monkeypatch):
    from functions.score_api.operator_service import cloudwatch_address

    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    address = cloudwatch_address("alarmsV2:alarm/credit-Down")
    assert address == (
        "https://eu-west-3.console.aws.amazon.com/cloudwatch/home?region=eu-west-3"
        "#alarmsV2:alarm/credit-Down"
    )


def test_an_alarm_tells_when_it_changed_newest_first(api):
    alarm_history.install()
    put_alarm("credit-Rings", state="ALARM")
    client("cloudwatch").set_alarm_state(
        AlarmName="credit-Rings", StateValue="OK", StateReason="over"
    )
    body = ask(api, "GET /alarms/{name}/history", SCIENTIST, name="Rings").body
    assert [(item["before"], item["after"]) for item in body["items"]] == [
        ("ALARM", "OK"),
        ("OK", "ALARM"),
    ]
    assert body["cursor"] is None


@pytest.mark.parametrize("name", ["NoSuchAlarm", "a%20b", "x" * 200])
def test_an_alarm_that_is_not_there_has_no_history(api, name):
    assert ask(api, "GET /alarms/{name}/history", OPERATOR, name=name).status == 404


def traffic(api, **parameters):
    event = request("GET /traffic", SCIENTIST) | {"queryStringParameters": parameters}
    return api.send(event)


def test_traffic_is_as_many_values_as_periods_and_each_stands_at_its_time(api):
    now = int(time.time())
    period = 900
    place = now // period * period - 4 * period
    client("cloudwatch").put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {
                "MetricName": Metric.SCORES.value,
                "Dimensions": [{"Name": "service", "Value": SCORE_API}],
                "Timestamp": place + offset,
                "Value": value,
            }
            for offset, value in ((10, 3.0), (500, 4.0))
        ],
    )
    body = traffic(api, hours="24").body
    assert body["period_seconds"] == period
    found = {series["name"]: series["values"] for series in body["series"]}
    assert {len(values) for values in found.values()} == {96}
    start = int(datetime.fromisoformat(body["start"]).timestamp())
    assert start % period == 0
    assert found["scores"][(place - start) // period] == 7.0
    assert [value for value in found["scores"] if value is not None] == [7.0]
    assert set(found["files"]) == {None}


@pytest.mark.parametrize("hours", ["5", "0", "1000000", "x", ""])
def test_other_periods_of_traffic_are_refused(api, hours):
    assert traffic(api, hours=hours).status == 400


@pytest.fixture
def found(api):
    """The newest run found one thing."""
    reports = open_store(ENVIRONMENT["REPORTS_URL"])
    summary = {
        "status": "measured",
        "model": {"version": "0123456789ab"},
        "window": {"start": "2026-11-13", "end": "2026-11-19", "days": 7},
        "rows": {"window": 5000},
        "findings": [FOUND],
        "estimated": {"everywhere": {"default_rate": {"value": 0.08}}},
        "default_probability": {"mean_in_window": 0.081},
    }
    for key in ("date=2026-11-20/030011/summary.json", "latest.json"):
        reports.write(key, json.dumps(summary).encode())
    return api


def say(api, who=OPERATOR, **changed):
    said = KNOWN | {"reason": "The export is repaired.", "until": day(7)}
    return ask(api, "POST /acknowledgements", who, body=said | changed)


def test_who_knows_of_a_finding_says_why_and_until_when(found):
    answer = say(found)
    assert answer.status == 200
    assert (answer.body["by"], answer.body["reason"]) == ("somebody", "The export is repaired.")
    [item] = ask(found, "GET /acknowledgements", SCIENTIST).body["items"]
    assert item == answer.body


def test_the_newest_word_counts_and_yesterday_takes_it_back(found):
    say(found)
    say(found, reason="It came again.", until=day(-1))
    [item] = ask(found, "GET /acknowledgements", SCIENTIST).body["items"]
    assert (item["reason"], item["until"] < day(0)) == ("It came again.", True)
    kept = list(open_store(ENVIRONMENT["ACKNOWLEDGED_URL"]).list(""))
    assert len(kept) == 2, "what was said before stays"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "x" * 501},
        {"until": "2020-01-01"},
        {"until": day(93)},
        {"until": "soon"},
        {"until": 7},
        {"kind": ["missing"]},
        {"columns": "EXT_SOURCE_2"},
        {"more": 1},
    ],
)
def test_a_wrong_word_is_refused_and_nothing_is_kept(found, wrong):
    assert say(found, **wrong).status in (409, 422)
    assert ask(found, "GET /acknowledgements", OPERATOR).body["items"] == []


def test_what_the_newest_run_did_not_find_cannot_be_acknowledged(found):
    assert say(found, columns=["AMT_CREDIT"]).status == 409
    assert say(found, source="lyon-02").status == 409


def test_only_an_operator_says_so(found):
    assert say(found, SCIENTIST).status == 403
    assert say(found, person("advisor")).status == 403


def test_the_trend_tells_each_run_with_what_it_found(found):
    [run] = ask(found, "GET /drift/trend", SCIENTIST).body["items"]
    assert (run["run"], run["status"], run["rows"]) == ("2026-11-20T030011", "measured", 5000)
    assert run["findings"] == [{name: FOUND[name] for name in FOUND if name != "text"}]
    assert run["estimated"]["default_rate"]["value"] == 0.08


@pytest.fixture
def queues(api, monkeypatch):
    """Real ones, and the functions that messages are sent to."""
    made = {
        name: client("sqs").create_queue(QueueName=name)["QueueUrl"]
        for name in ("failed-batches", "failed-runs")
    }
    service = api.operators.service
    object.__setattr__(service, "batch_failures", made["failed-batches"])
    object.__setattr__(service, "drift_failures", made["failed-runs"])
    return made


def give_up(queue, key="uploads/paris-01/a.csv"):
    event = {"Records": [{"s3": {"object": {"key": key}}}]}
    body = {"requestPayload": event, "responsePayload": {"errorType": "StorageUnavailable"}}
    client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(body))


def test_what_was_given_up_is_told_and_stays_where_it_is(api, queues):
    give_up(queues["failed-batches"])
    for _ in range(2):
        body = ask(api, "GET /given-up", SCIENTIST).body
        [event] = body["events"]
        assert (event["files"], event["error"]) == ("uploads/paris-01/a.csv", "StorageUnavailable")
        assert body["waiting"] == {"batch": 1, "drift": 0}


def test_a_redrive_that_lambda_does_not_take_loses_nothing(api, queues):
    give_up(queues["failed-batches"])
    assert ask(api, "POST /given-up/redrive", OPERATOR).status == 503
    assert len(ask(api, "GET /given-up", OPERATOR).body["events"]) == 1


def test_only_an_operator_runs_again_what_was_given_up(api):
    for who in (SCIENTIST, person("advisor"), person("back-office")):
        assert ask(api, "POST /given-up/redrive", who).status == 403


@pytest.mark.parametrize("route", ["GET /alarms", "GET /traffic", "GET /given-up", "GET /drift"])
@pytest.mark.parametrize("role", ["advisor", "back-office"])
def test_who_scores_does_not_watch(api, route, role):
    assert ask(api, route, person(role)).status == 403
