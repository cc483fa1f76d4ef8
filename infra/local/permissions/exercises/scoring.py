"""What the role of the scoring API is for: scores, lists, decisions and files of a branch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from credit_scoring.contract.columns import APPLICATION, ID
from credit_scoring.stored.score_records import LINES

from infra.local.demo.running import BRANCH, SAMPLE, USERNAME
from infra.local.demo.target import request
from infra.local.demo.uploads import write_table
from infra.local.permissions.stage import Exercise, Stage, log_of, require, wait_for

_WELL: Final = ("ok", "failed messages")
_SECONDS_TO_RECORD: Final = 3.0


def score(stage: Stage) -> Any:
    return stage.ask(USERNAME, "GET", f"/applicants/{stage.applicant}/score")


def score_several(stage: Stage) -> None:
    """Applications alone: what past credits tell is added from two profiles at once."""
    sent = {"applications": [as_json(row) for row in stage.table[:2]]}
    told = stage.ask(USERNAME, "POST", "/predict/batch", sent)["items"]
    require(all("probability_of_default" in str(item) for item in told), f"no score: {told}")


def as_json(row: Mapping[str, str]) -> dict[str, Any]:
    """The application: numbers where a column holds numbers, nothing where nothing is known."""
    given = {name: value for name, value in row.items() if name in APPLICATION and value}
    return {
        name: value if name == ID or APPLICATION[name].categories else float(value)
        for name, value in given.items()
    }


def keep_record(stage: Stage) -> None:
    """Each score arrives where the drift monitor reads."""
    prefix = f"records/{LINES}"
    known = set(stage.target.result_keys(prefix))
    score(stage)
    wait_for(
        lambda: set(stage.target.result_keys(prefix)) - known,
        "a score's record",
        seconds=_SECONDS_TO_RECORD,
    )


def count_calls(stage: Stage, call: Callable[[Stage], object] = score) -> None:
    """A process that has just started takes calls for its caller."""
    before = _calls(stage)
    call(stage)
    require(_calls(stage) > before, "the caller's calls are not counted")


def find(stage: Stage) -> None:
    found = stage.ask(USERNAME, "GET", f"/applicants?branch={BRANCH}")
    require(found["total"] > 0, "nobody is listed")


def claim(stage: Stage) -> None:
    path = f"/applicants/{stage.applicant}/claim"
    stage.ask(USERNAME, "PUT", path)
    stage.ask(USERNAME, "DELETE", path)


def decide(stage: Stage) -> None:
    """Taken, read again, and listed with those of the applicant."""
    body = {
        "applicant_id": stage.applicant,
        "decision": "refuse",
        "override_reason": "An exercise",
        "model_version": score(stage)["model"]["version"],
    }
    taken = stage.ask(USERNAME, "POST", "/decisions", body, status=201)["decision_id"]
    stage.ask(USERNAME, "GET", f"/decisions/{taken}")
    own = stage.ask(USERNAME, "GET", f"/applicants/{stage.applicant}/decisions")["items"]
    require(taken in {item["decision_id"] for item in own}, "the decision is not listed")


def follow_files(stage: Stage) -> None:
    """Which came, one of them by its name, by its version, and what became of it."""
    files = stage.ask(USERNAME, "GET", f"/batches?branch={BRANCH}")["items"]
    require(files, "no file is listed")
    newest = stage.ask(USERNAME, "GET", f"/batches/{BRANCH}/{SAMPLE}")
    told = stage.ask(USERNAME, "GET", f"/batches/{newest['batch']}")
    require(told.get("manifest"), "the file has no receipt")
    scores = request("GET", told["scores_url"], b"", {})
    require(scores.status == 200, f"the scores' address answers {scores.status}")


def send_file(stage: Stage) -> None:
    body = write_table(stage.table[:1])
    place = {"branch": BRANCH, "filename": f"{secrets.token_hex(4)}.csv", "bytes": len(body)}
    upload = stage.ask("office", "POST", "/uploads", place)
    put = request(upload["method"], upload["url"], body, upload["headers"])
    require(put.status == 200, f"the upload's address answers {put.status}")


def look_after(stage: Stage) -> None:
    """The parts of the API's health, which operators see."""
    told = stage.ask("operator", "GET", "/health/parts")["parts"]
    require(set(told.values()) <= {*_WELL, "late"}, f"not all is well: {told}")


def _calls(stage: Stage) -> int:
    pages = stage.access.client("dynamodb").get_paginator("scan")
    listed = pages.paginate(TableName=stage.outputs["CallsTable"], ConsistentRead=True)
    return sum(int(item["calls"]["N"]) for page in listed for item in page["Items"])


EXERCISES: Final = (
    Exercise("a score", score),
    Exercise("several scores at once", score_several),
    Exercise("a score's record", keep_record),
    Exercise("counting a caller's calls", count_calls),
    Exercise("a list of applicants", find),
    Exercise("a claim", claim),
    Exercise("a decision", decide),
    Exercise("following files", follow_files),
    Exercise("sending a file", send_file),
    Exercise("the parts of health", look_after),
    log_of("ScoreApiFunction", score),
)
# What the stream of records may.
RECORDS: Final = (Exercise("a score's record", keep_record),)
