"""What CloudFront sends so that the API knows it: others would pass by filters and limits."""

import json

from aws_cdk import RemovalPolicy, SecretValue
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from functions.score_api.origin import HEADER
from infra.stack_parts.grants import role_of
from infra.stack_parts.rules import acknowledge, allow


class OriginSecret(Construct):
    """headers : what CloudFront adds to what it forwards; arn : of the secret"""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        secret = secretsmanager.Secret(
            self,
            "Secret",
            description="What CloudFront sends to the API",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48,
                exclude_punctuation=True,
                secret_string_template=json.dumps({"previous": ""}),
                generate_string_key="current",
            ),
            # Nothing is read with it: a new stack has a new one.
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(secret, "SMG4", "CloudFront has to learn it too: make rotate-origin does both.")
        resource = secret.node.default_child
        assert isinstance(resource, secretsmanager.CfnSecret)
        self.arn = resource.attr_id  # not its Ref, which an emulator takes for the name
        # In the template a reference: CloudFormation fills it in where CloudFront keeps it.
        value = SecretValue.secrets_manager(self.arn, json_field="current")
        self.headers = {HEADER: value.unsafe_unwrap()}

    def tell(self, function: lambda_.Function) -> None:
        """Let a function behind the API compare what it gets."""
        function.add_environment("ORIGIN_SECRET", self.arn)
        role = role_of(function)
        allow(role, ["secretsmanager:GetSecretValue"], [self.arn], why="One secret.")
