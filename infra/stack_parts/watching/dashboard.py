"""One page for an operator: what goes on, how it goes, what was found."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from credit_scoring.metrics import BATCH_SCORER, CANARY, DRIFT_MONITOR, SCORE_API, Metric

from infra.stack_parts.watching.alarm_book import DAY, FIVE_MINUTES, HOUR, api_metric, own_metric
from infra.stack_parts.watching.scoring_alarms import TECHNICAL, nightly
from infra.stack_parts.watching.service_alarms import record_age

WHOLE, HALF = 24, 12
DASHBOARD_NAME = f"{Aws.STACK_NAME}-operation"


class Dashboard(Construct):
    """name : of the dashboard."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Mapping[str, lambda_.Function],
        queues: Mapping[str, sqs.Queue],
        api_id: str,
        record_stream: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.name = DASHBOARD_NAME
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.name,
            widgets=[
                [graph("Traffic", traffic()), graph("Verdicts", verdicts())],
                [graph("Latency of the API (ms)", latency(api_id)),
                 graph("Refused and failed", failures(api_id))],
                [graph("Findings of the night", findings(), width=WHOLE)],
                [graph("Estimated cost an applicant, and when it rose", estimated_cost()),
                 graph("Scores in the window, days without a verdict, age of the model", window())],
                [graph("Canary: failures, and seconds of its file", canary()),
                 graph("Given up, waiting in queues", depths(queues))],
                [graph("Records: age of the oldest in the stream (s)", [record_age(record_stream)],
                       width=WHOLE)],
                [graph("Functions: longest call (ms)", longest(functions)),
                 graph("Functions: errors and throttles", errors(functions))],
            ],
        )  # fmt: skip


def graph(
    title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int = HALF
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=width)


def traffic() -> list[cloudwatch.Metric]:
    batch = (Metric.BATCHES, Metric.SCORED_ROWS, Metric.REJECTED_ROWS)
    return [
        own_metric(Metric.REQUESTS, service=SCORE_API),
        *(own_metric(metric, service=BATCH_SCORER) for metric in batch),
    ]


def verdicts() -> list[cloudwatch.Metric]:
    told = (Metric.SCORES, Metric.REFUSALS, Metric.REVIEWS)
    return [own_metric(metric, service=SCORE_API) for metric in told]


def latency(api_id: str) -> list[cloudwatch.Metric]:
    return [api_metric("Latency", api_id, statistic=which) for which in ("p50", "p95", "p99")]


def failures(api_id: str) -> list[cloudwatch.Metric]:
    told = (Metric.INVALID_APPLICANTS, Metric.MODEL_LOAD_FAILURES, Metric.RECORD_FAILURES)
    return [
        api_metric("4xx", api_id, statistic="Sum"),
        api_metric("5xx", api_id, statistic="Sum"),
        *(own_metric(metric, service=SCORE_API) for metric in told),
        own_metric(Metric.FAILED_BATCHES, service=BATCH_SCORER),
    ]


def findings() -> list[cloudwatch.Metric]:
    return [nightly(metric) for metric in (*TECHNICAL, Metric.POPULATION_SHIFTS)]


def estimated_cost() -> list[cloudwatch.Metric]:
    return [
        own_metric(Metric.ESTIMATED_COST, service=DRIFT_MONITOR, period=DAY, statistic="Maximum"),
        nightly(Metric.COST_RISES),
    ]


def window() -> list[cloudwatch.Metric]:
    told = (Metric.SCORES_IN_WINDOW, Metric.DAYS_WITHOUT_VERDICT, Metric.MODEL_AGE_DAYS)
    return [
        own_metric(metric, service=DRIFT_MONITOR, period=DAY, statistic="Maximum")
        for metric in told
    ]


def canary() -> list[cloudwatch.Metric]:
    told = (Metric.CANARY_FAILURES, Metric.CANARY_SECONDS, Metric.HOURS_WITHOUT_SCORES)
    return [own_metric(metric, service=CANARY, period=HOUR, statistic="Maximum") for metric in told]


def depths(queues: Mapping[str, sqs.Queue]) -> list[cloudwatch.Metric]:
    return [
        queue.metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES, statistic="Maximum", label=name
        )
        for name, queue in queues.items()
    ]


def longest(functions: Mapping[str, lambda_.Function]) -> list[cloudwatch.Metric]:
    return [
        function.metric_duration(period=FIVE_MINUTES, statistic="Maximum", label=name)
        for name, function in functions.items()
    ]


def errors(functions: Mapping[str, lambda_.Function]) -> list[cloudwatch.Metric]:
    found: list[cloudwatch.Metric] = []
    for name, function in functions.items():
        how = {"period": FIVE_MINUTES, "statistic": "Sum"}
        found.append(function.metric_errors(**how, label=f"{name} errors"))  # type: ignore[arg-type]
        found.append(function.metric_throttles(**how, label=f"{name} throttles"))  # type: ignore[arg-type]
    return found
