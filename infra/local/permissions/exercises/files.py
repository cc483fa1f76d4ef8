"""What the role of the batch function is for, and that of the state machine of big files."""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from credit_scoring.contract.columns import ID

from infra.local.demo.target import DeployedStack
from infra.local.demo.uploads import Rows, write_table
from infra.local.permissions.stage import Exercise, Stage, log_of, require, wait_for

FUNCTION: Final = "BatchScorerFunction"
BRANCH: Final = "exercises"
# So few rows that a small file has many chunks; more chunks than these are a big file.
CHUNK_ROWS, INLINE_CHUNKS = 2, 20
# A branch's list is merged when more than sixteen chunks left their parts.
ROWS, BIG_ROWS = 36, 42
# Longer than one part of a multipart upload, of text and of scores.
LONG_TEXT: Final = 9_000_000  # bytes
LONG_ROWS: Final = 25_000


@dataclass(frozen=True)
class Sent:
    """One version of a file in the uploads bucket."""

    bucket: str
    key: str
    version: str

    @property
    def folder(self) -> str:
        """Of its results."""
        return f"{self.key.removeprefix('uploads/')}/{self.version}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.bucket}/{self.key}/{self.version}".encode()).hexdigest()

    @property
    def event(self) -> dict[str, Any]:
        """As S3 tells of it."""
        stored = {"key": self.key, "versionId": self.version, "size": 1}
        return {
            "Records": [
                {
                    "eventTime": datetime.now(UTC).isoformat(),
                    "s3": {"bucket": {"name": self.bucket}, "object": stored},
                }
            ]
        }


class Files:
    """Exercises of one run; `long` is a file of many rows that was scored once."""

    def __init__(self) -> None:
        self.long: Sent | None = None

    @contextmanager
    def prepared(self, stage: Stage) -> Iterator[None]:
        with nobody_hears(stage.target):
            self.long = send(stage, write_table(renamed(stage.table, LONG_ROWS)))
            stage.invoke(FUNCTION, self.long.event)
            delete_upload(stage, self.long)
            with small_chunks(stage):
                yield

    def break_off_results(self, stage: Stage) -> None:
        """The upload and a chunk's part are gone: what was written of the results is taken back."""
        assert self.long
        results, sent = stage.outputs["ResultsBucket"], self.long
        s3 = stage.access.client("s3")
        parts = stage.target.result_keys(f"work/{sent.digest}/parts/")
        for key in (f"scored/{sent.folder}/manifest.json", *parts[4:]):
            s3.delete_object(Bucket=results, Key=key)
        stage.invoke(FUNCTION, {"step": "finish", "digest": sent.digest})
        require(read_manifest(stage, sent)["status"] == "failed", "the file did not fail")
        require_nothing_left(stage, f"scored/{sent.folder}/")


@contextmanager
def nobody_hears(target: DeployedStack) -> Iterator[None]:
    """A file that arrives starts nothing: whoever wants it calls what it would start."""
    s3, bucket = target.access.client("s3"), target.outputs["UploadsBucket"]
    known = s3.get_bucket_notification_configuration(Bucket=bucket)
    known = {name: value for name, value in known.items() if name != "ResponseMetadata"}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    try:
        yield
    finally:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=known)


def small_chunks(stage: Stage) -> Any:
    settings = {
        "BATCH_CHUNK_ROWS": str(CHUNK_ROWS),
        "BATCH_INLINE_CHUNKS": str(INLINE_CHUNKS),
    }
    return stage.settings(FUNCTION, **settings)


def renamed(table: Rows, count: int) -> Rows:
    """So many rows, of applicants of this branch alone."""
    return [{**table[n % len(table)], ID: f"EX-{n}"} for n in range(count)]


def send(stage: Stage, body: bytes, name: str = "") -> Sent:
    bucket = stage.outputs["UploadsBucket"]
    key = f"uploads/{BRANCH}/{name or secrets.token_hex(4) + '.csv'}"
    answer = stage.access.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return Sent(bucket, key, answer["VersionId"])


def delete_upload(stage: Stage, sent: Sent) -> None:
    stage.access.client("s3").delete_object(
        Bucket=sent.bucket, Key=sent.key, VersionId=sent.version
    )


