"""From datapoints to a state: how CloudWatch treats missing data.

More periods are looked at than are evaluated. Where as many of them have data as are evaluated, the
newest that have are all that counts, however data are treated that are missing; where fewer have,
the missing ones are filled in as the alarm says, as few of them as possible.
Rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Alarm = Mapping[str, Any]

# How many periods beyond the evaluated ones are looked at; AWS's own examples have two.
FURTHER_PERIODS: Final = 2
_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def evaluation_range(alarm: Alarm) -> int:
    """How many periods are looked at."""
    return int(alarm["EvaluationPeriods"]) + FURTHER_PERIODS


def judge(alarm: Alarm, datapoints: Sequence[float | None]) -> State:
    """The state that the datapoints of the evaluation range call for, the oldest first.

    None is a period without data.
    """
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    threshold, periods = alarm["Threshold"], int(alarm["EvaluationPeriods"])
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    breaches = [None if value is None else compare(value, threshold) for value in datapoints]
    real = [breach for breach in breaches if breach is not None]
    if len(real) >= periods:
        return "ALARM" if sum(real[-periods:]) >= needed else "OK"
    treatment = alarm.get("TreatMissingData", "missing")
    if treatment in ("breaching", "notBreaching"):
        filled = (periods - len(real)) * (treatment == "breaching")
        return "ALARM" if sum(real) + filled >= needed else "OK"
    if sum(real) >= needed:
        return "ALARM"
    if not all(real):  # something is there that does not breach
        return "OK"
    current: State = alarm["StateValue"]
    if treatment == "ignore":
        return current
    if not real:
        return "INSUFFICIENT_DATA"
    return "ALARM" if _is_premature_no_longer(breaches, needed) else "OK"


def _is_premature_no_longer(breaches: Sequence[bool | None], needed: int) -> bool:
    """Whether the oldest breach is as old as the datapoints to alarm."""
    oldest = next(place for place, breach in enumerate(breaches) if breach)
    return len(breaches) - oldest >= needed
