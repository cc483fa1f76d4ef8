"""New code: a tenth of the calls first, and back when an alarm rings."""

import json

import pytest

from tests.infra.conftest import as_list, synthesise

WATCHED = {
    "Api": ("ScoreApi", {"ScoreApiErrors", "ApiServerErrors", "ModelLoadFailures"}),
    "Batch": ("BatchScorer", {"BatchScorerErrors"}),
}


def group_of(template, part):
    alias = template.body["Resources"][template.id_of("AWS::Lambda::Alias", part)]
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert update["ApplicationName"] == {"Ref": template.id_of("AWS::CodeDeploy::Application")}
    return template.body["Resources"][update["DeploymentGroupName"]["Ref"]]["Properties"]


@pytest.mark.parametrize("part", WATCHED)
def test_an_alias_moves_under_the_eyes_of_alarms_and_goes_back(template, part) -> None:
    _, alarms = WATCHED[part]
    group = group_of(template, part)
    assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    watched = {alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]}
    assert watched == {template.id_of("AWS::CloudWatch::Alarm", f"Alarms{name}") for name in alarms}
    assert group["AutoRollbackConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]


def test_in_dev_new_code_is_there_at_once(make) -> None:
    dev = synthesise(make(env="dev"))
    for part in WATCHED:
        assert group_of(dev, part)["DeploymentConfigName"] == "CodeDeployDefault.LambdaAllAtOnce"


def test_codedeploy_may_move_these_two_aliases_and_nothing_else(template) -> None:
    granted = {
        action: statement["Resource"]
        for name, statement in template.statements("AWS::IAM::Policy")
        if name.startswith("ReleasesRole")
        for action in as_list(statement["Action"])
    }
    assert set(granted) == {
        "cloudwatch:DescribeAlarms", "lambda:GetAlias", "lambda:UpdateAlias",
        "lambda:GetProvisionedConcurrencyConfig",
    }  # fmt: skip
    named = json.dumps(granted["lambda:UpdateAlias"])
    for part in WATCHED:
        assert template.id_of("AWS::Lambda::Function", part) in named
    assert template.id_of("AWS::Lambda::Function", "Drift") not in named
