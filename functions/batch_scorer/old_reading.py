"""From the bytes of a file to rows of text: which line is what, nothing ever shifted."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from credit_scoring.contract import ID, INPUTS
from credit_scoring.errors import DatasetError, EmptyDataset

if TYPE_CHECKING:
    import _csv  # where the type of a reader is declared

DELIMITERS = ",;\t"
LONGEST_FIELD = 10_000
NAMES_SHOWN = 5
_BLANK = re.compile(rb"(\xef\xbb\xbf)?\s*\Z")


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

    body: bytes
    delimiter: str
    header: list[str]

    def rows(self) -> Iterator[Row]:
        """Every row but the header and blank lines."""
        reader = _reader(self.body, self.delimiter)
        _next(reader)
        while (fields := _next(reader)) is not None:
            if fields:
                yield Row(reader.line_num, fields)


def read_table(body: bytes) -> Table:
    """Find the dialect and the header of a CSV.

    Raises DatasetError, saying what to do, when the file as a whole cannot be used; EmptyDataset
    when it holds no row. A single row with too few or too many fields is no error here.
    """
    if _BLANK.match(body):
        raise EmptyDataset("the file is empty: export it again")
    if b"\0" in body:
        raise _not_text()
    delimiter = _delimiter(body)
    header = [name.strip() for name in _next(_reader(body, delimiter)) or []]
    _check(header)
    table = Table(body, delimiter, header)
    if not sum(1 for _ in table.rows()):
        raise EmptyDataset("the file has a header but no row: nothing was scored")
    return table


def _text(body: bytes) -> io.TextIOWrapper:
    """Decoded as it is read: as one text, a file would take four times its size."""
    return io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", newline="")


def _reader(body: bytes, delimiter: str) -> "_csv.Reader":
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(_text(body), delimiter=delimiter, strict=True)


def _delimiter(body: bytes) -> str:
    """The one that cuts the header into the most known columns."""
    try:
        first_line = _text(body).readline()
    except UnicodeDecodeError:
        raise _not_text() from None
    return max(DELIMITERS, key=lambda d: sum(name in INPUTS for name in _cut(first_line, d)))


def _cut(line: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"') for name in line.split(delimiter)]


def _check(header: list[str]) -> None:
    if ID not in header:
        raise DatasetError(f"the header has no column {ID}: the first line must name the columns")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        shown = ", ".join(twice[:NAMES_SHOWN])
        raise DatasetError(f"the header names {shown} twice: keep one column of each")


def _next(reader: "_csv.Reader") -> list[str] | None:
    first_line = reader.line_num + 1
    try:
        return next(reader, None)
    except UnicodeDecodeError:
        raise _not_text() from None
    except csv.Error as error:
        raise DatasetError(
            f"the row that begins on line {first_line} is no valid CSV ({error}): repair it or "
            "export the file again"
        ) from None


def _not_text() -> DatasetError:
    return DatasetError("the file is not UTF-8 text: export it as CSV in UTF-8")
