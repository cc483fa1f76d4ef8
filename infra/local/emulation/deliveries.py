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
    """An object that its bucket did not take, or that the stream's role may not write

    since : Unix time of its record
    """

    stream: str
    key: str
    body: bytes
    since: float = field(default_factory=time.time)


class Deliveries:
    """What waits in each stream, and until when it told so.

    allows : whether a role (its ARN) may do something to something
    """

    def __init__(
        self,
        access: Access,
        publish: Callable[[Measurement], None],
        allows: Callable[[str, str, str], bool],
    ) -> None:
        self._access = access
        self._publish = publish
        self._allows = allows
        self._lock = threading.Lock()
        self._waiting: list[Undelivered] = []

    def may_write(self, role: str, bucket: str, key: str) -> bool:
        return self._allows(role, "s3:PutObject", f"{_ARN}{bucket}/{key}")

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
        described = place["ExtendedS3DestinationDescription"]
        bucket = described["BucketARN"].removeprefix(_ARN)
        if not self.may_write(described["RoleARN"], bucket, item.key):
            return False
        try:
            s3.put_object(Bucket=bucket, Key=item.key, Body=item.body)
        except ClientError:
            return False
        return True