def read_manifest(stage: Stage, sent: Sent) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        stage.target.read_result(f"scored/{sent.folder}/manifest.json")
    )
    return content


def score_file(stage: Stage) -> None:
    """With two lines of one applicant; its chunks' parts of the list are merged at the end."""
    rows = renamed(stage.table, ROWS)
    rows[-1][ID] = rows[0][ID]
    sent = send(stage, write_table(rows))
    stage.invoke(FUNCTION, sent.event)
    manifest = read_manifest(stage, sent)
    counts = (manifest["scored"], manifest["rejected"])
    require(counts == (ROWS - 1, 1), f"{counts} of the file are scored and rejected")


def score_big_file(stage: Stage) -> None:
    sent = send(stage, write_table(renamed(stage.table, BIG_ROWS)))
    stage.invoke(FUNCTION, sent.event)
    wait_for(lambda: has_ended(stage, sent) or has_failed(stage, sent), "the end of a big file")
    require(has_ended(stage, sent), "the state machine failed")


def has_ended(stage: Stage, sent: Sent) -> bool:
    return bool(stage.target.result_keys(f"scored/{sent.folder}/manifest.json"))


def has_failed(stage: Stage, sent: Sent) -> bool:
    found = stage.access.client("stepfunctions").list_executions(
        stateMachineArn=stage.outputs["BigFilesArn"], statusFilter="FAILED"
    )
    return sent.digest in {item["name"] for item in found["executions"]}


def score_deleted_file(stage: Stage) -> None:
    """Whoever deleted it is told so: it is no failure of ours."""
    sent = send(stage, write_table(stage.table[:1]))
    delete_upload(stage, sent)
    stage.invoke(FUNCTION, sent.event)
    require(read_manifest(stage, sent)["status"] == "failed", "the file did not fail")


def break_off_text(stage: Stage) -> None:
    """A long archive whose end is missing: what was unpacked of it is taken back."""
    rows = write_table(stage.table)
    body = gzip.compress(rows + rows * (LONG_TEXT // len(rows)), compresslevel=1)
    sent = send(stage, body[: -len(body) // 50], f"{secrets.token_hex(4)}.csv.gz")
    stage.invoke(FUNCTION, sent.event)
    require(read_manifest(stage, sent)["status"] == "failed", "the file did not fail")
    require_nothing_left(stage, f"work/{sent.digest}/")


def require_nothing_left(stage: Stage, prefix: str) -> None:
    """No upload that was begun, and not ended; ends it."""
    s3, bucket = stage.access.client("s3"), stage.outputs["ResultsBucket"]
    left = s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", [])
    for one in left:
        s3.abort_multipart_upload(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])
    require(not left, f"parts of {len(left)} files are left")


def keep_failure(stage: Stage) -> None:
    """An event that no attempt can finish waits in the queue."""
    sqs, queue = stage.access.client("sqs"), stage.outputs["BatchFailuresQueueUrl"]
    stage.send(FUNCTION, {"step": "finish", "digest": "0" * 64})
    asked = {"QueueUrl": queue, "WaitTimeSeconds": 1}
    [message] = wait_for(
        lambda: sqs.receive_message(**asked).get("Messages"), "a failed event", seconds=10
    )
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


_FILES: Final = Files()
prepared = _FILES.prepared
BATCH: Final = (
    Exercise("a file", score_file),
    Exercise("a big file", score_big_file, first_for=("states:",)),
    Exercise("a file that was deleted", score_deleted_file, first_for=("credit-uploads",)),
    Exercise(
        "a broken archive leaves nothing behind",
        break_off_text,
        first_for=("s3:AbortMultipartUpload",),
    ),
    Exercise(
        "results that are broken off leave nothing behind",
        _FILES.break_off_results,
        first_for=("s3:AbortMultipartUpload",),
    ),
    Exercise("a failed event is kept", keep_failure, first_for=("sqs:",)),
    log_of(FUNCTION, score_file),
)
MACHINE: Final = (Exercise("a big file", score_big_file),)


@contextmanager
def machine_prepared(stage: Stage) -> Iterator[None]:
    with nobody_hears(stage.target), small_chunks(stage):
        yield
