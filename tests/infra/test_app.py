"""Synthesis: what a deployment may choose, and how it fails."""

import re

import pytest
from aws_cdk import aws_s3 as s3

from infra.stack_parts.settings import AssetMissing, SettingInvalid
from tests.infra.conftest import synthesise


def test_missing_code_says_which_command_makes_it(make, tmp_path) -> None:
    with pytest.raises(AssetMissing, match="run make layers, then synthesise again"):
        make(build=str(tmp_path / "nothing"))


def test_an_unknown_architecture_is_named_with_what_is_allowed(make) -> None:
    with pytest.raises(SettingInvalid, match=r"architecture=riscv is not one of arm64, x86_64\."):
        make(architecture="riscv")


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [
        ({"mfa": "sms"}, r"mfa=sms is not one of optional, required\."),
        ({"language": "de"}, r"language=de is not one of fr, en\."),
        ({"businessHours": "always"}, "businessHours=always is not one of hours like Mon-Fri"),
        ({"closedDays": "Christmas"}, "closedDays dates like 2026-12-25"),
        ({"oldestModelDays": "-1"}, r"oldestModelDays=-1 is not one of 1 to 3650\."),
        ({"batchConcurrency": "0"}, r"batchConcurrency=0 is not one of 1 to 1000\."),
        ({"batchConcurrency": "many"}, r"batchConcurrency=many is not one of 1 to 1000\."),
    ],
)
def test_a_setting_that_is_not_allowed_stops_the_synthesis(make, setting, allowed) -> None:
    with pytest.raises(SettingInvalid, match=allowed):
        make(**setting)


def test_the_architecture_reaches_functions_and_layers_and_an_email_the_topic(make) -> None:
    template = synthesise(
        make(
            architecture="x86_64",
            layers="arm64",
            alarmEmail="operator@example.com",
            pageEmail="night@example.com",
            batchEmail="office@example.com",
        )
    )
    for function in template.all("AWS::Lambda::Function").values():
        assert function["Architectures"] == ["x86_64"]
    for layer in template.all("AWS::Lambda::LayerVersion").values():
        assert layer["CompatibleArchitectures"] == ["x86_64"]
    written_to = {
        (subscription["TopicArn"]["Ref"].rstrip("0123456789ABCDEF"), subscription["Endpoint"])
        for subscription in template.all("AWS::SNS::Subscription").values()
    }
    assert written_to == {
        ("TopicsPage", "operator@example.com"),
        ("TopicsPage", "night@example.com"),
        ("TopicsTicket", "operator@example.com"),
        ("BatchNoticesTopic", "office@example.com"),
    }


def test_nobody_is_written_to_by_default(template) -> None:
    assert template.ids("AWS::SNS::Subscription") == []


def test_a_finding_that_nobody_explained_stops_the_synthesis(make, capfd) -> None:
    app = make()
    s3.Bucket(app.node.find_child("CreditScoring"), "Careless")
    with pytest.raises(RuntimeError, match="ValidationFailed") as caught:
        app.synth()
    assert "AwsSolutions-S10" in f"{caught.value}{capfd.readouterr()}"


def test_the_template_names_no_account_and_no_region(template) -> None:
    text = str(template.body)
    assert not re.search(r"\b\d{12}\b", text)
    assert not re.search(r"\b(eu|us|ap)-[a-z]+-\d\b", text)


def test_a_client_finds_everything_in_the_outputs(template) -> None:
    assert {
        "Region", "WebsiteUrl", "ApiUrl", "CognitoEndpoint", "UserPoolId", "UserPoolClientId",
        "ModelsBucket", "ModelsUrl", "UploadsBucket", "ResultsBucket", "WebsiteBucket",
        "ProfilesTable", "ScoreApiFunction", "BatchScorerFunction", "DriftMonitorFunction",
        "BatchFailuresQueueUrl", "DriftFailuresQueueUrl", "PageTopicArn", "TicketTopicArn",
        "AlarmPrefix", "CanaryFunction",
        "BatchesTable", "BigFilesArn", "BatchTopicArn", "BranchPolicyArn",
    } <= set(template.body["Outputs"])  # fmt: skip
