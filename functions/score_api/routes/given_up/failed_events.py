"""Events that every retry could not finish, as Lambda leaves them in a queue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from functions.score_api.routes.given_up.clients import Clients

# As long as somebody may look at the events; then they are visible to others again.
HIDDEN_SECONDS: Final = 300
_MOST_AT_ONCE: Final = 10


@dataclass
class FailedEvent:
    """payload : the event as the function got it, None when the message is none of Lambda's;
    error : the class of the last error; deleted : Lambda has taken it again.
    """

    message_id: str
    receipt: str
    payload: Any
    error: str
    deleted: bool = False

    def __str__(self) -> str:
        return f"{name_files(self.payload)} ({self.error})"


def read_failed_events(queue: str, clients: Clients) -> Iterator[FailedEvent]:
    """Every message, hidden from other readers meanwhile."""
    sqs, seen = clients.client("sqs"), set[str]()
    while messages := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=_MOST_AT_ONCE,
        VisibilityTimeout=HIDDEN_SECONDS,
        # Asks all of the queue's servers: without it a message may be overlooked.
        WaitTimeSeconds=1,
    ).get("Messages"):
        for message in messages:
            if message["MessageId"] not in seen:
                seen.add(message["MessageId"])
                yield read_message(message)


def read_message(message: dict[str, Any]) -> FailedEvent:
    try:
        body = json.loads(message["Body"])
        payload, error = body["requestPayload"], body.get("responsePayload") or {}
        kind = error.get("errorType", "unknown error")
    except (ValueError, KeyError, TypeError, AttributeError):
        payload, kind = None, "not a message of Lambda's"
    return FailedEvent(message["MessageId"], message["ReceiptHandle"], payload, kind)


def send_again(event: FailedEvent, *, function: str, queue: str, clients: Clients) -> bool:
    """Hand it to Lambda, then delete the message; False for one that holds no event.

    A crash in between leaves the message, and the event runs twice, which changes nothing.
    """
    if event.payload is None:
        return False
    clients.client("lambda").invoke(
        FunctionName=function,
        InvocationType="Event",
        Payload=json.dumps(event.payload).encode(),
    )
    clients.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=event.receipt)
    event.deleted = True
    return True


def release(events: Iterable[FailedEvent], *, queue: str, clients: Clients) -> None:
    """Let others see at once what stays in the queue."""
    for event in events:
        clients.client("sqs").change_message_visibility(
            QueueUrl=queue, ReceiptHandle=event.receipt, VisibilityTimeout=0
        )


def name_files(payload: Any) -> str:
    """The keys that an S3 notification names, else what kind of event it is."""
    records = payload.get("Records", []) if isinstance(payload, dict) else []
    keys = [record.get("s3", {}).get("object", {}).get("key", "") for record in records]
    step = payload.get("step", "") if isinstance(payload, dict) else ""
    return ", ".join(filter(None, keys)) or step or "an event without a file"
