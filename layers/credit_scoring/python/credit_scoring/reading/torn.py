"""Rows that a stray line break may have torn in the middle of their first or last value.

Torn elsewhere, both parts have too few fields. Torn there, one part has as many as the header, and
only the lone value beside it tells: 0.5 and 034 on two lines may have been 0.5034.
"""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.applicants import fits
from credit_scoring.contract.columns import INPUTS
from credit_scoring.reading.cutting.records import Records
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.numbers import swapped


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """start, after : bytes of the file; first, last : its outer fields"""

    line: int
    start: int
    after: int
    count: int
    first: bytes
    last: bytes


class TornRows:
    """Takes records in the order of the file."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._previous: _Neighbour | None = None
        self._found = array("q")

    def add(self, offset: int, records: Records) -> None:
        """offset : where the records' text begins in the file"""
        if not len(records):
            return
        if self._previous:
            self._compare(self._previous, _neighbour(offset, records, 0))
        for row in self._suspects(records):
            self._compare(_neighbour(offset, records, row), _neighbour(offset, records, row + 1))
        self._previous = _neighbour(offset, records, len(records) - 1)

    @property
    def lines(self) -> NDArray[np.int64]:
        """int64 (m, 2): the line of a row, and, negative, that of what may be its rest."""
        return np.array(self._found, np.int64).reshape(-1, 2)

    def _suspects(self, records: Records) -> list[int]:
        fits, alone = records.counts == len(self._names), records.counts == 1
        beside = (fits[:-1] & alone[1:]) | (alone[:-1] & fits[1:])
        return np.flatnonzero(beside).tolist()

    def _compare(self, upper: _Neighbour, lower: _Neighbour) -> None:
        if upper.after != lower.start:  # a blank line lies between them
            return
        width, counts = len(self._names), (upper.count, lower.count)
        if counts == (width, 1) and _may_be(self._names[-1], upper.last + lower.first):
            self._found.extend((upper.line, -lower.line))
        if counts == (1, width) and _may_be(self._names[0], upper.last + lower.first):
            self._found.extend((lower.line, -upper.line))


def _neighbour(offset: int, records: Records, row: int) -> _Neighbour:
    fields = records.fields(row)
    return _Neighbour(
        line=int(records.lines[row]),
        start=offset + int(records.starts[row]),
        after=offset + int(records.afters[row]),
        count=int(records.counts[row]),
        first=fields[0],
        last=fields[-1],
    )


def _may_be(name: str, value: bytes) -> bool:
    """Whether a column of the contract takes this value, with either decimal mark."""
    text = decoded(value)
    return name in INPUTS and any(fits(INPUTS[name], each) for each in {text, swapped(text)})
