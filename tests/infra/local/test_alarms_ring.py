"""The stack's own alarms through days and hours: states and messages read back from the emulator.

Time is the test's: metrics carry the moments of a week to come. The emulator's own clock, whose
windows end now, does not see it, and of weeks that are past the emulator forgets the older ones.
Alarms on silence are the exception, so their states alone are read, from an account of their own.
"""

import json
import re
import time
from dataclasses import dataclass, field

import boto3
import pytest
from credit_scoring.metrics import CANARY, DRIFT_MONITOR, NAMESPACE, Metric
from moto import mock_aws

from infra.local.emulation.alarm_clock import evaluate_all
from tests.repository import ROOT

HOUR, DAY = 3_600, 86_400
# What put_metric_alarm takes of an alarm's properties in the template.
SETTINGS = ("ComparisonOperator", "Dimensions", "EvaluationPeriods", "MetricName", "Namespace",
            "Period", "Statistic", "Threshold", "TreatMissingData", "AlarmDescription")  # fmt: skip


def own_alarms(template) -> dict[str, dict]:
    """By name, those on what the canary and the drift monitor tell."""
    found = {}
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        service = [each["Value"] for each in alarm.get("Dimensions", [])]
        if alarm["Namespace"] == NAMESPACE and service[0] in (CANARY, DRIFT_MONITOR):
            name = json.dumps(alarm["AlarmName"]).rpartition('"-')[2].rstrip('"]}')
            found[name] = alarm
    return found


@dataclass
class Watch:
    """An operator's mailboxes beside the alarms."""

    cloudwatch: object
    sqs: object = None
    queues: dict[str, str] = field(default_factory=dict)
    now: float = 0.0

    def put(self, service, **values):
        data = [
            {"MetricName": Metric[name].value, "Value": value, "Timestamp": self.now,
             "Dimensions": [{"Name": "service", "Value": service}]}
            for name, value in values.items()
        ]  # fmt: skip
        self.cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)

    def pass_time(self, seconds, *, step=HOUR / 4):
        end = self.now + seconds
        while self.now < end:
            evaluate_all(self.cloudwatch, now=self.now)
            self.now += step

    def state(self, name):
        [alarm] = self.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return alarm["StateValue"]

    def messages(self, topic):
        """(alarm, new state) of all since the last time, in order."""
        found = []
        while received := self.sqs.receive_message(
            QueueUrl=self.queues[topic], MaxNumberOfMessages=10
        ).get("Messages"):
            for message in received:
                told = json.loads(json.loads(message["Body"])["Message"])
                found.append((told["StateChangeTime"], told["AlarmName"], told["NewStateValue"]))
                self.sqs.delete_message(
                    QueueUrl=self.queues[topic], ReceiptHandle=message["ReceiptHandle"]
                )
        return [told[1:] for told in sorted(found)]


def put_alarms(cloudwatch, alarms, topics):
    for name, alarm in alarms.items():
        settings = {key: alarm[key] for key in SETTINGS if key in alarm}
        [topic] = alarm["AlarmActions"]
        arn = next(a for part, a in topics.items() if topic["Ref"].startswith(f"Topics{part}"))
        cloudwatch.put_metric_alarm(AlarmName=name, AlarmActions=[arn], OKActions=[arn], **settings)


def admit(sqs, queue, arn, topic):
    """As on AWS, a queue takes a topic's messages only where its policy says so."""
    allowed = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": arn,
        "Action": "sqs:SendMessage", "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})


@pytest.fixture
def watch(cloud, template):
    """The alarms of the template in the emulator, quiet; two mailboxes on their topics."""
    sns, sqs, cloudwatch = (cloud.client(name) for name in ("sns", "sqs", "cloudwatch"))
    topics, queues = {}, {}
    for part in ("Page", "Ticket"):
        topics[part] = sns.create_topic(Name=f"ring-{part}")["TopicArn"]
        queues[part] = sqs.create_queue(QueueName=f"ring-{part}")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=queues[part], AttributeNames=["QueueArn"])
        arn = attributes["Attributes"]["QueueArn"]
        admit(sqs, queues[part], arn, topics[part])
        sns.subscribe(TopicArn=topics[part], Protocol="sqs", Endpoint=arn)
        sqs.purge_queue(QueueUrl=queues[part])
    alarms = own_alarms(template)
    ignoring = {n: a for n, a in alarms.items() if a["TreatMissingData"] == "ignore"}
    cloudwatch.delete_alarms(AlarmNames=list(ignoring))
    put_alarms(cloudwatch, ignoring, topics)
    for name in ignoring:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="deployed")
    # A week of its own for each test, of which the others know nothing.
    watch = Watch(cloudwatch, sqs, queues, now=_week())
    for topic in queues:
        watch.messages(topic)
    yield watch
    cloudwatch.delete_alarms(AlarmNames=list(ignoring))


