"""Which object an S3 notification speaks of."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes import S3Event
from credit_scoring.errors import DatasetError

# What one invocation holds in memory, with room for its columns and results.
LARGEST_FILE = 100_000_000
_KEY = re.compile(r"uploads/(?P<branch>[^/]+)/(?P<filename>[^/]+)")


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of one uploaded file.

    at : when it arrived; results carry this time, so a retry writes the same bytes
    """

    bucket: str
    key: str
    version_id: str
    size: int
    branch: str
    filename: str
    at: datetime

    @property
    def folder(self) -> str:
        """Where the results go, under the results' address."""
        return f"{self.branch}/{self.filename}/{self.version_id}"

    @property
    def digest(self) -> str:
        """Names what belongs to this upload without repeating the sender's file name."""
        return hashlib.sha256(f"{self.bucket}/{self.key}/{self.version_id}".encode()).hexdigest()

    def check_size(self) -> None:
        if self.size > LARGEST_FILE:
            raise DatasetError(
                f"the file has {self.size / 1e6:.0f} MB; at most {LARGEST_FILE / 1e6:.0f} MB are "
                "scored at once: split it"
            )


def read_uploads(event: dict[str, Any]) -> Iterator[Upload]:
    """The uploads of an S3 notification; objects that lie elsewhere in the bucket are none."""
    for record in S3Event(event).records:
        found = record.s3.get_object
        key = unquote_plus(found.key)  # S3 writes keys as HTML forms do
        if match := _KEY.fullmatch(key):
            yield Upload(
                bucket=record.s3.bucket.name,
                key=key,
                version_id=found.version_id or "null",
                size=found.size or 0,
                branch=match["branch"],
                filename=match["filename"],
                at=datetime.fromisoformat(record.event_time),
            )
