"""When something fails: the event is retried, nothing half done is shown, no one is named."""

import json

import boto3
import pytest
from credit_scoring.errors import ArtifactMissing, StorageRefused, StorageUnavailable
from moto.s3.exceptions import S3AccessDeniedError

from tests.functions.batch_scorer.branch import draw_rows, everything, to_csv

CANARY = "canary"


def canary_rows():
    """Every cell of a row is a canary, or a number that is one."""
    rows = draw_rows(3)
    words = {name: f"{CANARY}-{name}" for name in rows[0] if name != "SK_ID_CURR"}
    numbers = [row | {"SK_ID_CURR": f"{CANARY}{n}", "NOTE": CANARY} for n, row in enumerate(rows)]
    return [*numbers, rows[0] | words, numbers[0], rows[1] | {"AMT_CREDIT": 765432.125}]


def written(capsys, caplog):
    captured = capsys.readouterr()
    return captured.out + captured.err + caplog.text


def test_logs_and_metrics_count_but_never_quote(branch, capsys, caplog):
    branch.send_rows(canary_rows(), name=f"{CANARY}.csv")
    branch.send(b"canary,canary\n" + to_csv(canary_rows()[:1]), name=f"{CANARY}.zip")
    branch.send(to_csv(canary_rows()).replace(b"SK_ID_CURR", b"canary"), name=f"{CANARY}.csv")
    text = written(capsys, caplog)
    assert CANARY not in text
    assert "765432" not in text
    entries = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    ended = [entry for entry in entries if entry.get("message") == "batch ended"]
    assert [(e["rows"], e["scored"], e["rejected"]) for e in ended] == [
        (6, 4, 2),
        (2, 1, 1),
        (0, 0, 0),
    ]
    metrics = [entry for entry in entries if "_aws" in entry]
    assert [m["FailedBatches"] for m in metrics] == [[0.0], [0.0], [1.0]]
    assert [m["ScoredRows"] for m in metrics] == [[4.0], [1.0], [0.0]]


def test_storage_that_is_down_is_an_error_to_retry_and_names_no_one(branch, outage, capsys, caplog):
    event = branch.upload(to_csv(canary_rows()), f"uploads/{CANARY}/{CANARY}.csv")
    outage()
    with pytest.raises(StorageUnavailable) as failure:
        branch.invoke(event)
    assert failure.value.retryable
    text = written(capsys, caplog) + str(failure.value)
    assert '"retryable":true' in text
    assert CANARY not in text


def test_profiles_that_are_down_are_an_error_and_no_receipt(branch, capsys, caplog):
    event = branch.upload(to_csv(canary_rows()))
    boto3.client("dynamodb").delete_table(TableName="profiles")
    with pytest.raises(StorageRefused):
        branch.invoke(event)
    assert everything() == {}
    assert CANARY not in written(capsys, caplog)


def test_a_deleted_file_is_told_to_its_sender(branch, capsys, caplog):
    event = branch.upload(to_csv(canary_rows()), f"uploads/paris-01/{CANARY}.csv")
    version = event["Records"][0]["s3"]["object"]["versionId"]
    key = f"uploads/paris-01/{CANARY}.csv"
    boto3.client("s3").delete_object(Bucket="uploads", Key=key, VersionId=version)
    branch.invoke(event)
    manifest = branch.result(f"paris-01/{CANARY}.csv/{version}").manifest
    assert manifest["status"] == "failed"
    assert "deleted" in manifest["detail"]["en"]
    assert CANARY not in written(capsys, caplog)


@pytest.mark.parametrize("refused", ["scores.csv", "rejects.csv"])
def test_without_every_result_there_is_no_receipt(branch, refused, before_put):
    event = branch.upload(to_csv(draw_rows(3)))

    def deny(key):
        if key.endswith(refused):
            raise S3AccessDeniedError

    before_put(deny)
    with pytest.raises(StorageRefused):
        branch.invoke(event)
    assert not any("manifest" in key or refused in key for key in everything())


def test_the_receipt_is_the_last_thing_written(branch, before_put):
    order = []
    event = branch.upload(to_csv(draw_rows(3)))
    before_put(order.append)
    branch.invoke(event)
    assert [key.rpartition("/")[2] for key in order[-3:]] == [
        "scores.csv",
        "rejects.csv",
        "manifest.json",
    ]


def test_without_a_model_the_event_is_kept_for_a_retry(branch):
    event = branch.upload(to_csv(draw_rows(1)))
    boto3.client("s3").delete_object(Bucket="models", Key="models/champion.json")
    with pytest.raises(ArtifactMissing):
        branch.invoke(event)
    assert everything() == {}


def test_one_model_scores_a_whole_file(branch, small_model, model):
    from credit_scoring.aws.storage import open_store

    first = branch.send_rows(draw_rows(2))
    small_model.publish(open_store("s3://models/models"), cutoff=0.01)
    second = branch.send_rows(draw_rows(2))
    versions = {line["model_version"] for line in second.scores}
    assert versions == {second.manifest["model"]["version"]}
    assert second.manifest["cutoff"] == 0.01
    assert first.manifest["cutoff"] == model.cutoff
