"""A release after promotions: the alias stands where CloudFormation and CodeDeploy left it."""

import io
import zipfile
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.access import Access
from infra.release.emptying import prune_versions
from infra.release.promoted import as_the_stack_left_it, named_versions

REGION, STACK, FUNCTION = "eu-west-3", "CreditScoring-dev", "scores"


class WithStack(Access):
    """moto's CloudFormation wants packages that are not here: what AWS would list stands for it."""

    def client(self, service: str) -> Any:
        return Listing() if service == "cloudformation" else super().client(service)


class Listing:
    def get_paginator(self, name: str) -> "Listing":
        assert name == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> list[dict]:
        if StackName != STACK:
            told = {"Code": "ValidationError", "Message": f"Stack {StackName} does not exist"}
            raise ClientError({"Error": told}, "ListStackResources")
        arn = f"arn:aws:lambda:{REGION}:123456789012:function:{FUNCTION}"
        listed = {"AWS::Lambda::Function": FUNCTION, "AWS::Lambda::Version": f"{arn}:1"}
        return [
            {"StackResourceSummaries": [{"ResourceType": kind, "PhysicalResourceId": name}]}
            for kind, name in listed.items()
        ]


@pytest.fixture
def access(monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        access = WithStack(region=REGION, access_key="testing", secret_key="testing")
        make_function(access)
        yield access


def make_function(access: Access) -> None:
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", "def handler(event, context): pass")
    lambda_ = access.client("lambda")
    lambda_.create_function(
        FunctionName=FUNCTION, Runtime="python3.13", Handler="f.handler",
        Role=role["Role"]["Arn"], Code={"ZipFile": code.getvalue()}, Publish=True,
    )  # fmt: skip
    lambda_.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="1")


def publish(access: Access, description: str) -> str:
    lambda_ = access.client("lambda")
    lambda_.update_function_configuration(FunctionName=FUNCTION, Description=description)
    return lambda_.publish_version(FunctionName=FUNCTION)["Version"]


def move(access: Access, version: str, **more: object) -> None:
    access.client("lambda").update_alias(
        FunctionName=FUNCTION, Name="live", FunctionVersion=version, **more
    )


def live(access: Access) -> str:
    return access.client("lambda").get_alias(FunctionName=FUNCTION, Name="live")["FunctionVersion"]


def test_the_stack_names_a_version_of_each_function(access) -> None:
    assert named_versions(STACK, access) == {FUNCTION: "1"}
    assert named_versions("CreditScoring-prod", access) == {}


def test_for_a_deployment_the_alias_goes_back_and_then_forward(access) -> None:
    promoted = publish(access, "Champion a")
    move(access, promoted)
    with as_the_stack_left_it(STACK, access):
        assert live(access) == "1"
    assert live(access) == promoted


def test_it_goes_forward_where_the_deployment_failed_too(access) -> None:
    promoted = publish(access, "Champion a")
    move(access, promoted)
    with pytest.raises(RuntimeError), as_the_stack_left_it(STACK, access):
        raise RuntimeError
    assert live(access) == promoted


def test_new_code_is_not_taken_back_to_what_was_promoted_before(access) -> None:
    move(access, publish(access, "Champion a"))
    with as_the_stack_left_it(STACK, access):
        new = publish(access, "new code")
        move(access, new)
    assert live(access) == new


def test_an_alias_between_two_versions_is_left_alone(access) -> None:
    promoted = publish(access, "Champion a")
    shares = {"AdditionalVersionWeights": {"1": 0.1}}
    move(access, promoted, RoutingConfig=shares)
    with as_the_stack_left_it(STACK, access):
        assert live(access) == promoted


def test_the_version_that_the_stack_names_is_never_removed(access) -> None:
    for number in range(4):
        move(access, publish(access, f"Champion {number}"))
    lambda_ = access.client("lambda")
    named = named_versions(STACK, access)[FUNCTION]
    assert prune_versions(FUNCTION, lambda_, named=named) == ["2", "3"]
    assert prune_versions(FUNCTION, lambda_) == ["1"]
