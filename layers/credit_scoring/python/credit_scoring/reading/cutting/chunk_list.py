"""Records divided into chunks that can be read alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.reading.cutting.records import Record, Records


@dataclass(frozen=True)
class Chunk:
    """Some records of the file, read alone.

    start, end : bytes of the plain text; what lies between two chunks is blank or the header
    first_line : the line of the file at `start`, from 1
    """

    number: int
    start: int
    end: int
    first_line: int
    records: int


class ChunkList:
    """Takes records in the order of the file; how they come in does not matter.

    most_rows, most_bytes : what a chunk holds; a single record may be longer
    """

    def __init__(self, most_rows: int, most_bytes: int) -> None:
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._chunks: list[Chunk] = []

    @property
    def rows(self) -> int:
        return sum(chunk.records for chunk in self._chunks)

    def all(self) -> tuple[Chunk, ...]:
        return tuple(self._chunks)

    def add(self, offset: int, records: Records) -> None:
        """offset : where the records' text begins in the file"""
        self._add(records.starts + offset, records.afters + offset, records.lines)

    def add_one(self, record: Record) -> None:
        places = np.array([[record.start], [record.after], [record.line]], np.int64)
        self._add(*places)

    def _add(
        self,
        starts: NDArray[np.int64],
        afters: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> None:
        row = 0
        while row < len(starts):
            last = self._chunks[-1] if self._chunks else None
            if last is None or self._fits(last, afters[row:]) == 0:
                last = Chunk(len(self._chunks), int(starts[row]), 0, int(lines[row]), 0)
                self._chunks.append(last)
            # A chunk has at least one record, whatever its length.
            count = max(self._fits(last, afters[row:]), 1 if last.records == 0 else 0)
            row += count
            records = last.records + count
            self._chunks[-1] = Chunk(
                last.number, last.start, int(afters[row - 1]), last.first_line, records
            )

    def _fits(self, chunk: Chunk, afters: NDArray[np.int64]) -> int:
        """How many of the next records go into a chunk."""
        within = int(np.searchsorted(afters, chunk.start + self._most_bytes, "right"))
        return min(within, self._most_rows - chunk.records)
