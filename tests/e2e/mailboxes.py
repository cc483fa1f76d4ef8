"""Who listens to a topic of the stack, and alarms that do not take an hour to look at."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# What put_metric_alarm takes of what describe_alarms tells.
_KEPT = ("Namespace", "MetricName", "Dimensions", "Statistic", "EvaluationPeriods", "Threshold",
         "ComparisonOperator", "TreatMissingData", "AlarmActions", "OKActions")  # fmt: skip
type Read = Callable[[float], list[dict[str, Any]]]


def open_mailbox(target: Any, topic: str) -> Read:
    """Of a topic by the stack's output: reads what was written to it since, for so many seconds."""
    sns, sqs = target.access.client("sns"), target.access.client("sqs")
    url = sqs.create_queue(QueueName=f"mailbox-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn, topic_arn = asked["Attributes"]["QueueArn"], target.outputs[topic]
    allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": arn,
               "Action": "sqs:SendMessage",
               "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}}}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)

    def read(seconds: float) -> list[dict[str, Any]]:
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                found.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    return read


@contextmanager
def of_a_minute(target: Any, name: str, **changes: Any) -> Iterator[str]:
    """An alarm of the stack once more, by the minute: its full name while it is there."""
    cloudwatch = target.access.client("cloudwatch")
    full = target.outputs["AlarmPrefix"] + name
    [known] = cloudwatch.describe_alarms(AlarmNames=[full])["MetricAlarms"]
    copy = f"{full}-{uuid.uuid4().hex[:8]}"
    kept = {key: known[key] for key in _KEPT if key in known}
    cloudwatch.put_metric_alarm(AlarmName=copy, **kept | {"Period": 60} | changes)
    try:
        yield copy
    finally:
        cloudwatch.delete_alarms(AlarmNames=[copy])


def wait_for_state(read: Read, alarm: str, state: str, *, seconds: float = 90) -> bool:
    """Whether the mailbox was told that this alarm changed to this state."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for note in read(1):
            told = json.loads(note["Message"]) if note["Message"].startswith("{") else {}
            if (told.get("AlarmName"), told.get("NewStateValue")) == (alarm, state):
                return True
    return False


def wait_for_next_minute() -> None:
    """Datapoints of one minute are one: a failure in it outlives what follows in the same."""
    time.sleep(60 - time.time() % 60)
