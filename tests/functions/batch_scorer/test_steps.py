"""Three steps, each of which may be repeated, interrupted or done by somebody else."""

import json
from dataclasses import replace

import boto3
import numpy as np
import pytest
from credit_scoring.errors import OutOfTime, StorageRefused
from moto.events.models import EventsBackend
from moto.s3.exceptions import S3AccessDeniedError

from tests.functions.batch_scorer.branch import draw_rows, everything, listed, stored, to_csv

ROWS = 10


@pytest.fixture
def event(branch, monkeypatch):
    """Five chunks, one line of which is rejected."""
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "2")
    rows = draw_rows(ROWS)
    rows[4]["AMT_CREDIT"] = "much"
    return branch.upload(to_csv(rows))


def folder(event):
    return f"paris-01/a.csv/{event['Records'][0]['s3']['object']['versionId']}"


def digest():
    [key] = [key for key in stored() if key.endswith("plan.json")]
    return key.split("/")[1]


def results():
    """What must not differ, whatever happened on the way; of a list, when a row was scored does."""
    files = {
        key: content
        for key, content in everything().items()
        if not key.startswith("lists/") and not key.endswith("manifest.json")
    }
    [manifest] = [json.loads(v) for k, v in everything().items() if k.endswith("manifest.json")]
    receipt = {name: v for name, v in manifest.items() if name not in ("durations", "cost")}
    rows = listed()
    return files, receipt, replace(rows, scored=np.zeros_like(rows.scored)).to_bytes()


def delete(key):
    boto3.client("s3").delete_object(Bucket="results", Key=key)


def start_over(branch, event):
    """The state before any of it: results, work and record gone."""
    for key in stored():
        delete(key)
    place = {"branch": {"S": "paris-01"}, "batch": {"S": folder(event).partition("/")[2]}}
    boto3.client("dynamodb").delete_item(TableName="batches", Key=place)


