"""The canary on the whole stack: quiet when all is well, and told what is wrong when it is not."""

import hashlib
import json
import math
import time
from contextlib import contextmanager

import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.metrics import CANARY, NAMESPACE, Metric
from credit_scoring.registry import golden
from credit_scoring.registry.bundle import load_file
from credit_scoring.registry.champion import read_champion

from tests.infra.local.conftest import wait_for

PATIENCE = 60  # seconds for the file; 300 on schedule


@pytest.fixture
def run(target):
    """Call the canary as its schedule does."""

    def call(seconds=PATIENCE):
        answer = target.access.client("lambda").invoke(
            FunctionName=f"{target.outputs['CanaryFunction']}:live",
            Payload=json.dumps({"file_seconds": seconds}).encode(),
        )
        assert "FunctionError" not in answer
        return json.loads(answer["Payload"].read())

    return call


@pytest.fixture
def mailbox(target):
    """Every message of the page topic: (alarm, state)."""
    sqs, sns = target.access.client("sqs"), target.access.client("sns")
    queue = sqs.create_queue(QueueName="pages")["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn, topic = asked["Attributes"]["QueueArn"], target.outputs["PageTopicArn"]
    allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": arn,
               "Action": "sqs:SendMessage",
               "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read():
        received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        told = [json.loads(json.loads(message["Body"])["Message"]) for message in received]
        return [(each["AlarmName"], each["NewStateValue"]) for each in told]

    return read


def total(target, service, metric):
    now = time.time()
    found = target.access.client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE, MetricName=metric.value,
        Dimensions=[{"Name": "service", "Value": service}],
        StartTime=now - 86_400, EndTime=now + 60, Period=86_400, Statistics=["Sum"],
    )  # fmt: skip
    return sum(point["Sum"] for point in found["Datapoints"])


def test_all_is_well_and_nobody_sees_the_canary(target, run, token, batch):
    before = (
        total(target, "score-api", Metric.SCORES),
        total(target, "batch-scorer", Metric.SCORED_ROWS),
    )
    told = run()
    assert told["problems"] == []
    assert told["seconds"] < PATIENCE
    assert wait_for(lambda: total(target, CANARY, Metric.CANARY_RUNS))
    assert total(target, CANARY, Metric.CANARY_FAILURES) == 0
    after = (
        total(target, "score-api", Metric.SCORES),
        total(target, "batch-scorer", Metric.SCORED_ROWS),
    )
    assert after == before
    assert target.result_keys("lists/canary/") == []
    table = target.access.client("dynamodb")
    profile = table.get_item(
        TableName=target.outputs["ProfilesTable"], Key={"applicant_id": {"S": "golden-1"}}
    )
    assert "Item" not in profile
    target.create_user("everywhere", "Demo-advisor-2026", groups=("operator", "all-branches"))
    everything = target.log_in("everywhere", "Demo-advisor-2026")
    batches = target.call("GET", "/batches", token=everything).json()["items"]
    assert batches
    assert "canary" not in {each["branch"] for each in batches}


@contextmanager
def champion_with(target, models, file, data):
    """The champion's bundle with one other file, published under its own name, serves meanwhile."""
    s3, bucket = target.access.client("s3"), target.outputs["ModelsBucket"]
    champion = read_champion(models)
    manifest = json.loads(models.read(f"{champion.version}/manifest.json"))
    manifest["files"][file] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    body = json.dumps(manifest).encode()
    sha256 = hashlib.sha256(body).hexdigest()
    files = {name: models.read(f"{champion.version}/{name}") for name in manifest["files"]}
    for name, content in (files | {file: data, "manifest.json": body}).items():
        s3.put_object(Bucket=bucket, Key=f"models/{sha256[:12]}/{name}", Body=content)
    pointer = {"Bucket": bucket, "Key": "models/champion.json"}
    before = s3.get_object(**pointer)["Body"].read()
    other = json.loads(before) | {"version": sha256[:12], "sha256": sha256}
    s3.put_object(**pointer, Body=json.dumps(other).encode())
    try:
        yield
    finally:
        s3.put_object(**pointer, Body=before)


def test_another_pd_in_the_last_bit_pages(target, run, plan, mailbox):
    """As if the functions computed otherwise than training: what is compared with is changed."""
    models = FolderStore(plan.models)
    content = json.loads(load_file(models, read_champion(models).version, golden.FILE))
    pds = content["default_probabilities"]
    pds[0] = math.nextafter(pds[0], 1)
    with champion_with(target, models, golden.FILE, json.dumps(content).encode()):
        told = run()
    wrong = [problem for problem in told["problems"] if problem.startswith("wrong probability: ")]
    assert wrong
    assert all("golden-1" in problem for problem in wrong)
    rang = []

    def has_rung():
        rang.extend(mailbox())
        return any(n.endswith("-CanaryFailures") and state == "ALARM" for n, state in rang)

    assert wait_for(has_rung, seconds=60), rang


def test_a_token_that_is_refused_is_told(target, run):
    cognito, pool = target.access.client("cognito-idp"), target.outputs["UserPoolId"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    [client] = [each["ClientId"] for each in clients if each["ClientName"] == "canary"]
    flows = {"UserPoolId": pool, "ClientId": client, "ClientName": "canary",
             "AllowedOAuthFlowsUserPoolClient": True}  # fmt: skip
    scopes = ["credit-scoring/scores.write", "branch/canary"]
    every = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": scopes}
    try:
        cognito.update_user_pool_client(**flows, **every | {"AllowedOAuthScopes": scopes[1:]})
        told = run()
    finally:
        cognito.update_user_pool_client(**flows, **every)
    assert told["problems"]
    assert all(problem.startswith(("call refused: ", "no token: ")) for problem in told["problems"])
    assert run()["problems"] == []


def test_a_file_that_nobody_scores_is_late(target, run):
    s3, bucket = target.access.client("s3"), target.outputs["UploadsBucket"]
    known = s3.get_bucket_notification_configuration(Bucket=bucket)
    known = {name: value for name, value in known.items() if name != "ResponseMetadata"}
    try:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
        told = run(3)
    finally:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=known)
    assert told["problems"] == ["file late: no result of the file within 3 s"]
