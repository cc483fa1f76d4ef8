"""The canary: a function that every hour asks what everybody asks, and knows the answer."""

from collections.abc import Mapping

from aws_cdk import ArnFormat, Aws, Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct
from credit_scoring.stored.score_records import CANARY

from infra.stack_parts.grants import FILES, read_models, role_of
from infra.stack_parts.identity import Identity
from infra.stack_parts.lambda_functions import Layers, make_zip_function, publish
from infra.stack_parts.rules import acknowledge, allow
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import Storage
from infra.stack_parts.watching.settings import WatchSettings

EVERY = Duration.hours(1)


class Canary(Construct):
    """function, alias; schedule : every hour."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        watching: WatchSettings,
        layers: Layers,
        identity: Identity,
        storage: Storage,
        schedules: scheduler.ScheduleGroup,
        api_url: str,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = make_zip_function(
            self,
            "Canary",
            name="canary",
            settings=settings,
            layers=layers,
            memory_mb=512,
            # A file has five minutes; it is told that it is late, and not by a time-out.
            timeout=Duration.minutes(6),
            environment={
                **environment,
                "API_URL": api_url,
                "TOKEN_URL": identity.token_endpoint,
                "CANARY_CLIENT_ID": identity.canary_client.user_pool_client_id,
                "CANARY_SECRET": self._keep_secret(identity),
                "OUTAGE_ALARM": f"{Aws.STACK_NAME}-ApiDown",
                "BUSINESS_HOURS": watching.business_hours,
                "CLOSED_DAYS": watching.closed_days,
            },
        )
        self.alias = publish(self.function)
        grant_canary(role_of(self.function), storage, self.secret_arn)
        self.schedule = scheduler.Schedule(
            self,
            "Hourly",
            schedule=scheduler.ScheduleExpression.rate(EVERY),
            schedule_group=schedules,
            # The next run is as good as a repetition of this one.
            target=targets.LambdaInvoke(
                self.alias, retry_attempts=0, max_event_age=Duration.minutes(10)
            ),
        )
        # CDK writes the group's name out, which makes no dependency.
        self.schedule.node.add_dependency(schedules)

    def _keep_secret(self, identity: Identity) -> str:
        """Of its own client and no other: who may ask Cognito is told every program's secret."""
        client = identity.canary_client.node.default_child
        assert isinstance(client, cognito.CfnUserPoolClient)
        secret = secretsmanager.Secret(
            self,
            "Secret",
            description="Of the canary's client of the user pool",
            secret_string_value=SecretValue.resource_attribute(client.attr_client_secret),
            # Cognito makes another one with another client.
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(secret, "SMG4", "Cognito makes it, for as long as the client exists.")
        resource = secret.node.default_child
        assert isinstance(resource, secretsmanager.CfnSecret)
        self.secret_arn = resource.attr_id  # not its Ref, which an emulator takes for the name
        return self.secret_arn


def grant_canary(role: iam.Role, storage: Storage, secret: str) -> None:
    """What a branch's system may, for the canary's own branch; and to look at metrics."""
    read_models(role, storage)
    uploads = storage.uploads_by_name.arn_for_objects(f"uploads/{CANARY}/*")
    allow(role, ["s3:PutObject"], [uploads], why=FILES)
    results = storage.results
    scored = results.arn_for_objects(f"scored/{CANARY}/*")
    allow(role, ["s3:GetObject"], [scored], why=FILES)
    # So that a result that is not there yet is 404.
    allow(role, ["s3:ListBucket"], [results.bucket_arn], why="Key names only.")
    allow(role, ["secretsmanager:GetSecretValue"], [secret], why="One secret.")
    alarm = Stack.of(role).format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=f"{Aws.STACK_NAME}-ApiDown",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    allow(role, ["cloudwatch:DescribeAlarms"], [alarm], why="One alarm.")
    # CloudWatch's metrics have no ARN.
    allow(role, ["cloudwatch:GetMetricStatistics"], ["*"], why="Counts, of nobody.")