def test_a_notification_that_is_none_starts_nothing(branch):
    branch.invoke({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"})
    assert stored() == {}


def test_a_result_that_is_written_starts_nothing(branch, event):
    branch.invoke(event)
    before = stored()
    for key in before:
        own = json.loads(json.dumps(event))
        own["Records"][0]["s3"]["bucket"]["name"] = "results"
        own["Records"][0]["s3"]["object"]["key"] = key
        branch.invoke(own)
    assert stored() == before


def test_out_of_time_is_tried_again_and_goes_on_where_it_ended(branch, event, capsys):
    branch.invoke(event)
    undisturbed = results()
    start_over(branch, event)
    left = []
    branch.remaining_ms = lambda: 1_000
    for _ in range(ROWS // 2 - 1):
        with pytest.raises(OutOfTime) as failure:
            branch.invoke(event)
        assert failure.value.retryable
        left.append(failure.value.left)
        assert not any(key.startswith("scored/") for key in stored())
    assert left == [4, 3, 2, 1]
    branch.invoke(event)
    assert results() == undisturbed


@pytest.mark.parametrize("number", range(ROWS // 2))
def test_a_part_is_there_only_once_all_that_stays_of_its_chunk_is(
    branch, event, before_put, number
):
    branch.invoke(event)
    undisturbed = results()
    start_over(branch, event)

    def deny(key):
        if key.endswith(f"-{number:05}.npz"):  # the records of that chunk
            raise S3AccessDeniedError

    before_put(deny)
    with pytest.raises(StorageRefused):
        branch.invoke(event)
    parts = [int(key[-5:]) for key in stored() if key.startswith(f"work/{digest()}/parts/")]
    # The next one may have been scored before it turned out.
    assert parts in ([*range(number)], [*range(number), number + 1])
    before_put(lambda _: None)
    branch.invoke(event)
    assert results() == undisturbed


@pytest.mark.parametrize("lost", ["parts/00001", "parts/00004"])
def test_a_part_that_is_lost_is_made_again(branch, event, lost):
    branch.invoke(event)
    undisturbed = results()
    delete(f"work/{digest()}/{lost}")
    unfinish(event)
    branch.invoke({"step": "finish", "digest": digest()})
    assert results() == undisturbed


def unfinish(event):
    for name in ("scores.csv", "rejects.csv", "manifest.json"):
        delete(f"scored/{folder(event)}/{name}")


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-9], lambda b: b.replace(b"0", b"1"), lambda _: b""]
)
def test_a_damaged_part_is_never_published(branch, event, damage):
    branch.invoke(event)
    undisturbed = results()
    key = f"work/{digest()}/parts/00002"
    boto3.client("s3").put_object(Bucket="results", Key=key, Body=damage(stored()[key]))
    unfinish(event)
    branch.invoke({"step": "finish", "digest": digest()})
    assert results() == undisturbed


def test_chunks_in_any_order_and_twice_give_the_same_file(branch, event):
    branch.invoke(event)
    undisturbed = results()
    unfinish(event)
    for number in range(5):
        delete(f"work/{digest()}/parts/{number:05}")
    for number in (3, 0, 3, 4, 2, 2, 1, 0):
        branch.invoke({"step": "score_chunk", "digest": digest(), "chunk": number})
    branch.invoke({"step": "finish", "digest": digest()})
    assert results() == undisturbed


def test_one_model_scores_a_file_although_another_is_promoted_meanwhile(branch, event, small_model):
    from credit_scoring.aws.storage import open_store

    branch.invoke(event)
    undisturbed = results()
    start_over(branch, event)
    branch.remaining_ms = lambda: 0
    for cutoff in (0.01, 0.02, 0.03, 0.04):
        with pytest.raises(OutOfTime):
            branch.invoke(event)
        small_model.publish(open_store("s3://models/models"), cutoff=cutoff)
    branch.invoke(event)
    assert results() == undisturbed


def test_who_comes_second_with_a_plan_works_by_the_first_one_s(branch, event, monkeypatch):
    branch.invoke(event)
    undisturbed = results()
    unfinish(event)
    place = {"branch": {"S": "paris-01"}, "batch": {"S": folder(event).partition("/")[2]}}
    boto3.client("dynamodb").delete_item(TableName="batches", Key=place)
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "3")
    branch.invoke(event)
    assert results() == undisturbed


def test_an_event_that_comes_after_the_work_was_cleared_changes_no_result(branch, event):
    branch.invoke(event)
    undisturbed = everything()
    for key in stored():
        if key.startswith("work/"):
            delete(key)
    branch.invoke(event)
    assert everything() == undisturbed
    assert stored() == undisturbed


def test_the_receipt_says_what_it_took(branch, event):
    branch.invoke(event)
    manifest = branch.result(folder(event)).manifest
    assert set(manifest["durations"]) == {"plan", "score", "finish", "total"}
    assert 0 < manifest["cost"]["dollars"] < 0.01
    assert manifest["cost"]["step_functions"] == 0


def test_a_file_that_is_deleted_on_the_way_is_told_to_its_sender(branch, event):
    branch.remaining_ms = lambda: 0
    with pytest.raises(OutOfTime):
        branch.invoke(event)
    stored_object = event["Records"][0]["s3"]["object"]
    place = {"Key": "uploads/paris-01/a.csv", "VersionId": stored_object["versionId"]}
    boto3.client("s3").delete_object(Bucket="uploads", **place)
    branch.invoke(event)
    manifest = branch.result(folder(event)).manifest
    assert (manifest["status"], manifest["scored"]) == ("failed", 0)
    assert "deleted" in manifest["detail"]["en"]


# --- A big file -----------------------------------------------------------------------------------


@pytest.fixture
def machine(branch, monkeypatch):
    """A state machine that only takes note."""
    content = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/r"
    states = boto3.client("stepfunctions")
    arn = states.create_state_machine(name="BigFiles", definition=content, roleArn=role)
    monkeypatch.setenv("STATE_MACHINE_ARN", arn["stateMachineArn"])
    monkeypatch.setenv("BATCH_INLINE_CHUNKS", "4")
    return arn["stateMachineArn"]


def executions(machine):
    states = boto3.client("stepfunctions")
    found = states.list_executions(stateMachineArn=machine)["executions"]
    return [states.describe_execution(executionArn=one["executionArn"]) for one in found]


def test_a_big_file_is_handed_to_the_state_machine_once(branch, event, machine, batches):
    branch.invoke(event)
    branch.invoke(event)
    [execution] = executions(machine)
    assert execution["name"] == digest()
    task = json.loads(execution["input"])
    assert (task["digest"], task["chunks"]) == (digest(), [0, 1, 2, 3, 4])
    assert task["upload"]["key"] == "uploads/paris-01/a.csv"
    assert not any(key.startswith("scored/") for key in stored())
    assert batches.get("paris-01", folder(event).partition("/")[2]).status == "running"


def test_the_machine_s_steps_give_what_one_invocation_gives(branch, event, machine, monkeypatch):
    branch.invoke(event)
    upload = json.loads(executions(machine)[0]["input"])["upload"]
    step = {"digest": digest(), "upload": upload}
    for number in (4, 1, 0, 3, 2):
        branch.invoke({"step": "score_chunk", "chunk": number, **step})
    branch.invoke({"step": "finish", **step})
    by_machine = results()
    start_over(branch, event)
    monkeypatch.delenv("STATE_MACHINE_ARN")
    branch.invoke(event)
    assert results() == by_machine


def test_without_a_machine_every_file_is_scored_where_its_event_arrives(branch, event, monkeypatch):
    monkeypatch.setenv("BATCH_INLINE_CHUNKS", "1")
    branch.invoke(event)
    assert branch.result(folder(event)).manifest["scored"] == ROWS - 1


# --- The record, and the event --------------------------------------------------------------------


def test_the_record_tells_how_far_a_batch_is(branch, event, batches):
    name = folder(event).partition("/")[2]
    branch.remaining_ms = lambda: 0
    with pytest.raises(OutOfTime):
        branch.invoke(event)
    record = batches.get("paris-01", name)
    assert (record.status, record.rows, record.rows_done) == ("running", ROWS, 2)
    branch.remaining_ms = lambda: 900_000
    branch.invoke(event)
    record = batches.get("paris-01", name)
    assert (record.status, record.rows_done, record.scored) == ("finished", ROWS, ROWS - 1)
    assert (record.rejected, record.open_rejects) == (1, 1)
    assert record.received_at == "2026-11-20T08:15:30.123000+00:00"


def test_rows_of_a_part_count_once_whoever_makes_it(branch, event, batches):
    branch.remaining_ms = lambda: 0
    with pytest.raises(OutOfTime):
        branch.invoke(event)
    for _ in range(3):
        branch.invoke({"step": "score_chunk", "digest": digest(), "chunk": 1})
    assert batches.get("paris-01", folder(event).partition("/")[2]).rows_done == 4


def test_a_file_that_cannot_be_used_has_a_failed_record(branch, batches):
    manifest = branch.send(b"nothing,of,use\n1,2,3\n").manifest
    record = batches.get("paris-01", manifest["batch"])
    assert (record.status, record.detail) == ("failed", manifest["detail"]["fr"])


@pytest.fixture
def told(aws, monkeypatch):
    """What the bus takes."""
    taken, put = [], EventsBackend.put_events

    def put_events(backend, entries):
        taken.extend(entries)
        return put(backend, entries)

    monkeypatch.setattr(EventsBackend, "put_events", put_events)
    return taken


def test_the_end_of_a_batch_is_told_once(branch, event, told):
    branch.invoke(event)
    branch.invoke(event)
    [message] = told
    assert message["DetailType"] == "Batch finished"
    detail = json.loads(message["Detail"])
    assert (detail["branch"], detail["file"]) == ("paris-01", "a.csv")
    assert (detail["rows"], detail["scored"], detail["rejected"]) == (ROWS, ROWS - 1, 1)


def test_a_failed_batch_is_told_too(branch, told):
    branch.send(b"nothing,of,use\n1,2,3\n")
    [message] = told
    assert message["DetailType"] == "Batch failed"


def test_a_bus_that_is_gone_keeps_the_record_open_and_the_retry_closes_it(
    branch, event, batches, monkeypatch
):
    monkeypatch.setenv("EVENT_BUS", "nowhere")
    name = folder(event).partition("/")[2]
    with pytest.raises(StorageRefused):
        branch.invoke(event)
    assert batches.get("paris-01", name).status == "running"
    monkeypatch.setenv("EVENT_BUS", "default")
    branch.invoke(event)
    assert batches.get("paris-01", name).status == "finished"
