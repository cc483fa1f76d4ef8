"""Which line names the columns, how it is cut, and whether its names can be trusted."""

import difflib
import re
import unicodedata
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
# The columns of a rejects file, before the sender's own: by `reject_check` it is told whether the
# sender's values are still those that were refused; who writes yes into `reject_confirm` stands by
# a row that was only doubtful.
REJECT_COLUMNS = (
    "reject_line", "reject_column", "reject_value", "reject_cause", "reject_message", "reject_of",
    "reject_check", "reject_confirm",
)  # fmt: skip
# A table of other programs may lack the last two.
_FEWEST_REJECT_COLUMNS = 6
MOST_COLUMNS = 2_000
LOOKED_AT_LINES = 50
_ALIKE = 0.9
_NAMES_SHOWN = 5
_LONGEST_NAME = 100
_SHORTEST_ADDED_TO = 6
# What spreadsheets write before the header to name their delimiter.
_SEPARATOR_LINE = re.compile(rb'"?sep=.?"?[ ,;|\t]*', re.IGNORECASE)


def _key(name: str) -> str:
    """A name's letters and digits, without case and accents."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(character for character in plain if character.isalnum()).casefold()


_BY_NAME = {_key(name): name for name in (*INPUTS, TARGET)}
_LABELS = Counter(_key(text) for column in INPUTS.values() for text in set(column.label.values()))
# A label that several columns have, or that is a name, names none.
_KNOWN = {
    _key(text): name
    for name, column in INPUTS.items()
    for text in column.label.values()
    if _LABELS[_key(text)] == 1
} | _BY_NAME
_REQUIRED = [name for name, column in INPUTS.items() if column.required]


@dataclass(frozen=True)
class Header:
    """names : as the contract writes them, else as sent, without spaces around

    record : where it stands; preamble : the lines before it that are not blank
    renamed : what was sent, and as which name of the contract it is read, where they differ
    """

    names: tuple[str, ...]
    delimiter: str
    newline: str
    record: Record
    preamble: tuple[Record, ...]
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def own_names(self) -> tuple[str, ...]:
        return self.names[count_reject_columns(self.names) :]

    @property
    def ignored_columns(self) -> tuple[str, ...]:
        return tuple(n for n in self.own_names if n and n not in INPUTS and n != TARGET)


def count_reject_columns(names: Sequence[str]) -> int:
    """How many columns of a rejects file come first: none unless it is one."""
    same = 0
    for name, ours in zip(names, REJECT_COLUMNS, strict=False):
        if name != ours:
            break
        same += 1
    return same if same >= _FEWEST_REJECT_COLUMNS else 0


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
        is_separator = line == 1 and _SEPARATOR_LINE.fullmatch(original)
        if original.strip(b" ") and not is_separator:
            preamble.append(record)
        start, line = record.after, line + 1
    raise _no_header(text, preamble)


def names_columns(fields: Sequence[bytes], names: Sequence[str]) -> bool:
    """Whether a record below the header is another one: it names the id, or two columns.

    A column that is ignored may carry the name of the id without being it.
    """
    named = ((place, _BY_NAME.get(_field_key(field))) for place, field in enumerate(fields))
    found = {name: place for place, name in named if name}
    if len(found) == 1 and ID in found:
        return len(fields) != len(names) or names[found[ID]] in INPUTS
    return len(found) > 1


def canonical_names(fields: Sequence[bytes]) -> tuple[str, ...]:
    """As the contract writes them: by name or label, by their letters and digits alone."""
    return tuple(_KNOWN.get(_key(name), name) for name in sent_names(fields))


def sent_names(fields: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(decoded(field).removeprefix("\ufeff").strip() for field in fields)


@lru_cache(maxsize=1 << 14)
def _field_key(field: bytes) -> str:
    return _key(decoded(field)) if len(field) <= _LONGEST_NAME else ""


def _header(text: bytes, record: Record, preamble: tuple[Record, ...]) -> Header:
    original = text[record.start : record.end]
    delimiter = _best_delimiter(original)
    columns = original.count(delimiter.encode()) + 1
    if columns > MOST_COLUMNS:
        raise FileRefused("too_many_columns", line=record.line, columns=columns, limit=MOST_COLUMNS)
    strict = cut_record(text, record.start, record.line, delimiter.encode(), 0)
    if strict.count == BAD_QUOTES or record.end - record.start > LONGEST_RECORD:
        raise FileRefused("header_broken", line=record.line)
    fields = split_record(original, delimiter.encode())
    names = canonical_names(fields)
    pairs = zip(sent_names(fields), names, strict=True)
    renamed = tuple((sent, name) for sent, name in pairs if sent != name)
    newline = text[record.end : record.after].decode() or "\n"
    header = Header(names, delimiter, newline, record, preamble, renamed)
    _check(header)
    _check_neighbours(text, header)
    return header


def _best_delimiter(line: bytes) -> str:
    return max(DELIMITERS, key=lambda delimiter: len(_known_names(line, delimiter)))


def _known_names(line: bytes, delimiter: str) -> set[str]:
    """Columns of the contract that a line names; stray quotes do not hide them."""
    fields = line.replace(b'"', b"").split(delimiter.encode())[:MOST_COLUMNS]
    return {_KNOWN[key] for field in fields if (key := _field_key(field)) in _KNOWN}


def _check(header: Header) -> None:
    names = header.own_names
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise FileRefused("columns_twice", names=_shown(twice))
    absent = [name for name in INPUTS if name not in names]
    for unknown in header.ignored_columns:
        if meant := _closest(unknown, absent) or _added_to(unknown, absent):
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
    key = _key(name)[:_LONGEST_NAME]
    near = [_key(other) for other in absent if _may_be_alike(key, _key(other))]
    found = difflib.get_close_matches(key, near, n=1, cutoff=_ALIKE)
    return _BY_NAME[found[0]] if found else None


def _added_to(name: str, absent: Sequence[str]) -> str | None:
    """The column to whose name another only adds something: AMT_ANNUITY_EUR, app_AMT_CREDIT."""
    key = _key(name)
    inside = [
        other
        for other in absent
        if len(_key(other)) >= _SHORTEST_ADDED_TO
        and (key.startswith(_key(other)) or key.endswith(_key(other)))
    ]
    return max(inside, key=len, default=None)


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
