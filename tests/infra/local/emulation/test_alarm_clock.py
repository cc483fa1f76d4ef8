"""Alarms ring as CloudWatch's do."""

import time

import boto3
import pytest
from moto import mock_aws

from infra.local.emulation.alarm_clock import evaluate_all, judge


def alarm(**settings):
    return {
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 1.0,
        "EvaluationPeriods": 3,
        "StateValue": "INSUFFICIENT_DATA",
        **settings,
    }


@pytest.mark.parametrize(
    ("datapoints", "missing", "state"),
    [
        ([0, 0, 0], "missing", "OK"),
        ([2, 2, 2], "missing", "ALARM"),
        ([2, 2, 0], "missing", "OK"),
        ([None, None, None], "missing", "INSUFFICIENT_DATA"),
        ([None, None, None], "notBreaching", "OK"),
        ([None, None, None], "breaching", "ALARM"),
        ([None, 2, 2], "breaching", "ALARM"),
        ([None, 2, 2], "notBreaching", "OK"),
        ([None, None, 0], "breaching", "OK"),
    ],
)
def test_missing_data_counts_as_the_alarm_says(datapoints, missing, state):
    assert judge(alarm(TreatMissingData=missing), datapoints) == state


def test_ignored_missing_data_keeps_the_state():
    kept = alarm(TreatMissingData="ignore", StateValue="ALARM")
    assert judge(kept, [None, None, None]) == "ALARM"


def test_so_many_datapoints_out_of_so_many_ring():
    assert judge(alarm(DatapointsToAlarm=2), [2, 0, 2]) == "ALARM"


def test_a_threshold_itself_is_not_above_it():
    assert judge(alarm(), [1, 1, 1]) == "OK"
    assert judge(alarm(ComparisonOperator="LessThanThreshold"), [0, 0, 0]) == "ALARM"


@mock_aws
def test_only_the_alarm_of_the_metrics_own_dimensions_rings(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    cloudwatch = boto3.client("cloudwatch", region_name="eu-west-3")
    for name in ("api", "batch"):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[{"Name": "FunctionName", "Value": name}],
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        )
    batch = [{"Name": "FunctionName", "Value": "batch"}]
    cloudwatch.put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[{"MetricName": "Errors", "Dimensions": batch, "Value": 1}],
    )
    evaluate_all(cloudwatch, now=time.time())
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    assert {a["AlarmName"]: a["StateValue"] for a in alarms} == {"api": "OK", "batch": "ALARM"}
