"""What the roles of the schedules are for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infra.local.permissions.exercises.drifting import NOBODY
from infra.local.permissions.stage import Exercise, Stage, require, wait_for

# Some time ago: a schedule of once is due at once, and the emulator looks every ten seconds.
_ONCE: Final = "at(2026-01-01T00:00:00)"
_PATIENCE: Final = 15.0


def call(stage: Stage, *, output: str, event: object) -> None:
    """The schedule's own target, in its role, once and now."""
    before = invocations(stage, output)
    with_schedule(
        stage,
        output,
        {"Input": json.dumps(event)},
        lambda: wait_for(
            lambda: invocations(stage, output) > before,
            f"a call of {output} on schedule",
            seconds=_PATIENCE,
        ),
    )


def keep_failure(stage: Stage, *, output: str, queue: str, forbidden: str) -> None:
    """What the role may not call is kept in the queue.

    forbidden : output that names such a function
    """
    sqs, url, mark = stage.access.client("sqs"), stage.outputs[queue], secrets.token_hex(8)
    target = {"Arn": alias_arn(stage, forbidden), "Input": json.dumps({"mark": mark})}

    def look() -> bool:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return any(mark in message["Body"] for message in found)

    with_schedule(
        stage,
        output,
        target,
        lambda: wait_for(look, "a call that failed on schedule", seconds=_PATIENCE),
    )


def with_schedule(
    stage: Stage, output: str, changed: dict[str, Any], run: Callable[[], object]
) -> None:
    """A schedule like that of this function, once and now, with another target meanwhile."""
    scheduler, name = stage.access.client("scheduler"), f"once-{secrets.token_hex(4)}"
    known = find_schedule(stage, alias_arn(stage, output))
    scheduler.create_schedule(
        Name=name,
        GroupName=known["GroupName"],
        ScheduleExpression=_ONCE,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={**known["Target"], **changed},
    )
    try:
        run()
    finally:
        scheduler.delete_schedule(Name=name, GroupName=known["GroupName"])


def find_schedule(stage: Stage, called: str) -> dict[str, Any]:
    """That of the template which calls this."""
    scheduler = stage.access.client("scheduler")
    for page in scheduler.get_paginator("list_schedules").paginate():
        for listed in page["Schedules"]:
            if listed["Target"]["Arn"] == called:
                place = {"Name": listed["Name"], "GroupName": listed["GroupName"]}
                found: dict[str, Any] = scheduler.get_schedule(**place)
                return found
    require(False, f"no schedule calls {called}")
    return {}


def alias_arn(stage: Stage, output: str) -> str:
    found = stage.access.client("lambda").get_alias(FunctionName=stage.outputs[output], Name="live")
    arn: str = found["AliasArn"]
    return arn


def invocations(stage: Stage, output: str) -> float:
    """As the metric counts them, of today."""
    return stage.sum_of("AWS/Lambda", "Invocations", FunctionName=stage.outputs[output])


def schedules(output: str, event: object) -> Exercise:
    return Exercise("a call on schedule", partial(call, output=output, event=event))


CANARY: Final = (schedules("CanaryFunction", {"file_seconds": 1}),)
DRIFT: Final = (
    schedules("DriftMonitorFunction", {"forget": NOBODY}),
    Exercise(
        "a call that failed on schedule is kept",
        partial(
            keep_failure,
            output="DriftMonitorFunction",
            queue="DriftFailuresQueueUrl",
            forbidden="CanaryFunction",
        ),
        first_for=("sqs:",),
    ),
)
