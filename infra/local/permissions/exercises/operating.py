"""What the role of the operators' API is for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from infra.local.permissions.exercises import drifting
from infra.local.permissions.exercises.scoring import count_calls
from infra.local.permissions.stage import Exercise, Stage, log_of, require, wait_for

FUNCTION: Final = "OperatorApiFunction"
OPERATOR: Final = "operator"
_ALARM: Final = "ScoreApiErrors"


@contextmanager
def prepared(stage: Stage) -> Iterator[None]:
    """Drift was measured, with findings."""
    with drifting.prepared(stage):
        yield


def look_at_alarms(stage: Stage) -> None:
    names = {alarm["name"] for alarm in ask(stage, "/alarms")["items"]}
    require(_ALARM in names, "the stack's alarms are not listed")
    ask(stage, f"/alarms/{_ALARM}/history")


def look_at_traffic(stage: Stage) -> None:
    ask(stage, "/traffic?hours=3")


def look_at_drift(stage: Stage) -> None:
    runs = ask(stage, "/drift")["items"]
    require(runs, "no run is listed")
    ask(stage, f"/drift/{runs[0]['run']}")
    ask(stage, "/drift/trend")


def acknowledge(stage: Stage) -> None:
    """A finding of the newest run, until yesterday: it goes on calling people."""
    found = ask(stage, "/drift/latest")["summary"]["findings"][0]
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    said = {"reason": "An exercise", "until": yesterday.isoformat()}
    said |= {name: found[name] for name in ("kind", "source", "columns")}
    stage.ask(OPERATOR, "POST", "/acknowledgements", said)
    require(ask(stage, "/acknowledgements")["items"], "no acknowledgement is listed")


def look_at_versions(stage: Stage) -> None:
    serving = ask(stage, "/promotions")["history"][0]["version"]
    require(serving in {v["version"] for v in ask(stage, "/models")["items"]}, "it is not listed")
    ask(stage, f"/models/{serving}")


def ask_the_promoter(stage: Stage) -> None:
    """For what serves already: it says so."""
    serving = ask(stage, "/promotions")["history"][0]["version"]
    asked = {"version": serving, "over": serving, "kind": "promotion", "reason": "An exercise"}
    stage.ask(OPERATOR, "POST", "/promotions", asked, status=409)


def send_again(stage: Stage) -> None:
    """An event and an execution that were given up; what is no event stays in the queue."""
    give_up_execution(stage)
    with given_up_events(stage):
        seen = ask(stage, "/given-up")
        require(len(seen["events"]) == 2 and seen["executions"], f"given up is {seen}")
        done = stage.ask(OPERATOR, "POST", "/given-up/redrive", {})
        counts = (done["events_sent"], done["events_left"])
        require(counts == (1, 1) and done["executions_run"], f"sent again is {done}")


@contextmanager
def given_up_events(stage: Stage) -> Iterator[None]:
    """One as Lambda leaves it, of no file, and one that nobody understands; neither afterwards."""
    sqs, queue = stage.access.client("sqs"), stage.outputs["BatchFailuresQueueUrl"]
    bodies: list[dict[str, object]] = [{"requestPayload": {"Records": []}}, {}]
    for body in bodies:
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(body))
    try:
        yield
    finally:
        sqs.purge_queue(QueueUrl=queue)


def give_up_execution(stage: Stage) -> None:
    """It ends at once, for its input names no chunks."""
    states = stage.access.client("stepfunctions")
    arn = states.start_execution(
        stateMachineArn=stage.outputs["BigFilesArn"], name=secrets.token_hex(32), input="{}"
    )["executionArn"]
    wait_for(
        lambda: states.describe_execution(executionArn=arn)["status"] == "FAILED",
        "the end of an execution without chunks",
    )


def ask(stage: Stage, path: str) -> Any:
    return stage.ask(OPERATOR, "GET", path)


OPERATING: Final = (
    Exercise("the alarms and their history", look_at_alarms, first_for=("cloudwatch:Describe",)),
    Exercise("the traffic", look_at_traffic),
    Exercise("the runs of the drift monitor", look_at_drift),
    Exercise("an acknowledgement", acknowledge, first_for=("/acknowledged/*",)),
    Exercise("the versions of the model", look_at_versions),
    Exercise("a question to the promoter", ask_the_promoter),
    Exercise("another try of what was given up", send_again, first_for=("sqs:", "states:")),
    Exercise("counting a caller's calls", lambda stage: count_calls(stage, look_at_traffic)),
    log_of(FUNCTION, look_at_traffic),
)
