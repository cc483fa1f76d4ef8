"""What wakes an operator: alarms that all write to one topic."""

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct
from credit_scoring.metrics import BATCH_SCORER, DRIFT_MONITOR, NAMESPACE, SCORE_API, Metric

FIVE_MINUTES = Duration.minutes(5)
DAY = Duration.days(1)
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
SILENCE_IS_FINE = cloudwatch.TreatMissingData.NOT_BREACHING
SILENCE_IS_BAD = cloudwatch.TreatMissingData.BREACHING
# Beyond these, the model sees a population that it was not trained on.
DRIFT_SHARE_THRESHOLD = 0.3
PD_DRIFT_THRESHOLD = 0.1
LATENCY_THRESHOLD_MS = 1000
# One bad file is its sender's business, who is told; several at once are ours as well.
FAILED_BATCHES_THRESHOLD = 3
HOURS_WITHOUT_DRIFT_RUN = 26


class Alarms(Construct):
    """topic; names : every alarm's name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Mapping[str, lambda_.Function],
        queues: Mapping[str, sqs.Queue],
        api_id: str,
        state_machine: sfn.StateMachine,
        email: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        # CloudWatch cannot write to a topic under the AWS-managed key; messages name metrics only.
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        let_alarms_publish(self.topic)
        if email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        self.names: list[str] = []
        for name, function in functions.items():
            self._watch_function(name, function)
        for name, queue in queues.items():
            self._watch_queue(name, queue)
        self._watch_api(api_id)
        self._watch_model()
        self._watch_batches(state_machine)
        self._watch_drift()

    def _watch_function(self, name: str, function: lambda_.Function) -> None:
        self._add(
            f"{name}Errors",
            function.metric_errors(period=FIVE_MINUTES, statistic="Sum"),
            threshold=0,
            meaning=f"{name} raised an error: read its log group.",
        )
        self._add(
            f"{name}Throttles",
            function.metric_throttles(period=FIVE_MINUTES, statistic="Sum"),
            threshold=0,
            meaning=f"{name} was refused for lack of concurrency: raise the account's quota.",
        )

    def _watch_queue(self, name: str, queue: sqs.Queue) -> None:
        self._add(
            f"{name}Failures",
            queue.metric_approximate_number_of_messages_visible(
                period=FIVE_MINUTES, statistic="Maximum"
            ),
            threshold=0,
            meaning=f"{name} gave up on an event after every retry: read it and send it again.",
        )

    def _watch_api(self, api_id: str) -> None:
        self._add(
            "ApiServerErrors",
            api_metric("5xx", api_id, statistic="Sum"),
            threshold=0,
            meaning="The API answered 5xx: read its access log, then the function's.",
        )
        self._add(
            "ApiLatency",
            api_metric("Latency", api_id, statistic="p95"),
            threshold=LATENCY_THRESHOLD_MS,
            periods=3,
            meaning="One request in twenty took over a second for a quarter of an hour.",
        )

    def _watch_model(self) -> None:
        self._add(
            "ModelLoadFailures",
            own_metric(
                Metric.MODEL_LOAD_FAILURES, service=SCORE_API, period=FIVE_MINUTES, statistic="Sum"
            ),
            threshold=0,
            meaning="The API cannot load the champion, an older one may serve: ask /api/health.",
        )
        self._add(
            "RecordFailures",
            own_metric(
                Metric.RECORD_FAILURES, service=SCORE_API, period=FIVE_MINUTES, statistic="Sum"
            ),
            threshold=0,
            meaning="Scores were given but not recorded: drift will not see them, read the log.",
        )

    def _watch_batches(self, state_machine: sfn.StateMachine) -> None:
        self._add(
            "BigFilesFailed",
            state_machine.metric_failed(period=FIVE_MINUTES, statistic="Sum"),
            threshold=0,
            meaning="A big file was given up: repair the cause, then make redrive.",
        )
        self._add(
            "FailedBatches",
            own_metric(
                Metric.FAILED_BATCHES,
                service=BATCH_SCORER,
                period=Duration.hours(1),
                statistic="Sum",
            ),
            threshold=FAILED_BATCHES_THRESHOLD,
            meaning="Several files in an hour could not be used: read their manifests.",
        )

    def _watch_drift(self) -> None:
        self._add(
            "DriftShare",
            drift_metric(Metric.DRIFTED_FEATURE_SHARE, period=DAY, statistic="Maximum"),
            threshold=DRIFT_SHARE_THRESHOLD,
            meaning="The applicants differ from the reference: read the drift report.",
        )
        self._add(
            "PdDrift",
            drift_metric(Metric.DEFAULT_PROBABILITY_DRIFT, period=DAY, statistic="Maximum"),
            threshold=PD_DRIFT_THRESHOLD,
            meaning="The scores differ from the reference: read the drift report.",
        )
        self._add(
            "DriftMissing",
            drift_metric(Metric.DRIFT_RUNS, period=Duration.hours(1), statistic="Sum"),
            threshold=1,
            comparison=BELOW,
            periods=HOURS_WITHOUT_DRIFT_RUN,
            missing=SILENCE_IS_BAD,
            meaning="No drift report for 26 hours: read the drift monitor's log group.",
        )

    def _add(
        self,
        construct_id: str,
        metric: cloudwatch.Metric,
        *,
        threshold: float,
        meaning: str,
        comparison: cloudwatch.ComparisonOperator = ABOVE,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = SILENCE_IS_FINE,
    ) -> None:
        alarm = metric.create_alarm(
            self,
            construct_id,
            # Read in an e-mail at night, and short enough for one output to list them all.
            alarm_name=f"{Aws.STACK_NAME}-{construct_id}",
            alarm_description=meaning,
            threshold=threshold,
            comparison_operator=comparison,
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))
        self.names.append(alarm.alarm_name)


def let_alarms_publish(topic: sns.Topic) -> None:
    """A topic with a policy of its own, here that of TLS, no longer has the one that allows it."""
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )


def api_metric(name: str, api_id: str, *, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=name,
        dimensions_map={"ApiId": api_id},
        period=FIVE_MINUTES,
        statistic=statistic,
    )


def drift_metric(name: Metric, *, period: Duration, statistic: str) -> cloudwatch.Metric:
    return own_metric(name, service=DRIFT_MONITOR, period=period, statistic=statistic)


def own_metric(
    name: Metric, *, service: str, period: Duration, statistic: str
) -> cloudwatch.Metric:
    """What a function tells of itself in its log."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name.value,
        dimensions_map={"service": service},
        period=period,
        statistic=statistic,
    )
