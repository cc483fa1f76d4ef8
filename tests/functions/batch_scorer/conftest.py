"""In-process AWS with versioned buckets behind the real function, and a real small model."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import Model
from credit_scoring.stored.batches import BatchTable
from credit_scoring.stored.profiles import ProfileTable
from moto.s3.models import S3Backend

from tests.functions.batch_scorer.branch import SERVICE, Branch, start_function

if TYPE_CHECKING:
    from tests.models import SmallModel

ENVIRONMENT = {
    "MODELS_URL": "s3://models/models",
    "PROFILES_TABLE": "profiles",
    "RESULTS_URL": "s3://results/scored",
    "RECORDS_URL": "s3://results/records",
    "LISTS_URL": "s3://results/lists",
    "PSEUDONYM_KEY": "a key of tests",
    "WORK_URL": "s3://results/work",
    "BATCHES_TABLE": "batches",
    "EVENT_BUS": "default",
    "POWERTOOLS_SERVICE_NAME": SERVICE,
    "POWERTOOLS_METRICS_NAMESPACE": "CreditScoring",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


@pytest.fixture
def aws(aws_account, monkeypatch) -> Iterator[None]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    client.cache_clear()
    create_buckets()
    create_tables()
    yield
    client.cache_clear()


def create_tables() -> None:
    """Of profiles and of batches, as the stack makes them."""
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="profiles",
        KeySchema=_keys("applicant_id"),
        AttributeDefinitions=_texts("applicant_id"),
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.create_table(
        TableName="batches",
        KeySchema=_keys("branch", "batch"),
        AttributeDefinitions=_texts("branch", "batch", "kind", "received_at"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "recent",
                "KeySchema": _keys("kind", "received_at"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def _keys(*names: str) -> list:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]


def _texts(*names: str) -> list:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def create_buckets() -> None:
    s3 = boto3.client("s3")
    for bucket in ("models", "uploads", "results"):
        where = {"LocationConstraint": "eu-west-3"}
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


@pytest.fixture
def model(aws, small_model: "SmallModel") -> Model:
    """The champion, as the function loads it."""
    models = open_store(ENVIRONMENT["MODELS_URL"])
    small_model.publish(models)
    return load_champion(models)


@pytest.fixture
def branch(model: Model) -> Branch:
    return Branch(start_function())


@pytest.fixture
def batches(aws) -> BatchTable:
    return BatchTable("batches")


@pytest.fixture
def profiles(aws) -> ProfileTable:
    return ProfileTable("profiles")


@pytest.fixture
def outage(aws, monkeypatch):
    """Call it, and from then on connections to AWS are refused."""

    def begin() -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)  # botocore's pauses between attempts
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        client.cache_clear()

    yield begin
    monkeypatch.undo()
    client.cache_clear()


@pytest.fixture
def before_put(monkeypatch):
    """Give it what S3 does from now on with the key of an object, before it keeps the object."""
    put = S3Backend.put_object

    def begin(act):
        def put_object(backend, bucket_name, key_name, *others, **named):
            act(key_name)
            return put(backend, bucket_name, key_name, *others, **named)

        monkeypatch.setattr(S3Backend, "put_object", put_object)

    return begin
