"""The datapoints of an alarm, each over a window that slides by the minute.

GetMetricData cuts time at multiples of the period; CloudWatch's alarms do not: one that looks at
five minutes looks at minutes 2 to 6 after minutes 1 to 5. So minutes are asked for, and put
together here. A percentile cannot be put together: those of the minutes are averaged by their
samples, which is right where a minute is as good as the next.
Rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from infra.local.emulation.alarm_states import Alarm, evaluation_range

MINUTE: Final = 60
# GetMetricData takes 500 queries at once, and an alarm makes two.
ALARMS_A_CALL: Final = 250
_SAMPLES: Final = "SampleCount"
Values = Mapping[int, float]


def read_datapoints(
    cloudwatch: Any, alarms: Sequence[Alarm], now: float
) -> list[list[float | None]]:
    """For each alarm one value for each period of its evaluation range up to now, oldest first.

    The minute that is not over yet belongs to the newest period.
    """
    end = (int(now) // MINUTE + 1) * MINUTE
    found: list[list[float | None]] = []
    for first in range(0, len(alarms), ALARMS_A_CALL):
        some = alarms[first : first + ALARMS_A_CALL]
        results = _ask(cloudwatch, some, end)
        for number, alarm in enumerate(some):
            values, samples = (_by_minute(results.get(f"{k}{number}", {})) for k in ("v", "n"))
            found.append(_periods(alarm, values, samples, end))
    return found


def _ask(cloudwatch: Any, alarms: Sequence[Alarm], end: int) -> dict[str, Mapping[str, Any]]:
    """All minutes of all these alarms: the statistic, and how many samples it was made of."""
    queries: list[dict[str, Any]] = []
    for number, alarm in enumerate(alarms):
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
        queries += [_query(alarm, statistic, f"v{number}"), _query(alarm, _SAMPLES, f"n{number}")]
    start = end - max(alarm["Period"] * evaluation_range(alarm) for alarm in alarms)
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=end)
    return {result["Id"]: result for result in answer["MetricDataResults"]}


def _by_minute(result: Mapping[str, Any]) -> dict[int, float]:
    moments = (int(moment.timestamp()) for moment in result.get("Timestamps", []))
    return dict(zip(moments, result.get("Values", []), strict=True))


def _query(alarm: Alarm, statistic: str, key: str) -> dict[str, Any]:
    metric = {
        "Namespace": alarm["Namespace"],
        "MetricName": alarm["MetricName"],
        "Dimensions": alarm.get("Dimensions", []),
    }
    stat = {"Metric": metric, "Period": MINUTE, "Stat": statistic}
    return {"Id": key, "MetricStat": stat}


def _periods(alarm: Alarm, values: Values, samples: Values, end: int) -> list[float | None]:
    period, count = alarm["Period"], evaluation_range(alarm)
    combine = _COMBINED.get(alarm.get("Statistic", ""), _weighted)
    found: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    for minute, value in sorted(values.items()):
        age = (end - 1 - minute) // period
        if 0 <= age < count:
            found[count - 1 - age].append((value, samples.get(minute, 1.0)))
    return [combine(pairs) if pairs else None for pairs in found]


def _weighted(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)


_COMBINED: Final[Mapping[str, Callable[[Sequence[tuple[float, float]]], float]]] = {
    "Sum": lambda pairs: sum(value for value, _ in pairs),
    "SampleCount": lambda pairs: sum(value for value, _ in pairs),
    "Maximum": lambda pairs: max(value for value, _ in pairs),
    "Minimum": lambda pairs: min(value for value, _ in pairs),
}