_WEEKS = iter(range(2, 40))


def _week():
    return (time.time() // DAY) * DAY + next(_WEEKS) * 30 * DAY + 3 * HOUR


QUIET = {"UNIT_CHANGES": 0, "MISSING_COLUMNS": 0, "SWAPPED_COLUMNS": 0, "CONSTANT_COLUMNS": 0,
         "NEW_CATEGORIES": 0, "REFUSED_ROWS": 0, "COST_RISES": 0,
         "POPULATION_SHIFTS": 0}  # fmt: skip
RUN = {"DAYS_WITHOUT_VERDICT": 0, "MODEL_AGE_DAYS": 10, "REPORT_FAILURES": 0}


def test_drift_that_persists_for_five_nights_is_one_mail_and_its_end_another(watch):
    for _ in range(5):
        watch.put(DRIFT_MONITOR, **RUN, **QUIET | {"UNIT_CHANGES": 2})
        watch.pass_time(DAY, step=HOUR)
    assert watch.messages("Page") == [("UnitChanges", "ALARM")]
    watch.put(DRIFT_MONITOR, **RUN, **QUIET)
    watch.pass_time(DAY, step=HOUR)
    assert watch.messages("Page") == [("UnitChanges", "OK")]
    assert watch.messages("Ticket") == []


@pytest.mark.parametrize("state", ["ALARM", "OK"])
def test_nights_without_a_verdict_change_no_state(watch, state):
    found = int(state == "ALARM")
    watch.put(DRIFT_MONITOR, **RUN, **QUIET | {"MISSING_COLUMNS": found})
    watch.pass_time(DAY, step=HOUR)
    watch.messages("Page")
    for night in range(1, 5):
        watch.put(DRIFT_MONITOR, **RUN | {"DAYS_WITHOUT_VERDICT": night})
        watch.pass_time(DAY, step=HOUR)
        assert watch.state("MissingColumns") == state
    assert (watch.messages("Page"), watch.messages("Ticket")) == ([], [])


def test_the_seventh_night_without_a_verdict_is_a_ticket(watch):
    for night in range(5, 9):
        watch.put(DRIFT_MONITOR, **RUN | {"DAYS_WITHOUT_VERDICT": night})
        watch.pass_time(DAY, step=HOUR)
        expected = [("DaysWithoutVerdict", "ALARM")] if night == 7 else []
        assert watch.messages("Ticket") == expected
    assert watch.messages("Page") == []


CLASSES = {
    "UNIT_CHANGES": "Page", "MISSING_COLUMNS": "Page", "SWAPPED_COLUMNS": "Page",
    "CONSTANT_COLUMNS": "Page", "NEW_CATEGORIES": "Page", "REFUSED_ROWS": "Page",
    "COST_RISES": "Page", "POPULATION_SHIFTS": "Ticket",
}  # fmt: skip


def test_each_class_rings_alone_and_in_its_own_topic(watch):
    for name, topic in CLASSES.items():
        watch.put(DRIFT_MONITOR, **RUN, **QUIET | {name: 1})
        watch.pass_time(HOUR)
        rang = {(part, *told) for part in ("Page", "Ticket") for told in watch.messages(part)}
        assert {each for each in rang if each[-1] == "ALARM"} == {
            (topic, Metric[name].value, "ALARM")
        }
        watch.now += 4 * DAY  # out of everything's sight


def test_24_quiet_hours_ring_nothing(watch):
    for hour in range(24):
        watch.now += 37 * (hour % 5)  # a schedule is not on the second
        watch.put(CANARY, CANARY_RUNS=1, CANARY_FAILURES=0, CANARY_SECONDS=9,
                  HOURS_WITHOUT_SCORES=hour % 3)  # fmt: skip
        if hour == 0:
            watch.put(DRIFT_MONITOR, DRIFT_RUNS=1, **RUN, **QUIET)
        watch.pass_time(HOUR)
    assert (watch.messages("Page"), watch.messages("Ticket")) == ([], [])


def test_a_canary_that_fails_rings_at_once_and_is_quiet_an_hour_after_it_is_well(watch):
    watch.put(CANARY, CANARY_RUNS=1, CANARY_FAILURES=0)
    watch.pass_time(HOUR)
    watch.put(CANARY, CANARY_RUNS=1, CANARY_FAILURES=1)
    watch.pass_time(HOUR / 4)
    assert watch.messages("Page") == [("CanaryFailures", "ALARM")]
    watch.pass_time(HOUR * 3 / 4)
    for _ in range(3):  # an outage that ApiDown tells of: the canary says nothing more of it
        watch.put(CANARY, CANARY_RUNS=1)
        watch.pass_time(HOUR)
    assert watch.messages("Page") == []
    for _ in range(2):
        watch.put(CANARY, CANARY_RUNS=1, CANARY_FAILURES=0)
        watch.pass_time(HOUR)
    assert watch.messages("Page") == [("CanaryFailures", "OK")]


def test_three_business_hours_without_scores_ring(watch):
    for hours in (1, 2, 3):
        watch.put(CANARY, CANARY_RUNS=1, CANARY_FAILURES=0, HOURS_WITHOUT_SCORES=hours)
        watch.pass_time(HOUR)
        expected = [("HoursWithoutScores", "ALARM")] if hours == 3 else []
        assert watch.messages("Page") == expected


@pytest.fixture
def silence(monkeypatch, template):
    """Puts one alarm on silence into an account of its own, days ago."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")

    def put(name):
        cloudwatch = boto3.client("cloudwatch", region_name="eu-west-3")
        topic = "arn:aws:sns:eu-west-3:123456789012:topic"
        alarms = {name: own_alarms(template)[name]}
        put_alarms(cloudwatch, alarms, {"Page": topic, "Ticket": topic})
        return Watch(cloudwatch, now=time.time() // DAY * DAY - 5 * DAY)

    with mock_aws():
        yield put


def test_a_canary_that_no_longer_runs_rings_within_two_of_its_periods(silence):
    watch = silence("CanaryMissing")
    states = set()
    for run in range(24):
        watch.now += 60 * (run % 6)  # up to five minutes late: a file was slow
        watch.put(CANARY, CANARY_RUNS=1)
        watch.pass_time(HOUR, step=300)
        states |= {watch.state("CanaryMissing")} if run > 1 else set()
    assert states == {"OK"}
    watch.pass_time(HOUR + 300, step=300)
    assert watch.state("CanaryMissing") == "ALARM"


def hours_said(template):
    """After how many hours without a run the ticket comes, by its own words."""
    words = json.dumps(own_alarms(template)["DriftMissing"]["AlarmDescription"])
    return int(re.search(r"for (\d+) hours", words)[1])


def test_a_night_without_a_run_is_a_ticket_after_as_many_hours_as_the_ticket_says(
    silence, template
):
    watch, hours = silence("DriftMissing"), hours_said(template)
    for since in (24, 25, 24):  # the night that has an hour twice is among them
        watch.put(DRIFT_MONITOR, DRIFT_RUNS=1)
        watch.pass_time(since * HOUR)
        assert watch.state("DriftMissing") == "OK"
    watch.pass_time((hours - 24) * HOUR)
    assert watch.state("DriftMissing") == "OK"
    watch.pass_time(HOUR / 2)
    assert watch.state("DriftMissing") == "ALARM"


@pytest.mark.parametrize("page", ["operations.md", "alarms.fr.md"])
def test_the_runbook_says_the_same_hours(template, page):
    _, _, entry = (ROOT / "docs" / page).read_text().partition("#### DriftMissing\n")
    assert f"{hours_said(template)} h" in entry.partition("####")[0]
