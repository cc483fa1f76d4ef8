"""Metrics of AWS's own services that alarms read and the emulator does not count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.access import Access
from infra.local.lambda_runtime.emf import Measurement

Publish = Callable[[Measurement], None]
_EXECUTIONS: Final = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
    "TIMED_OUT": "ExecutionsTimedOut",
}


class QueueMeter:
    """Tells how many messages wait in each queue, as long as there are any, and then once 0."""

    def __init__(self, access: Access, publish: Publish) -> None:
        self._access = access
        self._publish = publish
        self._waiting: set[str] = set()

    def read(self) -> None:
        sqs = self._access.client("sqs")
        for url in sqs.list_queues().get("QueueUrls", []):
            name = "ApproximateNumberOfMessages"
            answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
            self._tell(url.rpartition("/")[2], int(answer["Attributes"][name]))

    def _tell(self, queue: str, count: int) -> None:
        if count or queue in self._waiting:
            name = "ApproximateNumberOfMessagesVisible"
            dimensions = {"QueueName": queue}
            self._publish(Measurement("AWS/SQS", name, count, "Count", dimensions))
        (self._waiting.add if count else self._waiting.discard)(queue)


def measure_execution(execution: Mapping[str, Any]) -> Measurement:
    """One execution that began or ended."""
    dimensions = {"StateMachineArn": execution["stateMachineArn"]}
    return Measurement("AWS/States", _EXECUTIONS[execution["status"]], 1, "Count", dimensions)
