"""Who may do what with what is kept: each function's list, action by action."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.stored.cases import CHANGED

from infra.stack_parts.batch import EVENT_BUS
from infra.stack_parts.big_files import big_files_arn
from infra.stack_parts.records import Records
from infra.stack_parts.rules import allow
from infra.stack_parts.settings import CallSettings
from infra.stack_parts.storage import RECENT_BATCHES, Storage

BUNDLES = "A bundle's files are found by its version, which is published after this policy."
FILES = "A branch names its files; the prefix is all that is known beforehand."
RECORDS = "Records are named by day and model version, and by upload until they are compacted."
REPORTS = "Reports are named by day and time."
LISTS = "A list's files are named by branch and upload."


def grant_api(
    function: lambda_.Function,
    storage: Storage,
    *,
    records: Records,
    queues: Mapping[str, sqs.Queue],
) -> None:
    """Read models, profiles and results; record scores; sign uploads in its own name.

    records : the stream that takes scores
    queues : of what failed, by whose it is; their depth is part of the API's health
    """
    role = role_of(function)
    read_models(role, storage)
    allow(
        role,
        ["dynamodb:GetItem", "dynamodb:BatchGetItem"],
        [storage.profiles.table_arn],
        why="One table.",
    )
    cases = storage.cases.table_arn
    allow(role, ["dynamodb:GetItem", "dynamodb:UpdateItem"], [cases], why="One table.")
    allow(role, ["dynamodb:Query"], [f"{cases}/index/{CHANGED}"], why="One index.")
    batches = storage.batches.table_arn
    # Of a file that was sent several times the newest is asked of the table.
    allow(role, ["dynamodb:GetItem", "dynamodb:Query"], [batches], why="One table.")
    allow(role, ["dynamodb:Query"], [f"{batches}/index/{RECENT_BATCHES}"], why="One index.")
    actions = ["dynamodb:GetItem", "dynamodb:PutItem"]
    decisions = storage.decisions.table_arn
    allow(role, actions, [decisions], why="One table; nothing updated, nothing deleted.")
    by_applicant = f"{decisions}/index/{BY_APPLICANT}"
    allow(role, ["dynamodb:Query"], [by_applicant], why="One index.")
    allow(role, ["s3:PutObject"], [storage.uploads_by_name.arn_for_objects("uploads/*")], why=FILES)
    arns = [queue.queue_arn for queue in queues.values()]
    allow(role, ["sqs:GetQueueAttributes"], arns, why="Their depth, no message.")
    for name, queue in queues.items():
        function.add_environment(f"{name}_FAILURES_QUEUE", queue.queue_url)
    results = storage.results
    allow(role, ["s3:GetObject"], [results.arn_for_objects("scored/*")], why=FILES)
    allow(role, ["s3:GetObject"], [results.arn_for_objects("lists/*")], why=LISTS)
    allow(role, ["firehose:PutRecord"], [records.arn], why="One stream.")
    function.add_environment("RECORD_STREAM", records.name)
    read_pseudonym_key(role, storage)
    # Without it S3 answers 403, not 404, for a result that is not there yet.
    allow(role, ["s3:ListBucket"], [results.bucket_arn], why="Key names only.")


def grant_batch(function: lambda_.Function, storage: Storage) -> None:
    """Read the named version of an upload; write results, records and profiles."""
    role = role_of(function)
    read_models(role, storage)
    # The version that an event names, never just the newest.
    uploads = [storage.uploads_by_name.arn_for_objects("uploads/*")]
    allow(role, ["s3:GetObjectVersion"], uploads, why=FILES)
    # So that an upload that was deleted meanwhile is 404, and no failure of ours.
    allow(role, ["s3:ListBucket"], [storage.uploads_by_name.bucket_arn], why="Key names only.")
    results = storage.results
    places = [results.arn_for_objects("scored/*"), results.arn_for_objects("work/*")]
    # A result is put together in parts; one that is broken off leaves nothing to pay for.
    actions = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    allow(role, actions, places, why=FILES)
    allow(role, ["s3:PutObject"], [results.arn_for_objects("records/incoming/*")], why=RECORDS)
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    allow(role, actions, [results.arn_for_objects("lists/*")], why=LISTS)
    read_pseudonym_key(role, storage)
    allow(role, ["s3:ListBucket"], [results.bucket_arn], why="Key names only.")
    actions = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"]
    allow(role, actions, [storage.profiles.table_arn], why="One table, no index.")
    actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    allow(role, actions, [storage.batches.table_arn], why="One table, no index.")


def grant_big_files(function: lambda_.Function) -> None:
    """Start the one state machine, tell that a batch ended."""
    role = role_of(function)
    allow(role, ["states:StartExecution"], [big_files_arn(function)], why="One state machine.")
    bus = Stack.of(function).format_arn(
        service="events", resource="event-bus", resource_name=EVENT_BUS
    )
    allow(role, ["events:PutEvents"], [bus], why="One bus.")


def grant_drift(function: lambda_.Function, storage: Storage) -> None:
    """Read models; compact and read records; compare with earlier reports, write new ones.

    Metrics leave through the log.
    """
    role = role_of(function)
    read_models(role, storage)
    results = storage.results
    actions = ["s3:GetObject", "s3:PutObject"]
    allow(role, actions, [results.arn_for_objects("records/*")], why=RECORDS)
    allow(role, actions, [results.arn_for_objects("drift/*")], why=REPORTS)
    # Findings of which somebody knows.
    said = [results.arn_for_objects("acknowledged/*")]
    allow(role, ["s3:GetObject"], said, why="Named by finding and time.")
    # Once a day's file holds them; and what nobody can search for who is to be forgotten.
    folders = ("incoming", "damaged", "undelivered")
    passing = [results.arn_for_objects(f"records/{folder}/*") for folder in folders]
    allow(role, ["s3:DeleteObject"], passing, why=RECORDS)
    allow(role, ["s3:ListBucket"], [results.bucket_arn], why="Key names only.")


def grant_counting(function: lambda_.Function, storage: Storage, calls: CallSettings) -> None:
    """Count the calls of each caller, for a function behind the API."""
    table = storage.calls
    allow(role_of(function), ["dynamodb:UpdateItem"], [table.table_arn], why="One table.")
    function.add_environment("CALLS_TABLE", table.table_name)
    function.add_environment("CALLS_OF_PERSON", str(calls.of_person))
    function.add_environment("CALLS_OF_MACHINE", str(calls.of_machine))


def read_models(role: iam.Role, storage: Storage) -> None:
    allow(role, ["s3:GetObject"], [storage.models.arn_for_objects("models/*")], why=BUNDLES)
    # So that a missing champion is 404, said in words, and not an access denied.
    allow(role, ["s3:ListBucket"], [storage.models.bucket_arn], why="Key names only.")
    allow(role, ["kms:VerifyMac"], [storage.pointer_key.key_arn], why="One key.")


def read_pseudonym_key(role: iam.Role, storage: Storage) -> None:
    actions = ["secretsmanager:GetSecretValue"]
    allow(role, actions, [storage.pseudonym_key_arn], why="One secret.")


def role_of(function: lambda_.Function) -> iam.Role:
    role = function.role
    assert isinstance(role, iam.Role)
    return role
