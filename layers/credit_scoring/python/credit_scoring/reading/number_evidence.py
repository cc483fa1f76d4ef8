"""What the numbers of a file say of its marks; see numbers.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_LOOKED_AT = 20  # fields of a kind and column, of each step: to see one is enough

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
        self._whole = np.array([column.type in ("integer", "flag") for column in columns], np.bool_)
        self._amount = np.array([column.unit == "currency" for column in columns], np.bool_)
        self._width = len(names)
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
        """Of records (rows, width, 2): most of their numbers are only counted."""
        told = tell_numbers(text, spans, self._places)

        def look_at_some(which: NDArray[np.bool_]) -> None:
            for column in np.flatnonzero(which.any(axis=0)).tolist():
                rows = np.flatnonzero(which[:, column])[:_LOOKED_AT]
                for begin, end in spans[rows, self._places[column]].tolist():
                    self._look_at(column, text[begin:end])

        if not self._long_amount:
            look_at_some(self._amount & (told == LONG_UNMARKED))
        for mark, alone, either in (
            (POINT, POINT_ALONE, POINT_EITHER),
            (COMMA, COMMA_ALONE, COMMA_EITHER),
        ):
            self._seen[mark].decimal += int((told == alone).sum())
            look_at_some((told == either) & ~self._doubted[mark])
        look_at_some(told == MARKED)

    def _look_at(self, column: int, field: bytes) -> None:
        text = without_spaces(decoded(field))
        for mark in MARKS:
            if mark in text:
                self._note_mark(column, text, mark)
        if self._amount[column] and _LONG_WHOLE.fullmatch(text):
            self._long_amount = True

    def _note_mark(self, column: int, text: str, mark: str) -> None:
        seen = self._seen[mark]
        if _THOUSANDS[mark].fullmatch(text):
            seen.groups = True
        elif EITHER[mark].fullmatch(text):
            if self._whole[column] and not text.endswith(f"{mark}000"):
                seen.groups = True  # no whole number has such a part
            else:
                seen.either = True
                seen.either_in_amounts |= bool(self._amount[column])
                self._doubted[mark][column] = not self._whole[column]
        elif _DECIMAL[mark].fullmatch(text):
            seen.decimal += 1
