r"""What became of one chunk, as one object: there is all of it, or none.

<sha256 of what follows>\n
<counts, causes and lines as JSON>\n
<the chunk's lines of scores.csv><the chunk's lines of rejects.csv>
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound


class DamagedPart(Exception):
    """Its bytes are not those that were written: the chunk is scored again."""


@dataclass(frozen=True)
class Part:
    """scores, rejects : lines of the result files

    scored : how many rows; rejected_lines : of the file, ascending
    causes : (cause, column) of each rejected line's first problem, and how often
    resolved : of a resent file, which lines of which batch are scored now
    origins : of a resent file, by batch, pairs of a line that is rejected again and the line there
    write_units : what keeping the profiles took; seconds : what all of it took
    """

    scores: bytes = b""
    rejects: bytes = b""
    scored: int = 0
    rejected_lines: tuple[int, ...] = ()
    causes: tuple[tuple[str, str, int], ...] = ()
    resolved: Mapping[str, list[int]] = field(default_factory=dict)
    origins: Mapping[str, list[list[int]]] = field(default_factory=dict)
    write_units: int = 0
    seconds: float = 0.0

    def to_bytes(self) -> bytes:
        texts = ("scores", "rejects")
        facts = {name: v for name, v in vars(self).items() if name not in texts}
        head = json.dumps(facts | {"bytes": [len(self.scores), len(self.rejects)]})
        body = head.encode() + b"\n" + self.scores + self.rejects
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "Part":
        """Raises DamagedPart."""
        digest, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise DamagedPart
        head, _, texts = body.partition(b"\n")
        facts: dict[str, Any] = json.loads(head)
        scores = facts.pop("bytes")[0]
        facts["rejected_lines"] = tuple(facts["rejected_lines"])
        facts["causes"] = tuple((cause, column, count) for cause, column, count in facts["causes"])
        return cls(scores=texts[:scores], rejects=texts[scores:], **facts)


def read_part(work: Store, digest: str, number: int) -> Part | None:
    """None when there is none that is whole."""
    try:
        return Part.from_bytes(work.read(part_key(digest, number)))
    except (ObjectNotFound, DamagedPart):
        return None


def write_condition(work: Store, digest: str, number: int) -> dict[str, Any] | None:
    """The condition under which this part may be written; None when it is there and whole."""
    try:
        data, tag = work.read_tagged(part_key(digest, number))
        Part.from_bytes(data)
    except ObjectNotFound:
        return {"if_absent": True}
    except DamagedPart:
        return {"if_tag": tag}
    return None


def keep_part(
    work: Store, digest: str, number: int, part: Part, condition: Mapping[str, Any]
) -> bool:
    """Whether this part is the one that is kept: somebody else may have been first."""
    try:
        work.write(part_key(digest, number), part.to_bytes(), **condition)
    except AlreadyExists:
        return False
    return True


def part_key(digest: str, number: int) -> str:
    return f"{digest}/parts/{number:05}"
