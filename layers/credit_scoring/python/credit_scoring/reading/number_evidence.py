"""What the numbers of a file say of its marks; see numbers.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.columns import INPUTS
from credit_scoring.reading.cutting.compiled import (
    COMMA_ALONE,
    COMMA_EITHER,
    LONG_UNMARKED,
    MARKED,
    POINT_ALONE,
    POINT_EITHER,
    tell_numbers,
)
from credit_scoring.reading.cutting.records import Records
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.numbers import EITHER, MARKS, Numbers, is_number, without_spaces

POINT, COMMA = MARKS
# What a number tells depends on how it is written, not on its digits: zeros stay, others are ones.
_AS_WRITTEN = bytes.maketrans(b"23456789", b"11111111")
_WAYS_KEPT = 4_096
# Groups of three, several or before the other mark.
_THOUSANDS = {
    mark: re.compile(
        rf"[+-]?[1-9]\d{{0,2}}(?:(?:[{mark}]\d{{3}}){{2,}}(?:[{other}]\d*)?"
        rf"|(?:[{mark}]\d{{3}})+[{other}]\d*)",
        re.ASCII,
    )
    for mark, other in (MARKS, MARKS[::-1])
}
_DECIMAL = {
    mark: re.compile(rf"[+-]?(?:\d+[{mark}]\d*|[{mark}]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
    for mark in MARKS
}
_LONG_WHOLE = re.compile(r"[+-]?\d{4,}", re.ASCII)


class _Use(Enum):
    """What a mark is in a number."""

    DECIMAL, GROUPS, EITHER = range(3)


@dataclass
class _Evidence:
    """Of one mark: how often it was seen as a decimal mark, whether between groups, as either."""

    decimal: int = 0
    groups: bool = False
    either: bool = False
    either_in_amounts: bool = False


class NumberEvidence:
    """Takes all records of a file; those that do not fit the header say nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self._places = [place for place, name in enumerate(names) if is_number(name)]
        columns = [INPUTS[names[place]] for place in self._places]
        self._whole = [column.type in ("integer", "flag") for column in columns]
        self._amount = np.array([column.unit == "currency" for column in columns], np.bool_)
        self._width = len(names)
        self._uses = lru_cache(_WAYS_KEPT)(_uses)
        self._seen = {mark: _Evidence() for mark in MARKS}
        self._long_amount = False  # from a thousand on, without a mark
        # Columns in which a number with a mark that may be either was seen, if any other of them
        # says the same.
        self._doubted = {mark: np.zeros(len(columns), np.bool_) for mark in MARKS}

    def add(self, records: Records) -> None:
        spans = records.spans_of(self._width)
        if not self._places:
            return
        if spans is None:
            self._look_at_all(records)
        elif len(spans):
            self._look_at_telling(records.text, spans)

    @property
    def numbers(self) -> Numbers:
        point, comma = self._seen[POINT], self._seen[COMMA]
        if point.decimal or comma.decimal:
            decimal = POINT if point.decimal >= comma.decimal else COMMA
        elif point.groups != comma.groups:
            decimal = COMMA if point.groups else POINT
        elif not self._long_amount and self._only_amounts(point, comma):
            decimal = COMMA
        else:
            decimal = POINT
        return self._by_decimal(decimal)

    def _by_decimal(self, decimal: str) -> Numbers:
        mark = COMMA if decimal == POINT else POINT
        own, other = self._seen[decimal], self._seen[mark]
        # A mark that was a decimal mark elsewhere in the file is none of thousands here.
        grouping = mark if (other.groups or other.either) and not other.decimal else ""
        proved = own.decimal or not own.either
        if own.groups or not proved:
            return Numbers(decimal, grouping, decimal)
        if grouping and not (own.decimal or other.groups or not self._long_amount):
            return Numbers(decimal, "", mark)
        return Numbers(decimal, grouping)

    @staticmethod
    def _only_amounts(groups: _Evidence, decimal: _Evidence) -> bool:
        return groups.either_in_amounts and not decimal.either

    def _look_at_all(self, records: Records) -> None:
        """Where the kernel did not cut: every number, one after the other."""
        for row in (records.counts == self._width).nonzero()[0].tolist():
            fields = records.fields(row)
            for column, place in enumerate(self._places):
                self._look_at(column, fields[place])

    def _look_at_telling(self, text: bytes, spans: NDArray[np.int32]) -> None:
        """The same of records (rows, width, 2): most numbers are only counted, or say nothing."""
        told = tell_numbers(text, spans, self._places)

        def look_at(which: NDArray[np.bool_]) -> None:
            for column in np.flatnonzero(which.any(axis=0)).tolist():
                rows = np.flatnonzero(which[:, column])
                for begin, end in spans[rows, self._places[column]].tolist():
                    self._look_at(column, text[begin:end])

        look_at(told == MARKED)
        for mark, alone, either in (
            (POINT, POINT_ALONE, POINT_EITHER),
            (COMMA, COMMA_ALONE, COMMA_EITHER),
        ):
            self._seen[mark].decimal += int((told == alone).sum())
            look_at((told == either) & ~self._doubted[mark])
        if not self._long_amount:
            look_at(self._amount & (told == LONG_UNMARKED))

    def _look_at(self, column: int, field: bytes) -> None:
        is_long, uses = self._uses(field.translate(_AS_WRITTEN), self._whole[column])
        self._long_amount |= is_long and bool(self._amount[column])
        for mark, use in uses:
            seen = self._seen[mark]
            seen.decimal += use is _Use.DECIMAL
            seen.groups |= use is _Use.GROUPS
            if use is _Use.EITHER:
                seen.either = True
                seen.either_in_amounts |= bool(self._amount[column])
                self._doubted[mark][column] = not self._whole[column]


def _uses(field: bytes, is_whole: bool) -> tuple[bool, list[tuple[str, _Use]]]:
    """Whether a number is long without a mark, and what each mark is in it.

    is_whole : whether its column holds whole numbers
    """
    text = without_spaces(decoded(field))
    uses = [(mark, _use(mark, text, is_whole)) for mark in MARKS if mark in text]
    is_long = _LONG_WHOLE.fullmatch(text) is not None
    return is_long, [(mark, use) for mark, use in uses if use is not None]


def _use(mark: str, text: str, is_whole: bool) -> _Use | None:
    if _THOUSANDS[mark].fullmatch(text):
        return _Use.GROUPS
    if EITHER[mark].fullmatch(text):
        # No whole number has such a part.
        return _Use.GROUPS if is_whole and not text.endswith(f"{mark}000") else _Use.EITHER
    return _Use.DECIMAL if _DECIMAL[mark].fullmatch(text) else None
