"""A stack of two roles, of which one may do four things and one a single one, and a policy."""

import uuid

import boto3
import pytest

from infra.local.deployment.deploy import deploy
from infra.local.permissions.granted import list_permissions
from infra.local_cloud import REGION
from tests.infra.local.assembly import policy, write_assembly

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
        "OthersPolicy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
            "ManagedPolicyName": "of-others",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                policy("s3:PutObject", PLACES)]}}},
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


def of_role(template, role):
    return [each for each in list_permissions(template) if each.role == role]
