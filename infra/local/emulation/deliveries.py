"""A delivery stream that cannot deliver keeps what it has, tries again, and tells how old it is.

The emulator writes each record at once, looks at no answer, and forgets what could not be written.
Source: "Amazon Data Firehose metrics", DeliveryToS3.DataFreshness.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.access import Access
from infra.local.lambda_runtime.emf import Measurement

_FRESHNESS: Final = "DeliveryToS3.DataFreshness"
_ARN: Final = "arn:aws:s3:::"


@dataclass(frozen=True)
class Undelivered:
    """An object that its bucket did not take; since : Unix time of its record"""

    stream: str
    key: str
    body: bytes
    since: float = field(default_factory=time.time)


class Deliveries:
    """What waits in each stream, and until when it told so."""

    def __init__(self, access: Access, publish: Callable[[Measurement], None]) -> None:
        self._access = access
        self._publish = publish
        self._lock = threading.Lock()
        self._waiting: list[Undelivered] = []

    def keep(self, item: Undelivered) -> None:
        with self._lock:
            self._waiting.append(item)

    def retry(self) -> None:
        """Try each again, where its stream delivers now; then tell the age of the oldest."""
        with self._lock:
            tried, self._waiting = self._waiting, []
        left = [item for item in tried if not self._deliver(item)]
        with self._lock:
            self._waiting += left
        for stream in sorted({item.stream for item in tried}):
            ages = [time.time() - item.since for item in left if item.stream == stream]
            dimensions = {"DeliveryStreamName": stream}
            age = max(ages, default=0.0)
            self._publish(Measurement("AWS/Firehose", _FRESHNESS, age, "Seconds", dimensions))

    def _deliver(self, item: Undelivered) -> bool:
        firehose, s3 = self._access.client("firehose"), self._access.client("s3")
        try:
            answer: Any = firehose.describe_delivery_stream(DeliveryStreamName=item.stream)
        except ClientError:
            return True  # a stream that was deleted takes what it holds with it
        [place] = answer["DeliveryStreamDescription"]["Destinations"]
        bucket = place["ExtendedS3DestinationDescription"]["BucketARN"].removeprefix(_ARN)
        try:
            s3.put_object(Bucket=bucket, Key=item.key, Body=item.body)
        except ClientError:
            return False
        return True
