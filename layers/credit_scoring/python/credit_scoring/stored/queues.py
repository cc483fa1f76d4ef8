"""Queues of what failed, as far as anybody but their workers needs to know."""

from dataclasses import dataclass

from credit_scoring.aws.clients import client, translated


@dataclass(frozen=True)
class Queue:
    url: str

    def depth(self) -> int:
        """How many messages wait, about. Raises StorageUnavailable, or StorageRefused."""
        name = "ApproximateNumberOfMessages"
        with translated("queue_depth", self.url):
            answer = client("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return int(answer["Attributes"][name])
