"""What the numbers of a file say of its marks; see numbers.py."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.columns import INPUTS
from credit_scoring.reading.cutting.records import Records
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.numbers import EITHER, MARKS, Numbers, is_number, without_spaces

POINT, COMMA = MARKS
_LOOKED_AT = 20  # fields of a kind, of each step: to see one is enough
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

    def add(self, records: Records) -> None:
        if not self._places:
            return
        for column, fields in self._telling_fields(records):
            self._note(column, fields)

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

    def _note(self, column: int, fields: Iterable[bytes]) -> None:
        for field in fields:
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

    def _telling_fields(self, records: Records) -> Iterator[tuple[int, list[bytes]]]:
        """By column, some fields of each kind that may say something."""
        spans = records.spans_of(self._width)
        if spans is None:
            rows = (records.counts == self._width).nonzero()[0].tolist()
            cut = [records.fields(row) for row in rows]
            for column, place in enumerate(self._places):
                yield column, [fields[place] for fields in cut]
            return
        kinds = self._kinds(records.text, spans[:, self._places])
        for kind in range(1, _KINDS):
            rows, columns = np.nonzero(kinds == kind)
            for column in np.flatnonzero(
                np.bincount(columns, minlength=len(self._places))
            ).tolist():
                some = rows[columns == column][:_LOOKED_AT].tolist()
                place = self._places[column]
                yield column, [records.text[slice(*spans[row, place])] for row in some]

    def _kinds(self, text: bytes, spans: NDArray[np.int32]) -> NDArray[np.int8]:
        """What a field may tell, by where its last mark stands; int8 (rows, columns).

        0 nothing, then: a long amount without a mark; a point, or a comma, before three digits; or
        before another number of them; more marks than one.
        """
        begins, ends = spans[..., 0], np.where(spans[..., 1] < 0, ~spans[..., 1], spans[..., 1])
        if not begins.size:
            return np.zeros(begins.shape, np.int8)
        # Of the whole text only what these fields span.
        first = int(begins.min())
        array = np.frombuffer(text, np.uint8)[first : int(ends.max())]
        begins, ends = begins - first, ends - first
        is_mark = (array == ord(POINT)) | (array == ord(COMMA))
        places = np.flatnonzero(is_mark)
        before = np.concatenate([[0], np.cumsum(is_mark, dtype=np.int32)])
        marks = before[ends] - before[begins]
        if not len(places):
            long_amounts: NDArray[np.int8] = ((ends - begins >= 4) & self._amount).astype(np.int8)
            return long_amounts
        last = places[np.maximum(before[ends] - 1, 0)]
        three = ends - last == 4
        comma = array[last] == ord(COMMA)
        kinds = np.select(
            [marks > 1, (marks == 1) & three, marks == 1, (ends - begins >= 4) & self._amount],
            [6, 2 + comma, 4 + comma, 1], 0,
        )  # fmt: skip
        kinds_of_bytes: NDArray[np.int8] = kinds.astype(np.int8)
        return kinds_of_bytes


_KINDS = 7
