"""Alarms on what AWS tells of our functions, queues, tables, schedules and the API."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from infra.stack_parts.watching.alarm_book import FIVE_MINUTES, AlarmBook, api_metric

LATENCY_MS = 1_000
# One bad answer is a ticket; so many in five minutes are an outage.
SERVER_ERRORS_OF_AN_OUTAGE = 10
NEAR_A_LIMIT = 0.8
# Messages are deleted after 14 days: half of that is left to act.
OLDEST_MESSAGE = Duration.days(7)
REFUSED_CALLS = 100
# Three of the quarters of an hour that the stream gathers for.
LATE_RECORDS = Duration.minutes(45)


def watch_function(
    book: AlarmBook, name: str, function: lambda_.Function, *, waits: bool = False
) -> None:
    """waits : it takes its time on purpose and keeps the limit itself"""
    book.ticket(
        f"{name}Errors",
        function.metric_errors(period=FIVE_MINUTES, statistic="Sum"),
        entry="Errors",
        meaning=f"{name} raised an error: read its log group.",
    )
    book.ticket(
        f"{name}Throttles",
        function.metric_throttles(period=FIVE_MINUTES, statistic="Sum"),
        entry="Throttles",
        meaning=f"{name} was refused for lack of concurrency: raise the account's quota.",
    )
    book.ticket(
        f"{name}Dropped",
        function.metric("AsyncEventsDropped", period=FIVE_MINUTES, statistic="Sum"),
        entry="Dropped",
        meaning=f"Lambda gave up on an event of {name} before or after its retries.",
    )
    if not waits:
        timeout = function.timeout
        assert timeout is not None
        book.ticket(
            f"{name}Slow",
            function.metric_duration(period=FIVE_MINUTES, statistic="Maximum"),
            entry="Slow",
            threshold=NEAR_A_LIMIT * timeout.to_milliseconds(),
            meaning=f"A call of {name} took more than four fifths of the time that it has.",
        )


def watch_concurrency(book: AlarmBook, *, limit: int) -> None:
    """Of all functions of the account, which share one limit."""
    book.ticket(
        "Concurrency",
        lambda_.Function.metric_all_concurrent_executions(period=FIVE_MINUTES, statistic="Maximum"),
        threshold=NEAR_A_LIMIT * limit,
        meaning="Four fifths of the account's concurrent executions are used.",
    )


def watch_queue(book: AlarmBook, name: str, queue: sqs.Queue) -> None:
    book.ticket(
        f"{name}Failures",
        queue.metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES, statistic="Maximum"
        ),
        entry="Failures",
        meaning=f"{name} gave up on an event after every retry: read it and send it again.",
    )
    book.ticket(
        f"{name}FailuresOld",
        queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum"),
        entry="FailuresOld",
        threshold=OLDEST_MESSAGE.to_seconds(),
        meaning=f"What {name} gave up lies for seven days and is deleted after fourteen.",
    )


def watch_records(book: AlarmBook, stream: str) -> None:
    """Without data in it a stream says nothing; what it did not even take is `RecordFailures`."""
    book.ticket(
        "RecordsLate",
        record_age(stream),
        threshold=LATE_RECORDS.to_seconds(),
        meaning="Scores are given, but their records wait in the delivery stream for 45 minutes.",
    )


def record_age(stream: str) -> cloudwatch.Metric:
    """Of the oldest record that a delivery stream has not delivered, in seconds."""
    return cloudwatch.Metric(
        namespace="AWS/Firehose",
        metric_name="DeliveryToS3.DataFreshness",
        dimensions_map={"DeliveryStreamName": stream},
        period=FIVE_MINUTES,
        statistic="Maximum",
    )


def watch_table(
    book: AlarmBook, name: str, table: dynamodb.Table, *, indexes: Mapping[str, str]
) -> None:
    """indexes : names by what the alarms call them; an index is throttled by itself"""
    parts: dict[str, dict[str, str]] = {"": {}}
    parts |= {part: {"GlobalSecondaryIndexName": i} for part, i in indexes.items()}
    for part, dimensions in parts.items():
        for kind in ("Read", "Write"):
            book.ticket(
                f"{name}{part}{kind}Throttles",
                cloudwatch.Metric(
                    namespace="AWS/DynamoDB",
                    metric_name=f"{kind}ThrottleEvents",
                    dimensions_map={"TableName": table.table_name, **dimensions},
                    period=FIVE_MINUTES,
                    statistic="Sum",
                ),
                entry="TableThrottles",
                meaning=f"The table of {name.lower()} refused a {kind.lower()} for its rate.",
            )


def watch_schedules(book: AlarmBook, group: scheduler.ScheduleGroup) -> None:
    book.ticket(
        "SchedulesFailed",
        group.metric_target_errors(period=FIVE_MINUTES, statistic="Sum"),
        entry="Schedules",
        meaning="A schedule could not start its function: it is tried again.",
    )
    book.ticket(
        "SchedulesDropped",
        group.metric_dropped(period=FIVE_MINUTES, statistic="Sum"),
        entry="Schedules",
        meaning="A schedule gave up on starting its function: start it by hand.",
    )


def watch_api(book: AlarmBook, api_id: str, access_log: logs.LogGroup) -> None:
    book.page(
        "ApiDown",
        api_metric("5xx", api_id, statistic="Sum"),
        threshold=SERVER_ERRORS_OF_AN_OUTAGE,
        meaning="The API answered 5xx more than ten times in five minutes: ask /api/health/parts.",
    )
    book.ticket(
        "ApiServerErrors",
        api_metric("5xx", api_id, statistic="Sum"),
        meaning="The API answered 5xx: read its access log, then the function's.",
    )
    book.ticket(
        "ApiLatency",
        api_metric("Latency", api_id, statistic="p95"),
        threshold=LATENCY_MS,
        periods=3,
        meaning="One request in twenty took over a second for a quarter of an hour.",
    )
    book.ticket(
        "RefusedCallers",
        count_refused_callers(access_log),
        threshold=REFUSED_CALLS,
        meaning="Over a hundred calls without a valid token or right in five minutes.",
    )


def count_refused_callers(access_log: logs.LogGroup) -> cloudwatch.Metric:
    """401 and 403 of the gateway itself, which no function sees; its 4xx would count typos too."""
    statuses = [logs.FilterPattern.string_value("$.status", "=", s) for s in ("401", "403")]
    counted = logs.MetricFilter(
        access_log,
        "RefusedCallers",
        log_group=access_log,
        filter_pattern=logs.FilterPattern.any(*statuses),
        metric_namespace="CreditScoring/AccessLog",
        metric_name="RefusedCallers",
        metric_value="1",
    )
    return counted.metric(period=FIVE_MINUTES, statistic="Sum")


def watch_big_files(book: AlarmBook, state_machine: sfn.StateMachine) -> None:
    book.ticket(
        "BigFilesFailed",
        state_machine.metric_failed(period=FIVE_MINUTES, statistic="Sum"),
        meaning="A big file was given up: repair the cause, then make redrive.",
    )
