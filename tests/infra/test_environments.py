"""dev and prod: names, what outlives the stack, and how much of an account they may take."""

import json
from pathlib import Path

import pytest

from infra.app import make_app
from infra.stack_parts.settings import SettingInvalid
from tests.infra.conftest import Template, synthesise

DATA = ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Cognito::UserPool")


@pytest.fixture(scope="module")
def dev(built, tmp_path_factory):
    context = {"build": str(built), "env": "dev"}
    return synthesise(make_app(context=context, out=tmp_path_factory.mktemp("dev")))


@pytest.mark.parametrize(("environment", "protected"), [("dev", False), ("prod", True)])
def test_an_environment_has_its_own_stack_and_tags(make, environment, protected) -> None:
    app = make(env=environment)
    stack = app.node.find_child("CreditScoring")
    assert stack.stack_name == f"CreditScoring-{environment}"
    assert stack.termination_protection is protected
    tags = {"application": "credit-scoring", "environment": environment}
    assert stack.tags.tag_values() == tags


def test_in_dev_nothing_is_left_behind(dev: Template) -> None:
    for name, part in dev.body["Resources"].items():
        assert part.get("DeletionPolicy", "Delete") == "Delete", name
        assert part.get("UpdateReplacePolicy", "Delete") == "Delete", name
    assert "true" not in json.dumps(
        [table["DeletionProtectionEnabled"] for table in dev.all("AWS::DynamoDB::Table").values()]
    )
    assert dev.one("AWS::Cognito::UserPool")["DeletionProtection"] == "INACTIVE"


def test_in_prod_a_first_deployment_that_fails_leaves_nothing_either(template) -> None:
    policies = {part.get("DeletionPolicy") for part in template.body["Resources"].values()}
    assert "Retain" not in policies
    for kind in DATA:
        for name in template.ids(kind):
            assert template.body["Resources"][name]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_nothing_but_lifetimes_and_releases_differs(template, dev) -> None:
    assert set(template.body["Outputs"]) == set(dev.body["Outputs"])


def test_a_function_keeps_calls_for_itself_where_it_is_told_to(make, template) -> None:
    reserving = synthesise(make(apiReserved="20", batchReserved="6"))
    found = {
        part: reserving.one("AWS::Lambda::Function", part).get("ReservedConcurrentExecutions")
        for part in ("Api", "Batch", "Drift")
    }
    assert found == {"Api": 20, "Batch": 6, "Drift": None}
    # An account that may run ten calls at once refuses every reservation.
    for function in template.all("AWS::Lambda::Function").values():
        assert "ReservedConcurrentExecutions" not in function


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [
        ({"env": "test"}, r"env=test is not one of dev, prod\."),
        ({"batchReserved": "5"}, r"batchConcurrency=5 is not one of 1 to batchReserved-1 \(4\)\."),
        ({"warmWrites": "100"}, r"warmWrites=100 is not one of 4000 to 1000000\."),
        ({"driftBaseImage": "python:3.13"}, r"an image by its digest"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_deployed(make, setting, allowed) -> None:
    with pytest.raises(SettingInvalid, match=allowed):
        make(**setting)


def test_a_table_can_be_warmed_up_before_a_first_big_file(make) -> None:
    table = synthesise(make(warmWrites="8000")).one("AWS::DynamoDB::Table", "StorageProfiles")
    assert table["WarmThroughput"] == {"WriteUnitsPerSecond": 8000}


def test_the_image_is_built_for_its_architecture_from_the_base_that_is_named(make) -> None:
    image = f"public.ecr.aws/lambda/python@sha256:{'0' * 64}"
    folder = Path(make(driftBaseImage=image).synth().directory)
    manifest = json.loads((folder / "CreditScoring.assets.json").read_text())
    [asset] = manifest["dockerImages"].values()
    assert asset["source"]["platform"] == "linux/arm64"
    assert asset["source"]["dockerBuildArgs"] == {"BASE_IMAGE": image}
