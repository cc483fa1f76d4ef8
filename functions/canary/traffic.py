"""For how many business hours nobody was scored."""

from datetime import UTC, datetime, timedelta
from typing import Any

from credit_scoring.aws.clients import client, translated
from credit_scoring.metrics import BATCH_SCORER, NAMESPACE, SCORE_API, Metric

from functions.canary.business_hours import BusinessHours

# The longest pause that is one: a stack where nobody was scored for so long is not in use.
LOOK_BACK = timedelta(days=14)
HOUR = 3600
COUNTED = ((SCORE_API, Metric.SCORES), (BATCH_SCORER, Metric.SCORED_ROWS))


def hours_without_scores(hours: BusinessHours, now: datetime) -> int:
    """now : in the lender's zone. 0 before the first score. Raises StorageError."""
    last = max(filter(None, (_last_hour(*each, now) for each in COUNTED)), default=None)
    return 0 if last is None else hours.count_hours(last.astimezone(now.tzinfo), now)


def _last_hour(service: str, metric: Metric, now: datetime) -> datetime | None:
    """The end of the newest hour with a score, None when there is none."""
    with translated("get_metric_statistics", metric):
        answer: dict[str, Any] = client("cloudwatch").get_metric_statistics(
            Namespace=NAMESPACE,
            MetricName=metric.value,
            Dimensions=[{"Name": "service", "Value": service}],
            StartTime=(now - LOOK_BACK).astimezone(UTC),
            EndTime=now.astimezone(UTC),
            Period=HOUR,
            Statistics=["Sum"],
        )
    scored = [point["Timestamp"] for point in answer["Datapoints"] if point["Sum"] > 0]
    # An hour that is not over yet ends now.
    return min(max(scored) + timedelta(seconds=HOUR), now) if scored else None


def rings(alarm: str) -> bool:
    """Whether this alarm is in ALARM. Raises StorageError."""
    with translated("describe_alarms", alarm):
        answer = client("cloudwatch").describe_alarms(AlarmNames=[alarm])
    return any(found["StateValue"] == "ALARM" for found in answer["MetricAlarms"])
