"""A branch's own system against the stack's real policy: emulated, with IAM enforced.

The emulator knows principals' tags but does not fill variables into policies: these tests write
the one branch where AWS would put the caller's tag, in the deployed documents, and nothing else.
"""

import json
from dataclasses import replace

import boto3
import pytest
from aws_cdk import App, CfnOutput, Stack
from botocore.exceptions import ClientError

from infra.local.deployment.deploy import deploy
from infra.local_cloud import ACCOUNT
from infra.stack_parts.branches import OWN, BranchAccess
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import Storage

USER, BRANCH = "paris-system", "paris-01"
MAY_ASSUME = ["sts:AssumeRole", "sts:TagSession"]


@pytest.fixture(scope="module")
def outputs(cloud, tmp_path_factory):
    """The real storage and the real access, and nothing else."""
    folder = tmp_path_factory.mktemp("branches")
    stack = Stack(App(outdir=str(folder / "cdk.out"), analytics_reporting=False), "Branches")
    storage = Storage(stack, "Storage", settings=StackSettings())
    arn = f"arn:aws:iam::{ACCOUNT}:user/{USER}"
    access = BranchAccess(stack, "Branches", storage=storage, principals=[arn])
    values = {
        "Uploads": storage.uploads.bucket_name,
        "Results": storage.results.bucket_name,
        "Policy": access.policy.managed_policy_arn,
        "Role": access.role.role_arn,
    }
    for name, value in values.items():
        CfnOutput(stack, name, value=value)
    assembly = stack.node.root.synth().directory
    found = deploy(folder / assembly, access=cloud, images=folder / "images").outputs
    fill_in(cloud, found)
    return found


def fill_in(cloud, found):
    """Put the branch where the deployed policy and the role's trust name the caller's tag."""
    iam, policy = cloud.client("iam"), found["Policy"]
    version = iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"]
    held = iam.get_policy_version(PolicyArn=policy, VersionId=version)["PolicyVersion"]
    document = filled(held["Document"])
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document, SetAsDefault=True)
    name = found["Role"].rpartition("/")[2]
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=filled(trust))


def filled(document):
    text = json.dumps(document)
    assert OWN in text
    return text.replace(OWN, BRANCH)


@pytest.fixture(scope="module")
def system(cloud, outputs):
    """A user of the branch paris-01 who may assume the role and nothing else."""
    tags = [{"Key": "branch", "Value": BRANCH}]
    cloud.client("iam").create_user(UserName=USER, Tags=tags)
    allow(cloud, USER, MAY_ASSUME, outputs["Role"])
    return access_of(cloud, USER)


def allow(cloud, user, actions, resource):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = cloud.client("iam")
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=document)


def access_of(cloud, user):
    made = cloud.client("iam").create_access_key(UserName=user)["AccessKey"]
    return replace(cloud, access_key=made["AccessKeyId"], secret_key=made["SecretAccessKey"])


def assume(system, outputs, **tags):
    """Temporary S3 access, as the branch of these tags."""
    given = [{"Key": name, "Value": value} for name, value in tags.items()]
    answer = system.client("sts").assume_role(
        RoleArn=outputs["Role"], RoleSessionName="system", Tags=given
    )
    keys = answer["Credentials"]
    return boto3.client(
        "s3",
        endpoint_url=system.endpoint,
        region_name=system.region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


@pytest.fixture(scope="module")
def paris(system, outputs):
    return assume(system, outputs, branch=BRANCH)


@pytest.fixture(scope="module")
def results(cloud, outputs):
    """A result of each of two branches; their keys."""
    keys = [f"scored/{branch}/a.csv/v1/scores.csv" for branch in ("paris-01", "paris-011")]
    for key in keys:
        cloud.client("s3").put_object(Bucket=outputs["Results"], Key=key, Body=key.encode())
    return keys


def refused(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"] in ("AccessDenied", "403")


def test_a_branch_writes_under_its_own_uploads(paris, cloud, outputs):
    paris.put_object(Bucket=outputs["Uploads"], Key="uploads/paris-01/a.csv", Body=b"1")
    listed = paris.list_objects_v2(Bucket=outputs["Uploads"], Prefix="uploads/paris-01/")
    assert listed["KeyCount"] == 1


@pytest.mark.parametrize(
    "key", ["uploads/lyon/a.csv", "uploads/paris-011/a.csv", "uploads/a.csv", "a.csv"]
)
def test_a_branch_writes_nowhere_else(paris, outputs, key):
    assert refused(paris.put_object, Bucket=outputs["Uploads"], Key=key, Body=b"1")


def test_a_branch_reads_its_own_results_and_no_one_elses(paris, outputs, results):
    own, other = results
    body = paris.get_object(Bucket=outputs["Results"], Key=own)["Body"].read()
    assert body == own.encode()
    assert refused(paris.get_object, Bucket=outputs["Results"], Key=other)


@pytest.mark.parametrize("prefix", ["", "scored/", "scored/paris-01", "scored/lyon/", "records/"])
def test_a_branch_lists_its_own_prefix_only(paris, outputs, results, prefix):
    listed = paris.list_objects_v2(Bucket=outputs["Results"], Prefix="scored/paris-01/")
    assert [item["Key"] for item in listed["Contents"]] == results[:1]
    assert refused(paris.list_objects_v2, Bucket=outputs["Results"], Prefix=prefix)


def test_a_branch_writes_no_result_and_reads_no_upload(paris, outputs, results):
    own = {"Bucket": outputs["Results"], "Key": results[0]}
    assert refused(paris.put_object, **own, Body=b"forged")
    assert refused(paris.delete_object, **own)
    upload = {"Bucket": outputs["Uploads"], "Key": "uploads/paris-01/a.csv"}
    assert refused(paris.get_object, **upload)
    assert refused(paris.delete_object, **upload)


@pytest.mark.parametrize("tags", [{"branch": "lyon"}, {"branch": "*"}, {}, {"other": "paris-01"}])
def test_a_system_cannot_be_another_branch_nor_none(system, outputs, tags):
    with pytest.raises(ClientError, match=r"not authorized|invalid|failed to satisfy"):
        assume(system, outputs, **tags)


def test_the_policy_alone_serves_a_user_that_it_is_attached_to(cloud, outputs, results):
    iam = cloud.client("iam")
    iam.create_user(UserName="attached")
    iam.attach_user_policy(UserName="attached", PolicyArn=outputs["Policy"])
    s3 = access_of(cloud, "attached").client("s3")
    own, other = results
    assert s3.get_object(Bucket=outputs["Results"], Key=own)["Body"].read() == own.encode()
    assert refused(s3.get_object, Bucket=outputs["Results"], Key=other)
