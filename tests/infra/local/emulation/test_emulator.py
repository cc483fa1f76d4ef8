"""The local cloud with a small stack: deployed, used, under its own roles, gone at the end."""

import json
import subprocess
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra.local.demo.steps import ROOT, python
from infra.local.deployment.deploy import deploy
from infra.local.emulation.emulator import lock_folder
from infra.local.errors import DeployFailed
from infra.local.ports import find_free_ports
from infra.local.processes import ProcessGroup
from infra.local_cloud import local_access
from tests.infra.local.assembly import policy, write_assembly
from tests.infra.local.conftest import is_running, start_emulator, wait_for


@pytest.fixture(scope="module")
def emulator_pid(emulator):
    return emulator[0]


@pytest.fixture(scope="module")
def small(cloud, tmp_path_factory):
    folder = tmp_path_factory.mktemp("assembly")
    return deploy(write_assembly(folder), access=cloud, images=folder / "images")


def test_a_stack_deploys_less_what_is_refused(small):
    assert small.left_out == ["Budget (AWS::Budgets::Budget)"]
    assert set(small.outputs) == {"Function", "Results"}


def test_an_object_starts_the_function_which_writes_its_result(cloud, small):
    s3 = cloud.client("s3")
    s3.put_object(Bucket="local-uploads", Key="a.csv", Body=b"1,2")

    def results():
        found = s3.list_objects_v2(Bucket=small.outputs["Results"], Prefix="scored")
        return found.get("Contents")

    assert [item["Key"] for item in wait_for(results)] == ["scored"]


def keep_versions(cloud, small):
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(
        Bucket=small.outputs["Results"], VersioningConfiguration={"Status": "Enabled"}
    )
    return s3


@pytest.mark.parametrize(
    ("asked", "expected"), [("2-4", b"234"), ("7-", b"789"), ("-2", b"89"), ("8-99", b"89")]
)
def test_a_part_of_a_version_is_that_part_whatever_came_after_it(cloud, small, asked, expected):
    s3, place = keep_versions(cloud, small), {"Bucket": small.outputs["Results"], "Key": "versions"}
    first = s3.put_object(**place, Body=b"0123456789")["VersionId"]
    s3.put_object(**place, Body=b"another")
    answer = s3.get_object(**place, VersionId=first, Range=f"bytes={asked}")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert (answer["Body"].read(), answer["ContentLength"]) == (expected, len(expected))


def test_a_part_behind_a_versions_end_is_refused(cloud, small):
    s3, place = keep_versions(cloud, small), {"Bucket": small.outputs["Results"], "Key": "end"}
    version = s3.put_object(**place, Body=b"0123456789")["VersionId"]
    with pytest.raises(ClientError, match="416"):
        s3.get_object(**place, VersionId=version, Range="bytes=10-12")


def test_what_a_role_does_not_allow_is_denied(cloud, small):
    answer = cloud.client("lambda").invoke(FunctionName=f"{small.outputs['Function']}:live")
    error = json.loads(answer["Payload"].read())
    assert answer["FunctionError"] == "Unhandled"
    assert "not authorized to perform: s3:ListAllMyBuckets" in error["errorMessage"]


def test_the_log_and_the_metrics_reach_cloudwatch(cloud, small):
    name = small.outputs["Function"]
    cloud.client("lambda").invoke(FunctionName=f"{name}:live")  # it fails
    events = cloud.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    assert any("REPORT RequestId" in event["message"] for event in events)
    errors = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda", MetricName="Errors", Period=3600, Statistics=["Sum"],
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=time.time() - 3600, EndTime=time.time() + 60,
    )["Datapoints"]  # fmt: skip
    assert sum(point["Sum"] for point in errors) >= 1


def test_nobody_else_gets_in(cloud):
    stranger = type(cloud)(cloud.region, cloud.endpoint, "AKIASTRANGER", "secret")
    with pytest.raises(Exception, match=r"InvalidAccessKeyId|security token|InvalidClientTokenId"):
        stranger.client("s3").list_buckets()


def test_a_second_deployment_updates_the_stack(cloud, small, tmp_path):
    def shorter(body):
        body["Resources"]["Function"]["Properties"]["Timeout"] = 7

    folder = write_assembly(tmp_path, change=shorter)
    deploy(folder, access=cloud, images=tmp_path / "images")
    config = cloud.client("lambda").get_function_configuration(
        FunctionName=small.outputs["Function"]
    )
    assert config["Timeout"] == 7


def test_a_failing_resource_is_named(cloud, tmp_path):
    def break_it(body):
        layers = ["arn:aws:lambda:eu-west-3:000000000000:layer:gone:1"]
        body["Resources"]["Function"]["Properties"]["Layers"] = layers
        body["Resources"]["Uploads"]["Properties"]["BucketName"] = "other-uploads"

    folder = write_assembly(tmp_path, stack="Broken", change=break_it)
    with pytest.raises(DeployFailed, match=r"Broken is .*: Function \(AWS::Lambda::Function\)"):
        deploy(folder, access=cloud, images=tmp_path / "images")


