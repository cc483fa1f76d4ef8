"""What AWS asks of a role, the local cloud asks too: see infra/local/emulation/rights.py."""

import io
import json
import uuid
import zipfile

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.access import Access
from infra.local.emulation.rights import _only_alarm
from infra.local_cloud import ACCOUNT, REGION
from tests.infra.local.assembly import policy
from tests.infra.local.conftest import wait_for

TRUST = {"Effect": "Allow", "Principal": {"AWS": "*", "Service": "states.amazonaws.com"},
         "Action": "sts:AssumeRole"}  # fmt: skip


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture
def make_role(cloud):
    """A role with these statements and no other right; its ARN."""
    iam = cloud.client("iam")

    def make(*statements):
        name = f"role-{uuid.uuid4().hex[:8]}"
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(TRUST))["Role"][
            "Arn"
        ]
        if statements:
            content = document(*statements)
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=content)
        return arn

    return make


@pytest.fixture
def clients_of(cloud, make_role):
    """How a role with these statements calls AWS."""

    def become(service, *statements):
        asked = {"RoleArn": make_role(*statements), "RoleSessionName": "test"}
        keys = cloud.client("sts").assume_role(**asked)["Credentials"]
        return boto3.client(
            service,
            endpoint_url=cloud.endpoint,
            region_name=REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    return become


@pytest.fixture
def bucket(cloud):
    name = f"rights-{uuid.uuid4().hex[:8]}"
    place = {"LocationConstraint": REGION}
    cloud.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


@pytest.mark.parametrize("operation", ["get_object", "head_object"])
def test_who_may_not_list_is_not_told_that_there_is_no_such_key(clients_of, bucket, operation):
    reads = policy("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    lists = policy("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    codes = []
    for statements in ([reads], [reads, lists]):
        with pytest.raises(ClientError) as refusal:
            getattr(clients_of("s3", *statements), operation)(Bucket=bucket, Key="nothing")
        codes.append(refusal.value.response["ResponseMetadata"]["HTTPStatusCode"])
    assert codes == [403, 404]


def test_what_is_there_is_read_without_the_right_to_list(cloud, clients_of, bucket):
    cloud.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1")
    s3 = clients_of("s3", policy("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_one_alarm_is_described_with_the_right_to_that_one(clients_of):
    own = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:own"
    cloudwatch = clients_of("cloudwatch", policy("cloudwatch:DescribeAlarms", own))
    assert cloudwatch.describe_alarms(AlarmNames=["own"])["MetricAlarms"] == []
    for asked in ({"AlarmNames": ["another"]}, {"AlarmNames": ["own", "another"]}, {}):
        with pytest.raises(ClientError, match="AccessDenied"):
            cloudwatch.describe_alarms(**asked)


def test_names_of_alarms_are_read_from_forms_too():
    assert _only_alarm(b"", {"AlarmNames.member.1": ["one"]}) == "one"
    assert _only_alarm(b"Action=DescribeAlarms", {}) == ""


MACHINE = {
    "StartAt": "All",
    "States": {
        "All": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "Label": "Each",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Pass",
                "States": {"Pass": {"Type": "Pass", "End": True}},
            },
            "Next": "Call",
        },
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "%s"},
            "End": True,
        },
    },
}


def run(cloud: Access, role: str, name: str, function: str) -> tuple[str, str]:
    """How an execution ends, and with what error."""
    states = cloud.client("stepfunctions")
    definition = json.dumps(MACHINE).replace("%s", function)
    arn = states.create_state_machine(name=name, definition=definition, roleArn=role)
    given = json.dumps({"items": [1]})
    started = states.start_execution(stateMachineArn=arn["stateMachineArn"], input=given)

    def end():
        found = states.describe_execution(executionArn=started["executionArn"])
        return found if found["status"] != "RUNNING" else None

    found = wait_for(end)
    return found["status"], found.get("error", "")


