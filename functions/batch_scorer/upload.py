"""Which object an S3 notification speaks of."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes import S3Event
from credit_scoring.stored.score_records import CANARY

# A branch may keep its files in folders; a name that ends with a slash is a folder's own object.
_KEY = re.compile(r"uploads/(?P<branch>[^/]+)/(?P<path>.*[^/])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of one uploaded file.

    at : when it arrived; results carry this time, so a retry writes the same bytes
    """

    bucket: str
    key: str
    version_id: str
    branch: str
    filename: str
    at: datetime

    @property
    def batch(self) -> str:
        """What its branch calls it."""
        return f"{self.filename}/{self.version_id}"

    @property
    def is_canary(self) -> bool:
        """Nobody's application: scored like any other, and kept nowhere but in its result."""
        return self.branch == CANARY

    @property
    def folder(self) -> str:
        """Where the results go, under the results' address."""
        return f"{self.branch}/{self.batch}"

    @property
    def digest(self) -> str:
        """Names what belongs to this upload without repeating the sender's file name."""
        return hashlib.sha256(f"{self.bucket}/{self.key}/{self.version_id}".encode()).hexdigest()

    def to_json(self) -> dict[str, str]:
        names = ("bucket", "key", "version_id", "branch", "filename")
        return {name: getattr(self, name) for name in names} | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Upload":
        return cls(**{**content, "at": datetime.fromisoformat(content["at"])})


def read_uploads(event: dict[str, Any]) -> Iterator[Upload | None]:
    """The uploads of an S3 notification; None for an object that lies in no branch's folder.

    A file in a folder of its branch is called by its whole path, with hyphens: no receipt of
    another file bears its name, for each has a version of its own.
    """
    for record in S3Event(event).records:
        found = record.s3.get_object
        key = unquote_plus(found.key)  # S3 writes keys as HTML forms do
        match = _KEY.fullmatch(key)
        yield match and Upload(
            bucket=record.s3.bucket.name,
            key=key,
            version_id=found.version_id or "null",
            branch=match["branch"],
            filename=re.sub("/+", "-", match["path"]),
            at=datetime.fromisoformat(record.event_time),
        )
