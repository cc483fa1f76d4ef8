"""How every function is made: layers, role, log group, version and alias."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Aws, Duration, RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from credit_scoring.metrics import NAMESPACE

from infra.stack_parts.rules import acknowledge, allow
from infra.stack_parts.settings import StackSettings

RUNTIME = lambda_.Runtime.PYTHON_3_13
ALIAS = "live"


class Layers(Construct):
    """all : the dependency layer and the domain layer, as zip functions take them."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: StackSettings) -> None:
        super().__init__(scope, construct_id)
        self.all = [
            lambda_.LayerVersion(
                self,
                name.title().replace("_", ""),
                code=lambda_.Code.from_asset(settings.asset("layers", settings.layers, name)),
                compatible_runtimes=[RUNTIME],
                compatible_architectures=[settings.lambda_architecture],
                # A published function version goes on using the layer it was made with.
                removal_policy=RemovalPolicy.RETAIN,
            )
            for name in ("dependencies", "credit_scoring")
        ]


class FunctionRole(iam.Role):
    """May write to its own log group, and trace. Everything else is granted by the stack."""

    def __init__(self, scope: Construct, construct_id: str, *, log_group: logs.LogGroup) -> None:
        super().__init__(
            scope, construct_id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        allow(
            self,
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [log_group.log_group_arn],
            why="The function names its own streams inside its own log group.",
        )
        acknowledge(self, "IAM5[Resource::*]", "X-Ray's two write actions take no resource.")


def make_log_group(
    scope: Construct, construct_id: str, *, delivered: str | None = None
) -> logs.LogGroup:
    """Logs hold no attribute of a person; three months cover a quarter's review.

    delivered : its name, where a service delivers what is logged (API Gateway, Step Functions). AWS
        lets such a service in by one policy of the whole account, of at most 5,120 characters, that
        names each group; under this prefix one line is enough for all.
    """
    name = f"/aws/vendedlogs/{Aws.STACK_NAME}/{delivered}" if delivered else None
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.DESTROY,
    )


def make_environment(service: str, environment: Mapping[str, str]) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": service,
        "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        **environment,
    }


def publish(function: lambda_.Function) -> lambda_.Alias:
    """The alias that every trigger calls: SnapStart and rollback work on versions only."""
    return lambda_.Alias(function, "Live", alias_name=ALIAS, version=function.current_version)


def keep_failures(alias: lambda_.Alias, queue: sqs.Queue) -> None:
    """Retry an asynchronous event twice, then keep it where an alarm sees it.

    The CDK's own destination would also let the role find the queue and read how full it is.
    """
    alias.configure_async_invoke(retry_attempts=2, max_event_age=Duration.hours(6))
    config = alias.node.find_child("EventInvokeConfig").node.default_child
    assert isinstance(config, lambda_.CfnEventInvokeConfig)
    config.destination_config = lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
        on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=queue.queue_arn)
    )
    role = alias.role
    assert isinstance(role, iam.Role)
    allow(role, ["sqs:SendMessage"], [queue.queue_arn], why="One queue.")


def make_dead_letter_queue(scope: Construct, construct_id: str) -> sqs.Queue:
    queue = sqs.Queue(
        scope,
        construct_id,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(14),
        removal_policy=RemovalPolicy.RETAIN,
    )
    acknowledge(queue, "SQS3", "It is itself the dead-letter queue.")
    return queue


def make_zip_function(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    settings: StackSettings,
    layers: Layers,
    memory_mb: int,
    timeout: Duration,
    environment: Mapping[str, str],
    reserved: int | None = None,
    handler: str = "handler",
    service: str = "",
    from_snapshot: bool = True,
) -> lambda_.Function:
    """The function of functions/<name>, frozen after its first import by SnapStart.

    handler : module of the folder whose `handler` is called
    service : what logs and metrics call it, by default as the folder
    from_snapshot : whether it is called so often that a snapshot is worth its price
    """
    log_group = make_log_group(scope, "Logs")
    function = lambda_.Function(
        scope,
        construct_id,
        runtime=RUNTIME,
        architecture=settings.lambda_architecture,
        handler=f"functions.{name}.{handler}.handler",
        code=lambda_.Code.from_asset(settings.asset("functions", name)),
        layers=layers.all,
        memory_size=memory_mb,
        timeout=timeout,
        reserved_concurrent_executions=reserved,
        environment=make_environment(service or name.replace("_", "-"), environment),
        role=FunctionRole(scope, "Role", log_group=log_group),
        log_group=log_group,
        tracing=lambda_.Tracing.ACTIVE,
        snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if from_snapshot else None,
        current_version_options=KEPT_VERSIONS,
    )
    acknowledge_runtime(function)
    return function


def acknowledge_runtime(function: lambda_.Function) -> None:
    Validations.of(function).acknowledge(
        Acknowledgment(
            id="Annotation::@aws-cdk/aws-lambda:snapStartRequirePublish",
            reason="publish() makes the version.",
        )
    )
    acknowledge(
        function,
        "L1",
        "Python 3.13 is what the layers are compiled for and tested with; AWS supports it.",
    )


# Yesterday's version stays, so that an alias can go back to it.
KEPT_VERSIONS = lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN)
