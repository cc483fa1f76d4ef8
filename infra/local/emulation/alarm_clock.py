"""Evaluates the alarms as CloudWatch does.

The emulator's own evaluation ignores dimensions, periods and missing data, so that one function's
error would ring another one's alarm; this one goes through AWS's public calls only.
Rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import logging
import operator
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from infra.access import Access

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Alarm = Mapping[str, Any]

EVERY: Final = 2.0  # seconds; CloudWatch takes a minute
_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
logger = logging.getLogger("alarms")


class AlarmClock:
    """Looks at every metric alarm again and again, from a thread that ends with the process.

    measure : called before each look, to publish what nobody else counts
    """

    def __init__(self, access: Access, measure: Callable[[], None] = lambda: None) -> None:
        self._access = access
        self._measure = measure

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name="alarm-clock").start()

    def _run(self) -> None:
        cloudwatch = self._access.client("cloudwatch")
        while True:
            time.sleep(EVERY)
            try:
                self._measure()
                evaluate_all(cloudwatch, now=time.time())
            except EndpointConnectionError:
                continue  # the emulator is still starting
            except (BotoCoreError, ClientError) as error:
                logger.warning("alarms were not evaluated: %s", error)


def evaluate_all(cloudwatch: Any, *, now: float) -> None:
    """Set the state of every alarm whose state has changed."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"] if "MetricName" in alarm]
    if not alarms:
        return
    for alarm, datapoints in zip(alarms, read_datapoints(cloudwatch, alarms, now), strict=True):
        state = judge(alarm, datapoints)
        if state != alarm["StateValue"]:
            reason = f"{alarm['EvaluationPeriods']} periods: {datapoints}"
            cloudwatch.set_alarm_state(
                AlarmName=alarm["AlarmName"], StateValue=state, StateReason=reason[:1000]
            )


def judge(alarm: Alarm, datapoints: Sequence[float | None]) -> State:
    """The state that these datapoints call for; None is a period without data."""
    missing = alarm.get("TreatMissingData", "missing")
    if missing in ("missing", "ignore") and all(value is None for value in datapoints):
        current: State = alarm["StateValue"]
        return current if missing == "ignore" else "INSUFFICIENT_DATA"
    breaches = _COMPARISONS[alarm["ComparisonOperator"]]
    breaching = sum(
        missing == "breaching" if value is None else breaches(value, alarm["Threshold"])
        for value in datapoints
    )
    needed = alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"]
    return "ALARM" if breaching >= needed else "OK"


def read_datapoints(
    cloudwatch: Any, alarms: Sequence[Alarm], now: float
) -> list[list[float | None]]:
    """For each alarm, one value for each of its periods up to now, the oldest first."""
    queries = [_query(number, alarm) for number, alarm in enumerate(alarms)]
    # Values lie at the start of their period, and the oldest one began before its window.
    start = now - max(alarm["Period"] * (alarm["EvaluationPeriods"] + 1) for alarm in alarms)
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=now + 1)
    results = {result["Id"]: result for result in answer["MetricDataResults"]}
    return [
        _recent(alarm, results.get(f"m{number}", {}), now) for number, alarm in enumerate(alarms)
    ]


def _query(number: int, alarm: Alarm) -> dict[str, Any]:
    metric = {
        "Namespace": alarm["Namespace"],
        "MetricName": alarm["MetricName"],
        "Dimensions": alarm.get("Dimensions", []),
    }
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    stat = {"Metric": metric, "Period": alarm["Period"], "Stat": statistic}
    return {"Id": f"m{number}", "MetricStat": stat}


def _recent(alarm: Alarm, result: Mapping[str, Any], now: float) -> list[float | None]:
    """Place each value in the period that its start lies in, counted back from now."""
    period, count = alarm["Period"], alarm["EvaluationPeriods"]
    current = int(now // period)
    values: list[float | None] = [None] * count
    pairs = zip(result.get("Timestamps", []), result.get("Values", []), strict=True)
    for moment, value in pairs:
        age = current - int(moment.timestamp() // period)
        if 0 <= age < count:
            values[count - 1 - age] = value
    return values
