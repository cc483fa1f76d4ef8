"""Files above one invocation: a state machine that calls the batch function chunk by chunk."""

import json

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct, IConstruct

from infra.stack_parts.big_files_definition import CHUNKS, define_big_files
from infra.stack_parts.lambda_functions import make_log_group
from infra.stack_parts.rules import acknowledge, allow


class BigFiles(Construct):
    """state_machine : one execution a file; its input is {digest, upload, chunks: [0, 1, ...]}."""

    def __init__(
        self, scope: Construct, construct_id: str, *, alias: lambda_.Alias, concurrency: int
    ) -> None:
        super().__init__(scope, construct_id)
        definition = define_big_files(alias.function_arn, concurrency=concurrency)
        self.state_machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=big_files_name(),
            definition_body=sfn.DefinitionBody.from_string(json.dumps(definition)),
            role=self._make_role(alias),
            tracing_enabled=True,
            # Inputs hold file names.
            logs=sfn.LogOptions(
                destination=make_log_group(self, "Logs", delivered="big-files"),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )

    def _make_role(self, alias: lambda_.Alias) -> iam.Role:
        """Calls the alias; starts, follows, stops and redrives the children of its own map."""
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        allow(role, ["lambda:InvokeFunction"], [alias.function_arn], why="One alias.")
        allow(role, ["states:StartExecution"], [big_files_arn(self)], why="One child a chunk.")
        own = arn_of(self, "execution", f"{big_files_name()}:*")
        children = arn_of(self, "execution", f"{big_files_name()}/{CHUNKS}:*")
        why = "Executions of this machine and of its chunks, named when they start."
        allow(role, ["states:DescribeExecution", "states:StopExecution"], [own, children], why=why)
        allow(role, ["states:RedriveExecution"], [children], why=why)
        acknowledge(role, "IAM5[Resource::*]", "Log delivery and X-Ray take no resource.")
        return role


def big_files_name() -> str:
    """Known beforehand: the function starts the machine that calls the function."""
    return f"{Aws.STACK_NAME}-BigFiles"


def big_files_arn(scope: IConstruct) -> str:
    return arn_of(scope, "stateMachine", big_files_name())


def arn_of(scope: IConstruct, resource: str, name: str) -> str:
    return Stack.of(scope).format_arn(
        service="states",
        resource=resource,
        resource_name=name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
