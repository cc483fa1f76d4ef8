"""From parts to result files, in order and in little memory."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from itertools import batched

from credit_scoring.aws.object_streams import Writer, open_writer
from credit_scoring.errors import RowsUnaccounted
from credit_scoring.reading.rejects import rejects_header
from credit_scoring.reading.scan import Scan

from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.part import Part, read_part
from functions.batch_scorer.plan import BatchPlan
from functions.batch_scorer.score_chunk import score_chunk
from functions.batch_scorer.score_lines import scores_header

# Lines of the file that were rejected, as int64, little-endian, ascending: what can be repaired.
REJECTED_LINES = "completions/rejected"
# Parts of a MB or two: one is written while the next one comes. More would only take memory.
PARTS_AHEAD = 2
_CHARSETS = {
    "utf-8-sig": "utf-8",
    "cp1252": "windows-1252",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
}


@dataclass
class Totals:
    """What the parts add up to; causes : (cause, column); resolved, origins : as a part's"""

    scored: int = 0
    rejected: int = 0
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    resolved: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    origins: dict[str, list[list[int]]] = field(default_factory=lambda: defaultdict(list))
    write_units: int = 0
    seconds: float = 0.0

    def add(self, part: Part) -> None:
        self.scored += part.scored
        self.rejected += len(part.rejected_lines)
        self.causes.update({(cause, column): count for cause, column, count in part.causes})
        for batch, lines in part.resolved.items():
            self.resolved[batch] += lines
        for batch, pairs in part.origins.items():
            self.origins[batch] += pairs
        self.write_units += part.write_units
        self.seconds += part.seconds


def assemble(plan: BatchPlan, resources: BatchResources) -> Totals:
    """Write scores.csv and rejects.csv. Raises as `score_chunk` does, and RowsUnaccounted."""
    scan, totals = plan.scan, Totals()
    assert scan is not None
    with ExitStack() as stack:
        # They appear in the opposite order.
        rejects = stack.enter_context(_open(plan, resources, "rejects.csv", _charset(scan)))
        scores = stack.enter_context(_open(plan, resources, "scores.csv", "utf-8"))
        lines = stack.enter_context(
            open_writer(
                resources.results, f"{plan.upload.folder}/{REJECTED_LINES}", keep_empty=False
            )
        )
        scores.write(scores_header(scan.dialect))
        rejects.write(rejects_header(scan))
        for part in _parts(plan, resources):
            scores.write(part.scores)
            rejects.write(part.rejects)
            lines.write(array("q", part.rejected_lines).tobytes())
            totals.add(part)
        if totals.scored + totals.rejected != scan.rows:
            raise RowsUnaccounted(scan.rows, totals.scored + totals.rejected)
    return totals


def _open(
    plan: BatchPlan, resources: BatchResources, name: str, charset: str
) -> AbstractContextManager[Writer]:
    kind = f"text/csv; charset={charset}"
    return open_writer(resources.results, f"{plan.upload.folder}/{name}", content_type=kind)


def _charset(scan: Scan) -> str:
    encoding = scan.dialect.encoding
    return _CHARSETS.get(encoding, encoding)


def _parts(plan: BatchPlan, resources: BatchResources) -> Iterator[Part]:
    """In the file's order; one that is damaged or was lost is made again."""
    digest = plan.upload.digest
    numbers = [chunk.number for chunk in plan.chunks]
    with ThreadPoolExecutor(PARTS_AHEAD) as pool:
        for some in batched(numbers, PARTS_AHEAD, strict=False):
            found = pool.map(lambda number: read_part(resources.work, digest, number), some)
            for number, part in zip(some, found, strict=True):
                yield part or _made_again(plan, number, resources)


def _made_again(plan: BatchPlan, number: int, resources: BatchResources) -> Part:
    while (part := read_part(resources.work, plan.upload.digest, number)) is None:
        score_chunk(plan, number, resources)
    return part
