"""A file through the state machine, and what was given up finished by redrive: emulated."""

import json
from contextlib import contextmanager

import pytest

from infra.local.check.observations import read_scores
from infra.local.demo.running import BRANCH
from infra.operate import redrive
from tests.infra.local.conftest import wait_for

pytestmark = pytest.mark.local_cloud("it replaces what is behind an alias")

# So few rows that the sample is a big file of several chunks.
SMALL = {"BATCH_CHUNK_ROWS": "100", "BATCH_INLINE_CHUNKS": "2"}


@contextmanager
def environment(target, **changed):
    """The batch function with other settings, published behind its alias, and back again."""
    client, name = target.access.client("lambda"), target.outputs["BatchScorerFunction"]
    config = client.get_function_configuration(FunctionName=name)
    before = config["Environment"]["Variables"]
    publish(client, name, {**before, **changed})
    try:
        yield
    finally:
        publish(client, name, before)


def publish(client, name, variables):
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    version = client.publish_version(FunctionName=name)["Version"]
    client.update_alias(FunctionName=name, Name="live", FunctionVersion=version)


@pytest.fixture
def small_chunks(target):
    with environment(target, **SMALL):
        yield


def send(target, filename, body):
    """The prefix of the result of this upload."""
    target.put_upload(f"uploads/{BRANCH}/{filename}", body)
    return f"scored/{BRANCH}/{filename}/"


def scores_of(target, prefix):
    key = target.wait_for_result(prefix, timeout=120)
    manifest = json.loads(target.read_result(key))
    scores = target.read_result(key.replace("manifest.json", "scores.csv"))
    return manifest, read_scores(scores)


def executions(target, status):
    client = target.access.client("stepfunctions")
    found = client.list_executions(
        stateMachineArn=target.outputs["BigFilesArn"], statusFilter=status
    )
    return {item["name"] for item in found["executions"]}


def test_a_big_file_comes_back_from_the_state_machine_as_training_scores_it(
    target, small_chunks, upload, reference
):
    before = executions(target, "SUCCEEDED")
    manifest, scores = scores_of(target, send(target, "big.csv", upload))
    assert scores == dict(reference.default_probabilities)
    assert manifest["scored"] + manifest["rejected"] == manifest["rows"] == reference.rows
    assert wait_for(lambda: len(executions(target, "SUCCEEDED") - before) == 1)


def test_what_was_given_up_rings_and_redrive_finishes_it(
    target, small_chunks, upload, reference, capsys
):
    few = b"\n".join(upload.split(b"\n")[:20]) + b"\n"
    with environment(target, PROFILES_TABLE="gone"):
        big, little = send(target, "broken.csv", upload), send(target, "few.csv", few)
        assert wait_for(lambda: executions(target, "FAILED"), seconds=90)
        assert wait_for(lambda: waiting(target) == 1, seconds=60)
        assert target.result_keys(big) == target.result_keys(little) == []
        assert wait_for(lambda: {"BatchScorerFailures", "BigFilesFailed"} <= ringing(target))

    assert redrive.redrive(target.outputs, target.access, dry_run=False) == 0
    told = capsys.readouterr().out
    assert "uploads/paris-01/few.csv (StorageRefused): sent again" in told
    assert "1 executions, 1 run again" in told
    _, scores = scores_of(target, big)
    assert scores == dict(reference.default_probabilities)
    assert scores_of(target, little)[0]["rows"] == 19
    assert wait_for(lambda: waiting(target) == 0)


def waiting(target):
    name = "ApproximateNumberOfMessages"
    queue = target.outputs["BatchFailuresQueueUrl"]
    answer = target.access.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=[name])
    return int(answer["Attributes"][name])


def ringing(target):
    alarms = target.access.client("cloudwatch").describe_alarms(StateValue="ALARM")
    return {alarm["AlarmName"].rpartition("-")[2] for alarm in alarms["MetricAlarms"]}