def test_a_state_machine_does_what_its_role_may(cloud, make_role):
    """With both rights it finds that there is no such function."""
    place = f"{REGION}:{ACCOUNT}"
    function, name = f"arn:aws:lambda:{place}:function:none", f"m-{uuid.uuid4().hex[:8]}"
    starts = policy("states:StartExecution", f"arn:aws:states:{place}:stateMachine:{name}*")
    calls = policy("lambda:InvokeFunction", function)
    ends = [
        run(cloud, make_role(*statements), f"{name}-{number}", function)
        for number, statements in enumerate(([calls], [starts], [starts, calls]))
    ]
    assert ends == [
        ("FAILED", "StepFunctions.AccessDeniedException"),
        ("FAILED", "Lambda.AccessDeniedException"),
        ("FAILED", "Lambda.ResourceNotFoundException"),
    ]


@pytest.fixture
def make_function(cloud, make_role):
    """A function whose role has these statements; its configuration."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("app.py", "def handler(event, context): print('heard', event)")

    def make(*statements):
        return cloud.client("lambda").create_function(
            FunctionName=f"f-{uuid.uuid4().hex[:8]}",
            Runtime="python3.13",
            Handler="app.handler",
            Role=make_role(*statements),
            Code={"ZipFile": archive.getvalue()},
        )

    return make


def log_of(cloud, function):
    """What it said; nothing where there is no log."""
    logs, name = cloud.client("logs"), f"/aws/lambda/{function['FunctionName']}"
    try:
        events = logs.filter_log_events(logGroupName=name)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return ""
    return "".join(event["message"] for event in events)


OWN_LOG = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f-*:*"
WRITES = ["logs:CreateLogStream", "logs:PutLogEvents"]


@pytest.mark.parametrize("rights", [[], WRITES[:1], WRITES[1:], WRITES])
def test_a_function_writes_its_log_with_both_rights_and_runs_without(cloud, make_function, rights):
    function = make_function(*([policy(rights, OWN_LOG)] if rights else []))
    answer = cloud.client("lambda").invoke(FunctionName=function["FunctionName"], Payload=b"1")
    assert "FunctionError" not in answer
    assert ("heard 1" in log_of(cloud, function)) == (rights == WRITES)


def test_a_schedule_calls_what_its_role_may_and_keeps_what_it_may_not(
    cloud, make_role, make_function
):
    """Looked at every ten seconds, so all three are due at once."""
    called = make_function(policy(WRITES, OWN_LOG))
    forbidden = make_function(policy(WRITES, OWN_LOG))
    sqs, name = cloud.client("sqs"), f"kept-{uuid.uuid4().hex[:8]}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    calls = policy("lambda:InvokeFunction", called["FunctionArn"])
    keeps = policy("sqs:SendMessage", arn)
    for number, (function, statements) in enumerate(
        [(called, [calls]), (forbidden, [calls, keeps]), (forbidden, [calls])]
    ):
        cloud.client("scheduler").create_schedule(
            Name=f"{name}-{number}",
            ScheduleExpression="at(2026-01-01T00:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": function["FunctionArn"],
                "RoleArn": make_role(*statements),
                "Input": json.dumps({"number": number}),
                "DeadLetterConfig": {"Arn": arn},
            },
        )
    assert wait_for(lambda: "heard" in log_of(cloud, called), seconds=20)
    found = wait_for(
        lambda: sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages")
    )
    assert [json.loads(message["Body"]) for message in found] == [{"number": 1}]
    assert log_of(cloud, forbidden) == ""


@pytest.mark.parametrize("may_write", [False, True])
def test_a_stream_delivers_what_its_role_may_write(cloud, make_role, bucket, may_write):
    firehose, s3 = cloud.client("firehose"), cloud.client("s3")
    writes = policy("s3:PutObject", f"arn:aws:s3:::{bucket}/{'own' if may_write else 'other'}/*")
    firehose.create_delivery_stream(
        DeliveryStreamName=f"stream-{bucket}",
        ExtendedS3DestinationConfiguration={
            "BucketARN": f"arn:aws:s3:::{bucket}",
            "RoleARN": make_role(writes),
            "Prefix": "own/",
        },
    )
    firehose.put_record(DeliveryStreamName=f"stream-{bucket}", Record={"Data": b"a score"})
    found = wait_for(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents"), seconds=2)
    assert bool(found) == may_write
