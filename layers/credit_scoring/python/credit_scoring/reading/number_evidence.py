"""What the numbers of a file say of its marks; see numbers.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.columns import INPUTS
from credit_scoring.reading.cutting.records import Records
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.numbers import EITHER, MARKS, Numbers, is_number, without_spaces

POINT, COMMA = MARKS
_LOOKED_AT = 20  # fields of a kind and column, of each step: to see one is enough
_LONG = 4  # characters of a number from a thousand on

type Places = NDArray[np.integer[Any]]
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
        # Columns in which a number with this mark as a decimal mark was seen.
        self._proved = {mark: np.zeros(len(columns), np.bool_) for mark in MARKS}

    def add(self, records: Records) -> None:
        spans = records.spans_of(self._width)
        if not self._places:
            return
        if spans is None:
            self._look_at_all(records)
        elif len(spans):
            self._look_at_telling(records.text, spans[:, self._places])

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
        """The fields (rows, columns, 2) of numbers that have a mark; most of them are only counted.

        A field with a quotation mark in it is no number.
        """
        begins = spans[..., 0].ravel()
        ends = np.maximum(spans[..., 1].ravel(), begins)  # below 0 with a quotation mark inside
        first = int(begins[0])  # of the text only what these rows span
        array = np.frombuffer(text, np.uint8)[first : int(ends.max()) + 1]
        is_mark = (array == ord(POINT)) | (array == ord(COMMA))
        places = np.flatnonzero(is_mark) + first
        before = np.concatenate([[0], np.cumsum(is_mark, dtype=np.int32)])
        marks = before[ends - first] - before[begins - first]

        def look_at_some(fields: Places) -> None:
            columns = fields % len(self._places)
            for column in np.flatnonzero(np.bincount(columns)).tolist():
                for field in fields[columns == column][:_LOOKED_AT].tolist():
                    self._look_at(column, text[begins[field] : ends[field]])

        if not self._long_amount:
            is_amount = np.tile(self._amount, len(spans))
            look_at_some(np.flatnonzero(is_amount & (marks == 0) & (ends - begins >= _LONG)))
        marked = np.flatnonzero(marks)
        last = places[before[ends[marked] - first] - 1]
        plain = (marks[marked] == 1) & _is_plain(array, begins[marked], last, ends[marked], first)
        for mark in MARKS:
            fields = marked[plain & (array[last - first] == ord(mark))]
            # Where one was seen to be a number all are counted; elsewhere some are looked at.
            columns, proved = fields % len(self._places), self._proved[mark]
            self._seen[mark].decimal += int(proved[columns].sum())
            look_at_some(fields[~proved[columns]])
        look_at_some(marked[~plain])

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
        elif _DECIMAL[mark].fullmatch(text):
            seen.decimal += 1
            self._proved[mark][column] = True


def _is_plain(
    array: NDArray[np.uint8], begins: Places, marks: Places, ends: Places, first: int
) -> NDArray[np.bool_]:
    """Of fields with one mark, whether it can only be a decimal mark, if the field is a number.

    It is where another number of digits than three follows, more than three stand before, or a zero
    does. array : the text from `first` on
    """
    head = array[begins - first]
    signed = (head == ord("-")) | (head == ord("+"))
    digit = array[begins - first + signed]
    digits_before = marks - begins - signed
    starts_with_digit = (digit >= ord("0")) & (digit <= ord("9"))
    no_group = starts_with_digit & ((digit == ord("0")) | (digits_before > 3))
    plain: NDArray[np.bool_] = (ends - marks != 4) | no_group
    return plain
