"""How every alarm is made: one metric, one urgency, one entry of the runbook."""

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct
from credit_scoring.metrics import NAMESPACE, Metric

from infra.stack_parts.watching.topics import Topics

FIVE_MINUTES, HOUR, DAY = Duration.minutes(5), Duration.hours(1), Duration.days(1)
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
SILENCE_IS_FINE = cloudwatch.TreatMissingData.NOT_BREACHING
SILENCE_IS_BAD = cloudwatch.TreatMissingData.BREACHING
# What was found stands until the next run finds something else.
SILENCE_CHANGES_NOTHING = cloudwatch.TreatMissingData.IGNORE
# How far beyond the periods that it evaluates CloudWatch looks for data before it takes them for
# missing (in AWS's own examples): an alarm on silence rings so many periods later.
FURTHER_PERIODS = 2


class AlarmBook:
    """Makes the alarms of one construct.

    runbook : address of the page that says of each alarm what it means and what to do
    """

    def __init__(self, scope: Construct, *, topics: Topics, runbook: str) -> None:
        self._scope, self._topics, self._runbook = scope, topics, runbook

    def page(self, name: str, metric: cloudwatch.Metric, **how: Any) -> None:
        """Wakes somebody. `how` as of `_add`."""
        self._add(name, metric, self._topics.page, **how)

    def ticket(self, name: str, metric: cloudwatch.Metric, **how: Any) -> None:
        """Is read in the morning. `how` as of `_add`."""
        self._add(name, metric, self._topics.ticket, **how)

    def _add(
        self,
        name: str,
        metric: cloudwatch.Metric,
        topic: sns.Topic,
        *,
        meaning: str,
        entry: str = "",
        threshold: float = 0,
        comparison: cloudwatch.ComparisonOperator = ABOVE,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = SILENCE_IS_FINE,
    ) -> None:
        """meaning : one sentence; entry : heading in the runbook, its own name unless it shares"""
        alarm = metric.create_alarm(
            self._scope,
            name,
            # Read in an e-mail at night.
            alarm_name=f"{Aws.STACK_NAME}-{name}",
            alarm_description=f"{meaning} {self._runbook}#{(entry or name).lower()}",
            threshold=threshold,
            comparison_operator=comparison,
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
        alarm.add_ok_action(actions.SnsAction(topic))


def own_metric(
    name: Metric, *, service: str, period: Duration = FIVE_MINUTES, statistic: str = "Sum"
) -> cloudwatch.Metric:
    """What a function tells of itself in its log."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name.value,
        dimensions_map={"service": service},
        period=period,
        statistic=statistic,
    )


def api_metric(name: str, api_id: str, *, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=name,
        dimensions_map={"ApiId": api_id},
        period=FIVE_MINUTES,
        statistic=statistic,
    )
