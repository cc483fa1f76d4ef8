"""Real folders, and AWS in this process."""

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.stored.profiles import ProfileTable

REGION = "eu-west-3"


@pytest.fixture
def aws(aws_account):
    """An empty account, and no client left from another test."""
    client.cache_clear()
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
