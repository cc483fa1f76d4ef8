"""A written pointer, through the bus, into the alias of a function: emulated, with IAM enforced."""

import pytest
from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from credit_scoring.aws.storage import S3Store
from credit_scoring.registry.champion import promote
from credit_scoring.registry.seal import Seal

from infra.local.deployment.deploy import deploy
from infra.stack_parts.lambda_functions import RUNTIME, Layers, publish
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.snapshot_renewer import POINTER, SnapshotRenewer
from infra.stack_parts.storage import Storage
from layers.targets import find_target
from tests.infra.local.conftest import wait_for

CODE = "def handler(event, context):\n    return context.function_version\n"


@pytest.fixture(scope="module")
def outputs(cloud, tmp_path_factory):
    """The real renewer beside the real buckets; what it renews is any function."""
    folder = tmp_path_factory.mktemp("renewal")
    stack = Stack(App(outdir=str(folder / "cdk.out"), analytics_reporting=False), "Renewal")
    own = find_target("host").name
    settings = StackSettings(architecture=own, layers=own)
    storage = Storage(stack, "Storage", settings=settings)
    scoring = lambda_.Function(
        stack,
        "Scores",
        runtime=RUNTIME,
        handler="index.handler",
        code=lambda_.Code.from_inline(CODE),
        role=iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")),
    )
    publish(scoring)
    layers = Layers(stack, "Layers", settings=settings)
    renewer = SnapshotRenewer(
        stack, "Renews", settings=settings, layers=layers, storage=storage, scoring=scoring
    )
    values = {
        "Models": storage.models.bucket_name,
        "Scoring": scoring.function_name,
        "Renewer": renewer.function.function_name,
        "Key": storage.pointer_key.key_arn,
    }
    for name, value in values.items():
        CfnOutput(stack, name, value=value)
    assembly = stack.node.root.synth().directory
    return deploy(folder / assembly, access=cloud, images=folder / "images").outputs


@pytest.fixture
def live(cloud, outputs):
    """Which version the alias is on."""
    client = cloud.client("lambda")
    return lambda: client.get_alias(FunctionName=outputs["Scoring"], Name="live")["FunctionVersion"]


def write(cloud, outputs, key, body):
    cloud.client("s3").put_object(Bucket=outputs["Models"], Key=key, Body=body)


def point_to(cloud, outputs, digit):
    """A promotion of a version that is called 1111... or so."""
    promote(
        S3Store(outputs["Models"], "models/", cloud.client("s3")),
        version=12 * digit, sha256=64 * digit, by="tests", reason="a test",
        seal=Seal(outputs["Key"], cloud.client("kms")),
    )  # fmt: skip


def test_the_alias_follows_each_sealed_pointer_and_nothing_else(cloud, outputs, live):
    before = live()
    point_to(cloud, outputs, "1")
    assert wait_for(lambda: live() != before, seconds=30), last_error(cloud, outputs)
    first = live()
    write(cloud, outputs, "models/contests/of-two.json", b"{}")
    write(cloud, outputs, POINTER, b"[1]")  # whoever started with it would have no model
    point_to(cloud, outputs, "2")
    assert wait_for(lambda: live() != first, seconds=30)
    second = cloud.client("s3").get_object(Bucket=outputs["Models"], Key=POINTER)["Body"].read()
    point_to(cloud, outputs, "3")
    assert wait_for(lambda: int(live()) == int(before) + 3, seconds=30)
    write(cloud, outputs, POINTER, second)  # put back: its seal is good, its number is not
    assert last_error(cloud, outputs) == "{}"
    assert (int(first), int(live())) == (int(before) + 1, int(before) + 3)
    answer = cloud.client("lambda").invoke(FunctionName=f"{outputs['Scoring']}:live")
    assert answer["Payload"].read().decode().strip('"') == live()


def last_error(cloud, outputs):
    """What the renewer says when it is called at once."""
    answer = cloud.client("lambda").invoke(
        FunctionName=f"{outputs['Renewer']}:live",
        Payload=b'{"detail": {"object": {"etag": "asked"}}}',
    )
    return answer["Payload"].read().decode()
