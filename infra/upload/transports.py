"""What sends a file and brings its results: through the API, or straight through the storage."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from functions.score_api.answers.file_names import ALLOWED, is_table_name
from infra.upload.errors import FileUnfit

# What the storage takes in one piece.
MOST_BYTES = 5 * 1024**3
RESULTS = {"scores": "scores.csv", "rejects": "rejects.csv", "manifest": "manifest.json"}


@dataclass(frozen=True)
class Parcel:
    """A file on its way. language : fr, en, or empty for the service's own"""

    path: Path
    branch: str
    language: str = ""

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def check(self) -> None:
        """Raises FileUnfit before anything is sent."""
        if not self.path.is_file():
            raise FileUnfit(f"{self.path} is no file: check the path.")
        if self.size == 0:
            raise FileUnfit(f"{self.path} is empty: export it again.")
        if self.size > MOST_BYTES:
            raise FileUnfit(f"{self.path} is larger than 5 GB: split it.")
        if not is_table_name(self.path.name):
            raise FileUnfit(f"{self.path.name} must end with {ALLOWED}.")


@dataclass(frozen=True)
class BatchStanding:
    """How a batch stands. manifest : once it is over; links : result -> where it is"""

    status: str
    rows: int = 0
    rows_done: int = 0
    manifest: dict[str, Any] | None = None
    links: dict[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.status in ("finished", "failed")


class Carrier(Protocol):
    """Each method raises UploadFailed."""

    def prepare(self) -> None:
        """Whatever has to be asked of a person."""

    def send(self, parcel: Parcel, body: BinaryIO) -> str:
        """The batch. `body` is read to its end, a block at a time."""

    def look(self, batch: str) -> BatchStanding: ...

    def fetch(self, link: str, into: BinaryIO) -> None: ...
