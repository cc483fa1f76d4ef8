"""From the bytes of a file to rows of text: which line is what, nothing ever shifted."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from credit_scoring.contract import ID, INPUTS
from credit_scoring.errors import DatasetError, EmptyDataset

DELIMITERS = ",;\t"
LONGEST_FIELD = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """line : the line of the file on which the row ends, from 1 (the header is 1)"""

    line: int
    fields: list[str]


@dataclass(frozen=True)
class Table:
    """header : column names; delimiter : as the sender wrote it; rows : read as they are asked for"""

    header: list[str]
    delimiter: str
    rows: Iterator[Row]


def read_table(body: bytes) -> Table:
    """Find the dialect and the header of a CSV.

    Raises DatasetError, saying what to do, when the file as a whole cannot be used; EmptyDataset
    when it holds no row. A single row with too few or too many fields is no error here.
    """
    text = _decode(body)
    if not text.strip():
        raise EmptyDataset("the file is empty: export it again")
    delimiter = _delimiter(text.partition("\n")[0])
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [name.strip() for name in _next(reader) or []]
    _check(header)
    return Table(header, delimiter, _rows(reader))


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


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    empty = True
    while (fields := _next(reader)) is not None:
        if fields:  # a blank line is no row
            empty = False
            yield Row(reader.line_num, fields)  # type: ignore[attr-defined]
    if empty:
        raise EmptyDataset("the file has a header but no row: nothing was scored")


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]
        raise DatasetError(f"line {line} is no valid CSV ({error}): repair it or export again") from None
