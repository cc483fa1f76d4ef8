"""Real folders, and AWS in this process."""

import boto3
import pytest
from credit_scoring.aws import client
from credit_scoring.profiles import ProfileTable
from credit_scoring.storage import open_store
from moto import mock_aws

REGION = "eu-west-3"


@pytest.fixture
def aws(monkeypatch):
    """AWS as moto plays it, and no client left from another test."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    client.cache_clear()
    with mock_aws():
        yield
    client.cache_clear()


def make_bucket(name, *, versioned=False):
    client = boto3.client("s3", region_name=REGION)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if versioned:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return client


@pytest.fixture
def bucket(aws):
    make_bucket("models")
    return "models"


@pytest.fixture(params=["folder", "s3", "s3 without prefix"])
def store(request, tmp_path):
    """The same store in a folder and in S3: whatever holds for one must hold for the other."""
    if request.param == "folder":
        return open_store(tmp_path / "not" / "yet" / "there")
    bucket = request.getfixturevalue("bucket")
    return open_store(f"s3://{bucket}/some/prefix" if request.param == "s3" else f"s3://{bucket}")


@pytest.fixture
def profiles(aws):
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName="profiles",
        KeySchema=[{"AttributeName": "applicant_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "applicant_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return ProfileTable("profiles")
