"""Executions of the state machine that ended without a result, and how to run them again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.score_api.routes.given_up.clients import Clients

OVER_WITHOUT_RESULT: Final = ("FAILED", "TIMED_OUT", "ABORTED")
# Why an execution cannot be redriven: too old or too often, or the emulator knows no redrive.
_TOO_LATE: Final = "ExecutionNotRedrivable"
_EMULATED: Final = "InvalidAction"
_NAME: Final = re.compile(r"(?P<digest>.+?)(?:-r(?P<attempt>\d+))?")


@dataclass(frozen=True)
class FailedExecution:
    """digest : of the upload, the name of its first execution; attempt : 0, then 1 for -r1, ..."""

    arn: str
    machine: str
    digest: str
    attempt: int
    status: str

    def __str__(self) -> str:
        return f"{self.digest[:12]} ({self.status})"

    @property
    def next_name(self) -> str:
        return f"{self.digest}-r{self.attempt + 1}"


def list_failed_executions(machine: str, clients: Clients) -> list[FailedExecution]:
    """The newest execution of every upload, if it ended without a result."""
    found = sorted(_all(machine, clients), key=lambda item: (item.digest, item.attempt))
    newest = [list(same)[-1] for _, same in groupby(found, key=lambda item: item.digest)]
    return [item for item in newest if item.status in OVER_WITHOUT_RESULT]


def _all(machine: str, clients: Clients) -> Iterator[FailedExecution]:
    pages = clients.client("stepfunctions").get_paginator("list_executions")
    for page in pages.paginate(stateMachineArn=machine):
        for item in page["executions"]:
            name = _NAME.fullmatch(item["name"])
            assert name
            attempt = int(name["attempt"] or 0)
            yield FailedExecution(
                item["executionArn"], machine, name["digest"], attempt, item["status"]
            )


def run_again(execution: FailedExecution, clients: Clients) -> str:
    """Redrive it, which runs the failed chunks only, or start it anew; what was done, in words.

    A new execution calls the function for every chunk, and those that are kept end at once.
    """
    client = clients.client("stepfunctions")
    try:
        client.redrive_execution(executionArn=execution.arn)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in (_TOO_LATE, _EMULATED):
            raise
        start_anew(execution, client)
        why = "emulated" if code == _EMULATED else "it can no longer be redriven"
        return f"started anew, attempt {execution.attempt + 2} ({why})"
    return "redriven"


def start_anew(execution: FailedExecution, client: Any) -> None:
    given = client.describe_execution(executionArn=execution.arn)["input"]
    client.start_execution(stateMachineArn=execution.machine, name=execution.next_name, input=given)
