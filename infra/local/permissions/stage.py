"""What every exercise acts on: a running stack, people who are logged in, and applicants."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from credit_scoring.contract.columns import with_role

from infra.access import Access
from infra.local.demo.running import PASSWORD, Runner
from infra.local.demo.target import DeployedStack, Reply, request
from infra.local.demo.uploads import Rows, read_shares
from infra.local.errors import StackMisbehaves

_POLL: Final = 0.1  # seconds
# As long as anything that goes on by itself takes, several times over.
PATIENCE: Final = 15.0


@dataclass(frozen=True)
class Exercise:
    """what : as it stands in the table; run : raises StackMisbehaves when it does not come off

    first_for : beginnings of actions, or ends of places, that it is the likeliest to miss
    """

    what: str
    run: Callable[[Stage], object]
    first_for: tuple[str, ...] = ()


class Stage:
    """A stack that a sample was scored on, with two versions of the model that both served."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.target: DeployedStack = runner.target
        self.access: Access = runner.access
        self.outputs: Mapping[str, str] = runner.outputs
        self._tokens: dict[str, str] = {}

    @property
    def upload(self) -> Path:
        """The file whose applicants are scored."""
        return self._runner.plan.upload

    @cached_property
    def table(self) -> Rows:
        """The rows of the sample, as their branch has them."""
        return read_shares(self.upload)[0]

    @property
    def applicant(self) -> str:
        return self.table[0][with_role("id")]

    def ask(
        self,
        username: str,
        method: str,
        path: str,
        body: object = None,
        *,
        status: int = 200,
        key: str = "",
    ) -> Any:
        """The answer's content, of somebody's call at the page's address.

        key : the Idempotency-Key, "" for none
        """
        reply = self.call(username, method, path, body, key=key)
        require(
            reply.status == status, f"{method} {path} answers {reply.status}, {reply.body!r:.300}"
        )
        return reply.json()

    def call(
        self, username: str, method: str, path: str, body: object = None, *, key: str = ""
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self._token(username)}"}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        content = b"" if body is None else json.dumps(body).encode()
        return request(method, f"{self.target.page}/api{path}", content, headers)

    def invoke(self, output: str, event: object) -> Any:
        """What a function answers whom its trigger calls."""
        answer = self.access.client("lambda").invoke(
            FunctionName=f"{self.outputs[output]}:live", Payload=json.dumps(event).encode()
        )
        told = json.loads(answer["Payload"].read())
        require("FunctionError" not in answer, f"{output} fails: {str(told)[:300]}")
        return told

    def send(self, output: str, event: object) -> None:
        """Without waiting for an answer: what fails is tried again, and kept at last."""
        self.access.client("lambda").invoke(
            FunctionName=f"{self.outputs[output]}:live",
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )

    def has_logged(self, output: str, since: float) -> bool:
        """since : Unix time"""
        config = self.access.client("lambda").get_function_configuration(
            FunctionName=self.outputs[output]
        )
        found = self.access.client("logs").filter_log_events(
            logGroupName=config["LoggingConfig"]["LogGroup"], startTime=int(since * 1000)
        )
        return bool(found["events"])

    def sum_of(self, namespace: str, metric: str, **dimensions: str) -> float:
        """Of the last day."""
        now = time.time()
        found = self.access.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=now - 86_400,
            EndTime=now + 60,
            Period=86_400,
            Statistics=["Sum"],
        )
        return float(sum(point["Sum"] for point in found["Datapoints"]))

    @contextmanager
    def settings(self, output: str, **changed: str) -> Iterator[None]:
        """A function with other environment variables behind its alias meanwhile."""
        client, name = self.access.client("lambda"), self.outputs[output]
        before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        self._publish(name, {**before, **changed})
        try:
            yield
        finally:
            self._publish(name, before)

    def _publish(self, name: str, variables: Mapping[str, str]) -> None:
        client = self.access.client("lambda")
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )
        version = client.publish_version(FunctionName=name)["Version"]
        client.update_alias(FunctionName=name, Name="live", FunctionVersion=version)

    def _token(self, username: str) -> str:
        if username not in self._tokens:
            self._tokens[username] = self.target.log_in(username, PASSWORD)
        return self._tokens[username]


def log_of(output: str, run: Callable[[Stage], object]) -> Exercise:
    """That what a function did stands in its log."""

    def listen(stage: Stage) -> None:
        began = time.time()
        run(stage)
        wait_for(lambda: stage.has_logged(output, began), f"the log of {output}", seconds=3)

    return Exercise("the function's log", listen, first_for=("logs:",))


def require(is_right: object, what: str) -> None:
    if not is_right:
        raise StackMisbehaves(f"{what}.")


def wait_for[T](look: Callable[[], T], what: str, *, seconds: float = PATIENCE) -> T:
    """The first look that finds something. Raises StackMisbehaves."""
    end = time.monotonic() + seconds
    while not (found := look()):
        require(time.monotonic() < end, f"{what}: not within {seconds:.0f} s")
        time.sleep(_POLL)
    return found
