"""What the drift monitor's role is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final

from credit_scoring.aws.storage import S3Store
from credit_scoring.contract.columns import all_with_role
from credit_scoring.stored.acknowledgements import Acknowledgement, write_acknowledgement

from infra.local.demo.life import BROKEN, LOST, SOUND
from infra.local.demo.uploads import Rows, read_shares, write_table
from infra.local.permissions.exercises.scoring import keep_record
from infra.local.permissions.stage import Exercise, Stage, log_of, require, wait_for

FUNCTION: Final = "DriftMonitorFunction"
SHIFTED: Final = "nantes-04"
NOBODY: Final = 4_711  # a pseudonym that stands for no applicant
_SHIFTS: Final = all_with_role("external_score")[2]
_INCOMING: Final = "records/incoming/"
_SET_ASIDE: Final = ("records/damaged/lines/", "records/undelivered/")
_URGENCIES: Final = {"page", "ticket"}


@contextmanager
def prepared(stage: Stage) -> Iterator[None]:
    """Files of sound branches, of one that lost a column, and of one whose applicants changed."""
    _, *others = read_shares(stage.upload)
    for branch, table in zip((SOUND[0], BROKEN, SHIFTED), others, strict=True):
        send_week(stage, branch, table)
    seen = stage.target.run_drift()
    urgencies = {finding["urgency"] for finding in seen.get("findings", ())}
    require(urgencies == _URGENCIES, f"the monitor finds {urgencies} only: {seen}")
    say_that_it_is_known(stage)
    yield


def send_week(stage: Stage, branch: str, table: Rows) -> None:
    for row in table:
        if branch == BROKEN:
            row[LOST] = ""
        elif branch == SHIFTED and row[_SHIFTS]:
            row[_SHIFTS] = str(0.6 + 0.3 * float(row[_SHIFTS]))
    stage.target.put_upload(f"uploads/{branch}/week.csv", write_table(table))
    stage.target.wait_for_result(f"scored/{branch}/week.csv/", timeout=60)


def say_that_it_is_known(stage: Stage) -> None:
    """Of a finding that there was once: it is read, and hides nothing that is found now."""
    said = Acknowledgement(
        kind="missing", source="elsewhere", columns=(LOST,), reason="An exercise", by="exercise",
        at=datetime.now(UTC).isoformat(timespec="microseconds"), until=date(2020, 1, 1),
    )  # fmt: skip
    bucket, s3 = stage.outputs["ResultsBucket"], stage.access.client("s3")
    write_acknowledgement(S3Store(bucket, "acknowledged/", s3), said)


def run_a_night(stage: Stage) -> Any:
    """Records that have arrived are compacted, what nobody was told of is told, all is written."""
    keep_record(stage)
    stage.access.client("s3").delete_object(
        Bucket=stage.outputs["ResultsBucket"], Key="drift/latest.json"
    )
    summary = stage.target.run_drift()
    require(summary["status"] == "measured", f"the run is {summary['status']}")
    require(summary["report"], "the run has no report")
    require(not stage.target.result_keys(_INCOMING), "records are left where they arrived")
    stage.target.read_result("drift/latest.json")
    return summary


def forget(stage: Stage) -> None:
    """Somebody who was never scored; what was set aside and cannot be searched for them goes."""
    s3, bucket = stage.access.client("s3"), stage.outputs["ResultsBucket"]
    for folder in _SET_ASIDE:
        s3.put_object(Bucket=bucket, Key=f"{folder}exercise", Body=b"\x1f\x8bbroken")
    stage.invoke(FUNCTION, {"forget": NOBODY})
    left = [key for folder in _SET_ASIDE for key in stage.target.result_keys(folder)]
    require(not left, f"{left} are left")


def keep_failure(stage: Stage) -> None:
    """A run that no attempt can finish waits in the queue."""
    sqs, queue = stage.access.client("sqs"), stage.outputs["DriftFailuresQueueUrl"]
    stage.send(FUNCTION, {"date": "nonsense"})
    asked = {"QueueUrl": queue, "WaitTimeSeconds": 1}
    [message] = wait_for(lambda: sqs.receive_message(**asked).get("Messages"), "a failed run")
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


DRIFT: Final = (
    Exercise("a night of the drift monitor", run_a_night),
    Exercise("a failed run is kept", keep_failure, first_for=("sqs:",)),
    Exercise("forgetting", forget, first_for=("records/damaged/*", "records/undelivered/*")),
    log_of(FUNCTION, forget),
)
