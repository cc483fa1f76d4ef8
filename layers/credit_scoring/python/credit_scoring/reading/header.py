"""Which line names the columns, how it is cut, and whether its names can be trusted."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from credit_scoring.contract.columns import ID, INPUTS, TARGET
from credit_scoring.reading.cutting.records import (
    BAD_QUOTES,
    LONGEST_RECORD,
    Record,
    cut_record,
    find_line_end,
    split_record,
)
from credit_scoring.reading.dialect import DELIMITERS, decoded
from credit_scoring.reading.file_refused import FileRefused

BOM = b"\xef\xbb\xbf"
# The columns of a rejects file, before the sender's own.
REJECT_COLUMNS = (
    "reject_line", "reject_column", "reject_value", "reject_cause", "reject_message", "reject_of",
)  # fmt: skip
MOST_COLUMNS = 2_000
LOOKED_AT_LINES = 50
_ALIKE = 0.9
_NAMES_SHOWN = 5
_LONGEST_NAME = 100
_KNOWN = {name.upper(): name for name in (*INPUTS, TARGET)}
_REQUIRED = [name for name, column in INPUTS.items() if column.required]


@dataclass(frozen=True)
class Header:
    """names : as the contract writes them, else as sent, without spaces around

    record : where it stands; preamble : the lines before it that are not blank
    """

    names: tuple[str, ...]
    delimiter: str
    newline: str
    record: Record
    preamble: tuple[Record, ...]

    @property
    def is_resend(self) -> bool:
        return self.names[: len(REJECT_COLUMNS)] == REJECT_COLUMNS

    @property
    def own_names(self) -> tuple[str, ...]:
        return self.names[len(REJECT_COLUMNS) :] if self.is_resend else self.names

    @property
    def ignored_columns(self) -> tuple[str, ...]:
        return tuple(n for n in self.own_names if n and n not in INPUTS and n != TARGET)


def find_header(text: bytes) -> Header:
    """The first of the first lines that names the id, cut by the delimiter that finds most columns.

    text : the file's beginning, or all of it

    Raises FileRefused if no line does, or its names cannot be trusted.
    """
    preamble: list[Record] = []
    start, line = len(BOM) if text.startswith(BOM) else 0, 1
    while start < len(text) and line <= LOOKED_AT_LINES:
        record = cut_record(text, start, line, b",", 0)
        original = text[record.start : record.end]
        if ID in _known_names(original, _best_delimiter(original)):
            return _header(text, record, tuple(preamble))
        if original.strip(b" "):
            preamble.append(record)
        start, line = record.after, line + 1
    raise _no_header(text, preamble)


def names_columns(fields: Sequence[bytes], names: Sequence[str]) -> bool:
    """Whether a record below the header is another one: it names the id, or two columns.

    A column that is ignored may carry the name of the id without being it.
    """
    found = {name: place for place, f in enumerate(fields) if (name := _plain_name(f)) in _KNOWN}
    if len(found) == 1 and ID in found:
        return len(fields) != len(names) or names[found[ID]] in INPUTS
    return len(found) > 1


def canonical_names(fields: Sequence[bytes]) -> tuple[str, ...]:
    names = (decoded(field).removeprefix("\ufeff").strip() for field in fields)
    return tuple(_KNOWN.get(name.upper(), name) for name in names)


def _plain_name(field: bytes) -> str:
    return field.removeprefix(BOM).strip().upper().decode("ascii", errors="replace")


def _header(text: bytes, record: Record, preamble: tuple[Record, ...]) -> Header:
    original = text[record.start : record.end]
    delimiter = _best_delimiter(original)
    columns = original.count(delimiter.encode()) + 1
    if columns > MOST_COLUMNS:
        raise FileRefused("too_many_columns", line=record.line, columns=columns, limit=MOST_COLUMNS)
    strict = cut_record(text, record.start, record.line, delimiter.encode(), 0)
    if strict.count == BAD_QUOTES or record.end - record.start > LONGEST_RECORD:
        raise FileRefused("header_broken", line=record.line)
    names = canonical_names(split_record(original, delimiter.encode()))
    newline = text[record.end : record.after].decode() or "\n"
    header = Header(names, delimiter, newline, record, preamble)
    _check(header)
    _check_neighbours(text, header)
    return header


def _best_delimiter(line: bytes) -> str:
    return max(DELIMITERS, key=lambda delimiter: len(_known_names(line, delimiter)))


def _known_names(line: bytes, delimiter: str) -> set[str]:
    """Columns of the contract that a line names; stray quotes do not hide them."""
    fields = line.replace(b'"', b"").split(delimiter.encode())
    return {_plain_name(field) for field in fields} & _KNOWN.keys()


def _check(header: Header) -> None:
    names = header.own_names
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise FileRefused("columns_twice", names=_shown(twice))
    absent = [name for name in INPUTS if name not in names]
    for unknown in header.ignored_columns:
        if meant := _closest(unknown, absent):
            raise FileRefused("column_unlike", name=_quoted(unknown), meant=meant)
    missing = [name for name in _REQUIRED if name in absent]
    if missing:
        raise FileRefused("columns_missing", names=_shown(missing))


def _check_neighbours(text: bytes, header: Header) -> None:
    """Raises FileRefused if a line break seems to have torn the first or the last name."""
    absent = [name for name in INPUTS if name not in header.names]
    above = [r for r in header.preamble if r.after == header.record.start]
    below = find_line_end(text, header.record.after, header.record.line + 1)
    joined = [(text[r.start : r.end], header.names[0].encode()) for r in above]
    joined.append((header.names[-1].encode(), text[header.record.after : below]))
    for first, last in joined:
        name = decoded(first + last).replace('"', "").strip()
        if len(name) < _LONGEST_NAME and (meant := _closest(name, absent)):
            raise FileRefused("header_torn", line=header.record.line, meant=meant)


def _closest(name: str, absent: Sequence[str]) -> str | None:
    """The column that a name nearly is."""
    upper = name.upper()
    near = [other for other in absent if _may_be_alike(upper, other)]
    return next(iter(difflib.get_close_matches(upper, near, n=1, cutoff=_ALIKE)), None)


def _may_be_alike(name: str, other: str) -> bool:
    """Whether they have letters enough in common: a quick bound of difflib's ratio."""
    if 2 * min(len(name), len(other)) < _ALIKE * (len(name) + len(other)):
        return False
    common = np.minimum(_letters(name), _letters(other)).sum()
    return bool(2 * common >= _ALIKE * (len(name) + len(other)))


@lru_cache(maxsize=1024)
def _letters(name: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    codes = np.frombuffer(name.encode("latin-1", errors="replace"), np.uint8)
    return np.bincount(codes, minlength=256)


def _no_header(text: bytes, preamble: Sequence[Record]) -> FileRefused:
    if not preamble:
        return FileRefused("empty")
    for record in preamble:
        original = text[record.start : record.end]
        if len(_known_names(original, _best_delimiter(original))) > 1:
            return FileRefused("header_without_id", line=record.line, id=ID)
    return FileRefused("no_header", id=ID, lines=LOOKED_AT_LINES)


def _shown(names: Sequence[str]) -> str:
    more = f" + {len(names) - _NAMES_SHOWN}" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(_quoted(name) for name in names[:_NAMES_SHOWN]) + more


def _quoted(name: str) -> str:
    """A name without line breaks, and not endless."""
    printable = "".join(c if c.isprintable() else "?" for c in name)
    return printable if len(printable) <= 60 else printable[:60] + "..."
