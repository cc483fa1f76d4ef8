"""Buckets that go are emptied to the last version; versions of functions that stay are few."""

import io
import zipfile

import boto3
import pytest
from moto import mock_aws

from infra.access import Access
from infra.release.emptying import empty_bucket, prune_versions

REGION = "eu-west-3"


@pytest.fixture
def access(monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Access(region=REGION, access_key="testing", secret_key="testing")


def test_a_bucket_loses_every_version_of_everything_and_another_nothing(access) -> None:
    s3 = access.client("s3")
    for name in ("mine", "other"):
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        versions = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versions)
        for _ in range(2):
            s3.put_object(Bucket=name, Key="a", Body=b"")
        s3.delete_object(Bucket=name, Key="a")
    assert empty_bucket("mine", s3) == 3
    s3.delete_bucket(Bucket="mine")  # S3 refuses one that holds anything
    assert len(s3.list_object_versions(Bucket="other")["Versions"]) == 2


def test_old_versions_go_but_never_one_that_answers(access) -> None:
    lambda_ = boto3.client("lambda", region_name=REGION)
    boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", "def handler(event, context): pass")
    lambda_.create_function(
        FunctionName="f", Runtime="python3.13", Handler="f.handler",
        Role="arn:aws:iam::123456789012:role/r", Code={"ZipFile": code.getvalue()},
    )  # fmt: skip
    for number in range(5):
        lambda_.update_function_configuration(FunctionName="f", Description=str(number))
        lambda_.publish_version(FunctionName="f")
    lambda_.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    assert prune_versions("f", lambda_) == ["2", "3"]
    left = lambda_.list_versions_by_function(FunctionName="f")["Versions"]
    assert [version["Version"] for version in left] == ["$LATEST", "1", "4", "5"]
