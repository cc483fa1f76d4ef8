"""What is taken from a role of a running stack is missed at once, and there again afterwards."""

import uuid

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.deployment.deploy import deploy
from infra.local.permissions.granted import list_permissions
from infra.local.permissions.removal import Policies
from infra.local.permissions.workers import end_workers
from infra.local_cloud import REGION
from tests.infra.local.assembly import policy, write_assembly

ADDRESS = "http://127.0.0.1:9"
TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
PLACES = ["arn:aws:s3:::removal/one/*", "arn:aws:s3:::removal/two/*"]


def add_reader(body):
    """A role that reads and writes in two places of a bucket, and one that may do one thing."""
    body["Resources"] = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "removal"}},
        "ReaderRole": {"Type": "AWS::IAM::Role", "Properties": {
            "RoleName": "reader",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]}}},
        "ReaderRoleDefaultPolicy": {"Type": "AWS::IAM::Policy", "Properties": {
            "PolicyName": "own", "Roles": [{"Ref": "ReaderRole"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                policy(["s3:GetObject", "s3:PutObject"], PLACES)]}}},
        "WriterRole": {"Type": "AWS::IAM::Role", "Properties": {
            "RoleName": "writer",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]}}},
        "WriterRoleDefaultPolicy": {"Type": "AWS::IAM::Policy", "Properties": {
            "PolicyName": "own", "Roles": [{"Ref": "WriterRole"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                policy("s3:PutObject", PLACES[0])]}}},
    }  # fmt: skip
    body["Outputs"] = {}
    return body


@pytest.fixture
def reader(cloud, tmp_path):
    """How the role calls S3, its stack's name and template."""
    kept = {}
    folder = write_assembly(
        tmp_path, stack="Removal", change=lambda body: kept.update(add_reader(body))
    )
    stack = deploy(folder, access=cloud, images=tmp_path / "images").stack
    role = cloud.client("iam").get_role(RoleName="reader")["Role"]["Arn"]
    asked = {"RoleArn": role, "RoleSessionName": uuid.uuid4().hex}
    keys = cloud.client("sts").assume_role(**asked)["Credentials"]
    s3 = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    return s3, stack, kept


def may(s3):
    """What of the four it may."""
    calls = {"put_object": {"Body": b""}, "get_object": {}}
    return {
        (operation, place)
        for place in ("one", "two")
        for operation, more in calls.items()
        if is_allowed(getattr(s3, operation), Bucket="removal", Key=f"{place}/a", **more)
    }


def is_allowed(call, **asked):
    try:
        call(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            return False
        raise
    return True


def test_one_permission_is_missed_and_no_other(cloud, reader):
    s3, stack, template = reader
    policies, everything = Policies(cloud, stack, template), may(s3)
    assert len(everything) == 4
    lost = []
    for permission in of_role(template, "Reader"):
        with policies.less(permission):
            lost.append(everything - may(s3))
        assert may(s3) == everything
    assert sorted(lost, key=str) == sorted(({one} for one in everything), key=str)


def test_a_permission_comes_back_also_after_an_error(cloud, reader):
    s3, stack, template = reader
    with (
        pytest.raises(ZeroDivisionError),
        Policies(cloud, stack, template).less(list_permissions(template)[0]),
    ):
        raise ZeroDivisionError
    assert len(may(s3)) == 4


def test_the_only_permission_of_a_role_goes_and_comes_back_as_well(cloud, reader):
    _, stack, template = reader
    [only], iam = of_role(template, "Writer"), cloud.client("iam")
    with Policies(cloud, stack, template).less(only):
        assert iam.list_role_policies(RoleName="writer")["PolicyNames"] == []
    kept = iam.get_role_policy(RoleName="writer", PolicyName="own")["PolicyDocument"]
    assert kept["Statement"] == [policy("s3:PutObject", PLACES[0])]


def of_role(template, role):
    return [each for each in list_permissions(template) if each.role == role]


def test_processes_that_know_things_are_ended_and_no_others(make_pool, invoke):
    settings = {"environment": {"AWS_ENDPOINT_URL": ADDRESS}}
    own, neighbour = make_pool(name="own", **settings), make_pool(name="other", **settings)
    elsewhere = make_pool(name="own", environment={"AWS_ENDPOINT_URL": f"{ADDRESS}0"})
    pools = own, neighbour, elsewhere
    before = [invoke(pool, do="describe")[1]["pid"] for pool in pools]
    assert end_workers(ADDRESS, ["own"]) == 1
    after = [invoke(pool, do="describe")[1]["pid"] for pool in pools]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, True, True]
    assert end_workers(ADDRESS, []) == 0