def test_a_template_that_is_refused_is_told(cloud, tmp_path):
    def break_it(body):
        body["Resources"]["Broken"] = {"Type": "AWS::Nothing::AtAll"}

    folder = write_assembly(tmp_path, stack="Refused", change=break_it)
    with pytest.raises(DeployFailed, match=r"Refused was refused: .*AWS::Nothing::AtAll"):
        deploy(folder, access=cloud, images=tmp_path / "images")


def test_a_taken_port_is_one_sentence(cloud, tmp_path):
    port = cloud.endpoint.rpartition(":")[2]
    command = python("infra.local.emulation.emulator", "--port", port, "--data", tmp_path)
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == f"Port {port} is taken: choose another one with --port.\n"


def test_a_folder_in_use_is_one_sentence(tmp_path):
    lock = lock_folder(tmp_path)
    [port] = find_free_ports(1)
    command = python("infra.local.emulation.emulator", "--port", str(port), "--data", tmp_path)
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    lock.close()
    assert ended.stderr == f"{tmp_path} is used by another local cloud: end that one first.\n"


def test_a_killed_emulator_leaves_no_worker(tmp_path, runtime_python):
    [port] = find_free_ports(1)
    with ProcessGroup() as group:
        emulator = start_emulator(group, tmp_path, port)
        access = local_access(port)
        folder = write_assembly(tmp_path / "assembly")
        outputs = deploy(folder, access=access, images=tmp_path / "images").outputs
        access.client("lambda").invoke(FunctionName=outputs["Function"])
        workers = find_workers(tmp_path)
        assert workers
        emulator.kill()
        assert wait_for(lambda: not any(is_running(pid) for pid in workers))


def find_workers(folder):
    """Processes that run in an unpacked function of this folder."""
    running = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [int(path.name) for path in running if read_folder(path).is_relative_to(folder)]


def read_folder(process):
    try:
        return (process / "cwd").readlink()
    except OSError:
        return Path("/")


def test_everything_listens_on_this_machine_only(emulator_pid):
    owned = {link.readlink().name for link in Path(f"/proc/{emulator_pid}/fd").iterdir()}
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    addresses = {
        words[1] for words in lines if words[3] == "0A" and f"socket:[{words[9]}]" in owned
    }
    assert addresses
    assert all(address.startswith("0100007F:") for address in addresses)


def make_writer(cloud, bucket):
    """ARN of a role that may write there."""
    iam, trusted = cloud.client("iam"), {"Service": "firehose.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    documents = [
        json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        for statement in (trust, policy("s3:PutObject", f"arn:aws:s3:::{bucket}/*"))
    ]
    role = iam.create_role(RoleName="writer-of-records", AssumeRolePolicyDocument=documents[0])
    name = role["Role"]["RoleName"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=documents[1])
    return role["Role"]["Arn"]


def test_records_that_cannot_be_delivered_ring_and_are_not_lost(cloud):
    firehose, s3, cloudwatch = (cloud.client(n) for n in ("firehose", "s3", "cloudwatch"))

    def make_bucket():
        here = {"LocationConstraint": s3.meta.region_name}
        s3.create_bucket(Bucket="records-before", CreateBucketConfiguration=here)

    make_bucket()
    place = {"RoleARN": make_writer(cloud, "records-before"), "Prefix": "lines/"}
    firehose.create_delivery_stream(
        DeliveryStreamName="late",
        ExtendedS3DestinationConfiguration=place | {"BucketARN": "arn:aws:s3:::records-before"},
    )
    cloudwatch.put_metric_alarm(
        AlarmName="late", Namespace="AWS/Firehose", MetricName="DeliveryToS3.DataFreshness",
        Dimensions=[{"Name": "DeliveryStreamName", "Value": "late"}], Statistic="Maximum",
        Period=60, EvaluationPeriods=1, Threshold=3, ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )  # fmt: skip

    def state():
        return cloudwatch.describe_alarms(AlarmNames=["late"])["MetricAlarms"][0]["StateValue"]

    def lines():
        found = s3.list_objects_v2(Bucket="records-before").get("Contents", [])
        return [s3.get_object(Bucket="records-before", Key=o["Key"])["Body"].read() for o in found]

    firehose.put_record(DeliveryStreamName="late", Record={"Data": b"one"})
    assert wait_for(lambda: lines() == [b"one"])
    [key] = [o["Key"] for o in s3.list_objects_v2(Bucket="records-before")["Contents"]]
    s3.delete_object(Bucket="records-before", Key=key)
    s3.delete_bucket(Bucket="records-before")
    firehose.put_record(DeliveryStreamName="late", Record={"Data": b"two"})
    assert wait_for(lambda: state() == "ALARM", seconds=60)
    make_bucket()
    assert wait_for(lambda: lines() == [b"two"], seconds=60)
