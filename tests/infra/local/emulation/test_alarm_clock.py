"""Alarms look at the windows that CloudWatch looks at."""

import boto3
import pytest
from moto import mock_aws

from infra.local.emulation.alarm_clock import evaluate_all
from infra.local.emulation.sliding_windows import read_datapoints

MIDDAY = 1_800_014_400  # a full day's boundary of UTC plus 12 h
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.fixture
def cloudwatch(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("cloudwatch", region_name="eu-west-3")


def put_alarm(cloudwatch, name, **settings):
    cloudwatch.put_metric_alarm(
        **{
            "AlarmName": name,
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": name}],
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            **settings,
        }
    )


def put_value(cloudwatch, name, value, *, at):
    cloudwatch.put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[{"MetricName": "Errors", "Value": value, "Timestamp": at,
                     "Dimensions": [{"Name": "FunctionName", "Value": name}]}],
    )  # fmt: skip


def states(cloudwatch):
    return {a["AlarmName"]: a["StateValue"] for a in cloudwatch.describe_alarms()["MetricAlarms"]}


def datapoints(cloudwatch, now):
    [found] = read_datapoints(cloudwatch, cloudwatch.describe_alarms()["MetricAlarms"], now)
    return found


def test_only_the_alarm_of_the_metrics_own_dimensions_rings(cloudwatch):
    for name in ("api", "batch"):
        put_alarm(cloudwatch, name)
    put_value(cloudwatch, "batch", 1, at=MIDDAY)
    evaluate_all(cloudwatch, now=MIDDAY + 30)
    assert states(cloudwatch) == {"api": "OK", "batch": "ALARM"}


def test_a_window_slides_by_the_minute_and_not_by_its_length(cloudwatch):
    """One that was cut at multiples of five minutes would see the two errors apart."""
    put_alarm(cloudwatch, "api", Threshold=1)
    put_value(cloudwatch, "api", 1, at=MIDDAY - 2 * MINUTE)
    put_value(cloudwatch, "api", 1, at=MIDDAY + 2 * MINUTE)
    evaluate_all(cloudwatch, now=MIDDAY + 2 * MINUTE + 30)
    assert states(cloudwatch) == {"api": "ALARM"}
    assert datapoints(cloudwatch, MIDDAY + 3 * MINUTE)[-1] == 1
    assert datapoints(cloudwatch, MIDDAY + 7 * MINUTE)[-2:] == [2, None]


def test_a_day_is_the_last_24_hours_and_no_date(cloudwatch):
    put_alarm(cloudwatch, "night", Period=DAY, Statistic="Maximum", TreatMissingData="ignore")
    put_value(cloudwatch, "night", 3, at=MIDDAY - 10 * HOUR)
    assert datapoints(cloudwatch, MIDDAY)[-1] == 3
    assert datapoints(cloudwatch, MIDDAY + 13 * HOUR)[-1] == 3  # another date by now
    assert datapoints(cloudwatch, MIDDAY + 14 * HOUR)[-2:] == [3, None]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("Sum", 9), ("Maximum", 5), ("Minimum", 1), ("Average", 3), ("SampleCount", 3)],
)
def test_minutes_are_put_together_as_the_statistic_asks(cloudwatch, statistic, expected):
    put_alarm(cloudwatch, "api", Statistic=statistic)
    for minute, values in ((0, (1, 3)), (3, (5,))):
        for value in values:
            put_value(cloudwatch, "api", value, at=MIDDAY + minute * MINUTE)
    assert datapoints(cloudwatch, MIDDAY + 3 * MINUTE)[-1] == expected
