"""What tells an operator: every alarm, each to the topic of its urgency."""

from collections.abc import Mapping

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct
from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.stored.cases import CHANGED

from infra.stack_parts.storage import RECENT_BATCHES, Storage
from infra.stack_parts.watching.alarm_book import AlarmBook
from infra.stack_parts.watching.scoring_alarms import watch_canary, watch_findings, watch_scores
from infra.stack_parts.watching.service_alarms import (
    watch_api,
    watch_big_files,
    watch_concurrency,
    watch_function,
    watch_queue,
    watch_records,
    watch_schedules,
    watch_table,
)
from infra.stack_parts.watching.settings import WatchSettings
from infra.stack_parts.watching.topics import Topics


class Alarms(Construct):
    """Every alarm's name begins with the stack's.

    functions, waiting : by the names that their alarms begin with
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: WatchSettings,
        topics: Topics,
        functions: Mapping[str, lambda_.Function],
        waiting: Mapping[str, lambda_.Function],
        queues: Mapping[str, sqs.Queue],
        storage: Storage,
        schedules: scheduler.ScheduleGroup,
        api_id: str,
        access_log: logs.LogGroup,
        state_machine: sfn.StateMachine,
        record_stream: str,
    ) -> None:
        super().__init__(scope, construct_id)
        book = AlarmBook(self, topics=topics, runbook=settings.runbook_url)
        for name, function in functions.items():
            watch_function(book, name, function)
        for name, function in waiting.items():
            watch_function(book, name, function, waits=True)
        watch_concurrency(book, limit=settings.account_concurrency)
        for name, queue in queues.items():
            watch_queue(book, name, queue)
        watch_tables(book, storage)
        watch_schedules(book, schedules)
        watch_api(book, api_id, access_log)
        watch_big_files(book, state_machine)
        watch_scores(book)
        watch_records(book, record_stream)
        watch_findings(book, oldest_model_days=settings.oldest_model_days)
        watch_canary(book)


def watch_tables(book: AlarmBook, storage: Storage) -> None:
    watch_table(book, "Profiles", storage.profiles, indexes={})
    watch_table(book, "Cases", storage.cases, indexes={"Changed": CHANGED})
    watch_table(book, "Decisions", storage.decisions, indexes={"ByApplicant": BY_APPLICANT})
    watch_table(book, "Calls", storage.calls, indexes={})
    watch_table(book, "Batches", storage.batches, indexes={"Recent": RECENT_BATCHES})
