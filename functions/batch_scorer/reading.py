"""From the bytes of a file to rows of text: which line is what, nothing ever shifted."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from credit_scoring.contract import ID, INPUTS
from credit_scoring.errors import DatasetError, EmptyDataset

if TYPE_CHECKING:
    import _csv  # where the type of a reader is declared

DELIMITERS = ",;\t"
LONGEST_FIELD = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """line : the line of the file on which the row ends, from 1 (the header is 1)"""

    line: int
    fields: list[str]


@dataclass(frozen=True)
class Table:
    """A CSV that was read once to its end, so that no row fails halfway through the scoring.

    header : column names; delimiter : as the sender wrote it
    """

    text: str
    delimiter: str
    header: list[str]

    def rows(self) -> Iterator[Row]:
        """Every row but the header and blank lines."""
        reader = _reader(self.text, self.delimiter)
        _next(reader)
        while (fields := _next(reader)) is not None:
            if fields:
                yield Row(reader.line_num, fields)


def read_table(body: bytes) -> Table:
    """Find the dialect and the header of a CSV.

    Raises DatasetError, saying what to do, when the file as a whole cannot be used; EmptyDataset
    when it holds no row. A single row with too few or too many fields is no error here.
    """
    text = _decode(body)
    if not text.strip():
        raise EmptyDataset("the file is empty: export it again")
    delimiter = _delimiter(text.partition("\n")[0])
    header = [name.strip() for name in _next(_reader(text, delimiter)) or []]
    _check(header)
    table = Table(text, delimiter, header)
    if not sum(1 for _ in table.rows()):
        raise EmptyDataset("the file has a header but no row: nothing was scored")
    return table


def _reader(text: str, delimiter: str) -> "_csv.Reader":
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DatasetError("the file is not UTF-8 text: export it as CSV in UTF-8") from None


def _delimiter(first_line: str) -> str:
    """The one that cuts the header into the most known columns."""
    return max(DELIMITERS, key=lambda d: sum(name in INPUTS for name in _cut(first_line, d)))


def _cut(line: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"') for name in line.split(delimiter)]


def _check(header: list[str]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise DatasetError(f"the header names {', '.join(twice)} twice: keep one column of each")
    if ID not in header:
        raise DatasetError(f"the header has no column {ID}: the first line must name the columns")


def _next(reader: "_csv.Reader") -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise DatasetError(
            f"line {reader.line_num} is no valid CSV ({error}): repair it or export the file again"
        ) from None
