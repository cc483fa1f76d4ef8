"""New code reaches a tenth of the calls first, and goes back by itself when an alarm rings."""

from collections.abc import Sequence

from aws_cdk import CfnCodeDeployLambdaAliasUpdate, CfnUpdatePolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IConstruct

from infra.stack_parts.rules import allow
from infra.stack_parts.settings import StackSettings

# Five minutes are one period of the alarms.
CANARY = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
AT_ONCE = "CodeDeployDefault.LambdaAllAtOnce"

Group = codedeploy.CfnDeploymentGroup


class Releases(Construct):
    """Every alias that is added moves to a new version under the eyes of its alarms."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: StackSettings) -> None:
        super().__init__(scope, construct_id)
        self._pace = CANARY if settings.keeps_data else AT_ONCE
        self._application = codedeploy.CfnApplication(
            self, "Application", compute_platform="Lambda"
        )
        self._role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com")
        )
        allow(self._role, ["cloudwatch:DescribeAlarms"], ["*"], why="It takes no resource.")

    def watch(self, name: str, alias: lambda_.Alias, *, alarms: Sequence[IConstruct]) -> None:
        """alarms : of CloudWatch; one that rings during a release takes the alias back"""
        actions = [
            "lambda:GetAlias",
            "lambda:UpdateAlias",
            "lambda:GetProvisionedConcurrencyConfig",
        ]
        function = alias.lambda_.function_arn
        # Aliases are asked for at their function, versions and alias behind its name.
        allow(self._role, actions, [function, f"{function}:*"], why="The versions of one function.")
        group = Group(
            self,
            name,
            application_name=self._application.ref,
            service_role_arn=self._role.role_arn,
            deployment_config_name=self._pace,
            deployment_style=Group.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            alarm_configuration=Group.AlarmConfigurationProperty(
                enabled=True,
                alarms=[Group.AlarmProperty(name=name_of(alarm)) for alarm in alarms],
            ),
            auto_rollback_configuration=Group.AutoRollbackConfigurationProperty(
                enabled=True, events=["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
            ),
        )
        group.node.add_dependency(self._role)
        resource = alias.node.default_child
        assert isinstance(resource, lambda_.CfnAlias)
        resource.cfn_options.update_policy = CfnUpdatePolicy(
            code_deploy_lambda_alias_update=CfnCodeDeployLambdaAliasUpdate(
                application_name=self._application.ref, deployment_group_name=group.ref
            )
        )


def name_of(alarm: IConstruct) -> str:
    assert isinstance(alarm, cloudwatch.Alarm)
    return alarm.alarm_name
