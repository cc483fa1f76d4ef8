"""What batches lean on, in the emulator: map, retries, redrive, events, queue, index."""

import json

import pytest

from functions.score_api.routes.given_up.failed_events import read_failed_events, release
from infra.local.deployment.deploy import deploy
from infra.operate import redrive
from tests.infra.local.assembly import write_assembly
from tests.infra.local.batch_assembly import HANDLER, add_batches
from tests.infra.local.conftest import wait_for

CHUNKS = [0, 1, 2, 3, 4]
TRIES = 5  # of a call: one, and four again


@pytest.fixture(scope="module")
def outputs(cloud, tmp_path_factory):
    folder = tmp_path_factory.mktemp("batches")
    assembly = write_assembly(folder, stack="Batch", change=add_batches, handler=HANDLER)
    found = deploy(assembly, access=cloud, images=folder / "images").outputs
    names = {"BatchFailuresQueueUrl": "Failures", "BigFilesArn": "Machine"}
    return found | {"BatchScorerFunction": found["Function"]} | {
        name: found[own] for name, own in names.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def run(cloud, outputs):
    """Run a big file to its end; the execution."""

    def start_and_wait(digest, **upload):
        given = {"digest": digest, "upload": {"file": "é.csv", **upload}, "chunks": CHUNKS}
        arn = start(cloud, outputs, digest, given)
        return wait_until_over(cloud, arn)

    return start_and_wait


def start(cloud, outputs, name, given):
    return cloud.client("stepfunctions").start_execution(
        stateMachineArn=outputs["BigFilesArn"], name=name, input=json.dumps(given)
    )["executionArn"]


def wait_until_over(cloud, arn):
    client = cloud.client("stepfunctions")

    def ended():
        execution = client.describe_execution(executionArn=arn)
        return execution if execution["status"] != "RUNNING" else None

    return wait_for(ended, seconds=60)


def keys(cloud, outputs, prefix):
    listed = cloud.client("s3").list_objects_v2(Bucket=outputs["Results"], Prefix=prefix)
    return [item["Key"].removeprefix(prefix) for item in listed.get("Contents", [])]


def hear(cloud, outputs, wanted):
    """Whether this message came to the topic's queue, among others."""
    sqs, heard = cloud.client("sqs"), []

    def heard_it():
        answer = sqs.receive_message(QueueUrl=outputs["Heard"], MaxNumberOfMessages=10)
        heard.extend(message["Body"] for message in answer.get("Messages", []))
        return wanted in heard

    return wait_for(heard_it)


def rings(cloud, metric):
    """Whether the alarm on this metric starts."""
    client, name = cloud.client("cloudwatch"), f"Batch-{metric}"

    def in_alarm():
        [alarm] = client.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return alarm["StateValue"] == "ALARM"

    return wait_for(in_alarm)


def test_every_chunk_is_scored_by_the_alias_and_then_the_file_is_finished(cloud, outputs, run):
    assert run("whole")["status"] == "SUCCEEDED"
    assert keys(cloud, outputs, "whole/parts/") == [f"{chunk:05}" for chunk in CHUNKS]
    assert keys(cloud, outputs, "whole/manifest") == [""]


def test_a_chunk_gets_the_upload_and_its_output_is_thrown_away(cloud, outputs, run):
    assert run("input")["output"] == "{}"
    place = {"Bucket": outputs["Results"], "Key": "input/parts/00003"}
    assert json.load(cloud.client("s3").get_object(**place)["Body"]) == {"file": "é.csv"}


def test_the_end_of_a_file_reaches_the_topic_in_words(cloud, outputs, run):
    run("told")
    assert hear(cloud, outputs, '"a.csv: 5"')


def test_a_call_that_failed_is_made_again_alone(cloud, outputs, run):
    assert run("retried", broken={"2": 2})["status"] == "SUCCEEDED"
    tries = {chunk: len(keys(cloud, outputs, f"retried/tries/{chunk}/")) for chunk in CHUNKS}
    assert tries == {0: 1, 1: 1, 2: 3, 3: 1, 4: 1}


def test_one_chunk_that_never_succeeds_fails_the_file_and_an_operator_hears(cloud, outputs, run):
    execution = run("broken", broken={"2": 99})
    assert execution["status"] == "FAILED"
    assert len(keys(cloud, outputs, "broken/tries/2/")) == TRIES
    assert keys(cloud, outputs, "broken/manifest") == []
    assert hear(cloud, outputs, '"broken FAILED"')
    assert rings(cloud, "ExecutionsFailed")


def test_a_second_start_under_the_same_name_is_refused(cloud, outputs, run):
    run("once")
    with pytest.raises(cloud.client("stepfunctions").exceptions.ExecutionAlreadyExists):
        start(cloud, outputs, "once", {"other": "input"})


def test_redrive_finishes_what_failed_and_leaves_what_did_not(cloud, outputs, run, capsys):
    run("again", broken={"1": TRIES})
    assert redrive.redrive_executions(outputs, cloud, dry_run=False) == 0
    told = capsys.readouterr().out
    assert "again (FAILED): started anew, attempt 2 (emulated)" in told
    assert "whole" not in told
    arn = f"{outputs['BigFilesArn'].replace(':stateMachine:', ':execution:')}:again-r1"
    assert wait_until_over(cloud, arn)["status"] == "SUCCEEDED"
    assert keys(cloud, outputs, "again/manifest") == [""]
    redrive.redrive_executions(outputs, cloud, dry_run=True)
    assert "again" not in capsys.readouterr().out.replace("run again", "")


def test_an_event_that_every_retry_failed_lies_in_the_queue_until_lambda_took_it(
    cloud, outputs, capsys
):
    cloud.client("s3").put_object(Bucket="batch-uploads", Key="uploads/lyon/a.csv", Body=b"1")
    assert wait_for(lambda: waiting(cloud, outputs) == 1, seconds=20)
    assert rings(cloud, "ApproximateNumberOfMessagesVisible")

    assert redrive.redrive_events(outputs, cloud, dry_run=True) == 0
    assert "uploads/lyon/a.csv (StorageUnavailable): would be sent again" in capsys.readouterr().out
    [first] = read_failed_events(outputs["BatchFailuresQueueUrl"], cloud)
    release([first], queue=outputs["BatchFailuresQueueUrl"], clients=cloud)

    assert redrive.redrive_events(outputs, cloud, dry_run=False) == 0
    assert "uploads/lyon/a.csv (StorageUnavailable): sent again" in capsys.readouterr().out
    # It fails once more, so it comes back, as another message with the same event.
    assert wait_for(lambda: waiting(cloud, outputs) == 1, seconds=20)
    [second] = read_failed_events(outputs["BatchFailuresQueueUrl"], cloud)
    assert (second.payload, second.message_id != first.message_id) == (first.payload, True)


def waiting(cloud, outputs):
    name = "ApproximateNumberOfMessages"
    answer = cloud.client("sqs").get_queue_attributes(
        QueueUrl=outputs["BatchFailuresQueueUrl"], AttributeNames=[name]
    )
    return int(answer["Attributes"][name])


def test_batches_are_listed_newest_first_by_the_index(cloud, outputs):
    dynamodb, table = cloud.client("dynamodb"), outputs["Batches"]
    for day in (2, 3, 1):
        names = {"branch": "lyon", "batch": f"{day}.csv/v", "kind": "batch"}
        item = {**names, "received_at": f"2026-01-0{day}"}
        dynamodb.put_item(TableName=table, Item={k: {"S": v} for k, v in item.items()})
    found = dynamodb.query(
        TableName=table,
        IndexName="recent",
        KeyConditionExpression="kind = :k",
        ExpressionAttributeValues={":k": {"S": "batch"}},
        ScanIndexForward=False,
    )["Items"]
    assert [item["batch"]["S"][0] for item in found] == ["3", "2", "1"]
