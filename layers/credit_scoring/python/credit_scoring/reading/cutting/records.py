"""Text cut into records and fields by RFC 4180, strictly: what is doubtful is one refused line.

A record begins on a new line. Its quotes are right if each field that begins with one ends with one
and no other field has any; `""` inside stands for one. A record with wrong quotes is its first line
alone, and the next line is tried anew, so that one stray quote costs one line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.reading.cutting.compiled import LineTooLong, ReadFields, cut_text, read_fields
from credit_scoring.reading.dialect import DELIMITERS
from credit_scoring.reading.file_refused import FileRefused

# Bytes. A longer line is no table's; a longer record is refused, the file goes on.
LONGEST_LINE = 1 << 20
LONGEST_RECORD = 1 << 16
# A quoted field over several lines is a comment or an address. Were it longer, or held as many
# delimiters as a whole row, two stray quotes could have merged two applicants.
LONGEST_OVER_LINES = 8192
MOST_LINES = 100
# Bytes that must be there behind the beginning of a record to know where it ends.
LOOK_AHEAD = LONGEST_LINE + 2

# In place of a record's number of fields.
BAD_QUOTES, TOO_LONG = -1, -2

# Lines of a few spaces or none, many at a time.
_BLANK_LINES = re.compile(rb"(?: {0,99}+(?:\r\n|[\r\n]))++")
_LINE = re.compile(rb"[^\r\n]*+")
_PLAIN = {d.encode(): re.compile(rb'[^"\r\n%s]*+' % d.encode()) for d in DELIMITERS}
_QUOTED = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')


@dataclass(frozen=True, slots=True)
class Record:
    """start, end : bytes of the text, newline excluded; after : where the next line begins

    line : of the file, from 1; lines : how many it takes
    count : of its fields, or BAD_QUOTES or TOO_LONG
    """

    start: int
    end: int
    after: int
    line: int
    lines: int
    count: int


@dataclass(frozen=True)
class Records:
    """Records of one text, in order, as columns (m,): see Record.

    after, line : where to go on; skipped : lines of delimiters alone that lie between
    """

    text: bytes
    delimiter: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    afters: NDArray[np.int64]
    lines: NDArray[np.int64]
    counts: NDArray[np.int64]
    after: int
    line: int
    skipped: int

    def __len__(self) -> int:
        return len(self.starts)

    def original(self, row: int) -> bytes:
        return self.text[self.starts[row] : self.ends[row]]

    def fields(self, row: int) -> list[bytes]:
        """Without quotes; of a record whose quotes are wrong, cut as if it had none."""
        original = self.original(row)
        if self.counts[row] < 0:
            return original.replace(b'"', b"").split(self.delimiter)
        return split_record(original, self.delimiter)

    def column(self, place: int, rows: NDArray[np.intp]) -> list[bytes]:
        """One field of some records whose quotes are right."""
        return [self._field(row, place) for row in rows.tolist()]

    def known(self, rows: NDArray[np.intp], names: Sequence[str], mark: str) -> ReadFields | None:
        """Values of the contract's columns, where the kernel can read them."""
        del rows, names, mark
        return None

    def spans_of(self, width: int) -> NDArray[np.int32] | None:
        """Where the fields of all records with `width` fields stand, where the kernel cut them."""
        del width
        return None

    def _field(self, row: int, place: int) -> bytes:
        original = self.original(row)
        if b'"' not in original:
            return original.split(self.delimiter, place + 1)[place]
        return split_record(original, self.delimiter)[place]


@dataclass(frozen=True)
class SpannedRecords(Records):
    """Records that the kernel cut.

    spans : int32 (k, width, 2), where the fields stand of those with `width` fields; see Cut
    place : int (m), which of `spans` are a record's
    """

    spans: NDArray[np.int32]
    place: NDArray[np.int64]

    def fields(self, row: int) -> list[bytes]:
        if self.counts[row] != self.spans.shape[1]:
            return super().fields(row)
        return [self._at(*span) for span in self.spans[self.place[row]].tolist()]

    def column(self, place: int, rows: NDArray[np.intp]) -> list[bytes]:
        text, spans = self.text, self.spans[self.place[rows], place].tolist()
        return [text[start:end] if end >= 0 else self._at(start, end) for start, end in spans]

    def known(self, rows: NDArray[np.intp], names: Sequence[str], mark: str) -> ReadFields | None:
        return read_fields(self.text, self.spans, self.place[rows], names, mark)

    def spans_of(self, width: int) -> NDArray[np.int32] | None:
        return self.spans if self.spans.shape[1] == width else None

    def _at(self, start: int, end: int) -> bytes:
        if end >= 0:
            return self.text[start:end]
        return self.text[start:~end].replace(b'""', b'"')


def cut_records(
    text: bytes, start: int, stop: int, *, line: int, delimiter: bytes, width: int
) -> Records:
    """The records that begin in [start, stop), which begins on a new line.

    text : to the file's end, or LOOK_AHEAD bytes beyond `stop`
    line : number of the line at `start`; width : fields of the header

    Raises FileRefused for a line that is longer than any table's.
    """
    try:
        cut = cut_text(text, start, stop, line=line, delimiter=delimiter, width=width)
    except LineTooLong as error:
        raise _too_long(error.line) from None
    if cut is None:
        return _cut_in_python(text, start, stop, line, delimiter, width)
    starts, ends, afters, lines, counts = np.ascontiguousarray(cut.records.T)
    place = np.cumsum(counts == width) - 1
    return SpannedRecords(
        text,
        delimiter,
        starts,
        ends,
        afters,
        lines,
        counts,
        cut.after,
        cut.line,
        cut.skipped,
        cut.spans,
        place,
    )


def _cut_in_python(
    text: bytes, start: int, stop: int, line: int, delimiter: bytes, width: int
) -> Records:
    found: list[tuple[int, int, int, int, int]] = []
    skipped = 0
    while start < stop:
        if blank := _BLANK_LINES.match(text, start, stop):
            end = blank.end() + (text[blank.end() - 1 : blank.end() + 1] == b"\r\n")
            start, line = end, line + _count_newlines(text, start, end)
            continue
        r = cut_record(text, start, line, delimiter, width)
        if not _is_blank(text, r, delimiter):
            found.append((r.start, r.end, r.after, r.line, r.count))
        elif delimiter in text[r.start : r.end]:
            skipped += 1
        start, line = r.after, line + r.lines
    starts, ends, afters, lines, counts = np.array(found, np.int64).reshape(-1, 5).T
    return Records(text, delimiter, starts, ends, afters, lines, counts, start, line, skipped)


def cut_record(text: bytes, start: int, line: int, delimiter: bytes, width: int) -> Record:
    """The record, or blank line, that begins at `start`."""
    end = find_line_end(text, start, line)
    if end - start > LONGEST_RECORD:
        return Record(start, end, _after(text, end), line, 1, TOO_LONG)
    if text.find(b'"', start, end) < 0:
        count = text.count(delimiter, start, end) + 1
        return Record(start, end, _after(text, end), line, 1, count)
    quoted = _cut_quoted(text, start, end, delimiter, width)
    if quoted is None:
        return Record(start, end, _after(text, end), line, 1, BAD_QUOTES)
    end, lines, count = quoted
    return Record(start, end, _after(text, end), line, lines, count)


def find_line_end(text: bytes, start: int, line: int) -> int:
    end = _LINE.match(text, start, start + LONGEST_LINE + 1).end()  # type: ignore[union-attr]
    if end - start > LONGEST_LINE:
        raise _too_long(line)
    return end


def split_record(record: bytes, delimiter: bytes) -> list[bytes]:
    """The fields of a record whose quotes are right, without them."""
    if b'"' not in record:
        return record.split(delimiter)
    return [unquoted(record[start:end]) for start, end in field_spans(record, delimiter)]


def field_spans(record: bytes, delimiter: bytes) -> Iterator[tuple[int, int]]:
    """Where the fields of a record stand whose quotes are right, quotes included."""
    start = 0
    while start <= len(record):
        end = _field_end(record, start, len(record), delimiter)
        if end is None:
            raise ValueError("the quotes of this record are wrong")
        yield start, end
        start = end + 1


def unquoted(field: bytes) -> bytes:
    return field[1:-1].replace(b'""', b'"') if field.startswith(b'"') else field


def _cut_quoted(
    text: bytes, start: int, line_end: int, delimiter: bytes, width: int
) -> tuple[int, int, int] | None:
    """End, lines and fields of a record with quotes; None if they are wrong."""
    limit = max(line_end, min(len(text), start + LONGEST_OVER_LINES))
    place, count, lines = start, 0, 1
    while place <= limit:
        end = _field_end(text, place, limit, delimiter)
        if end is None:
            return None
        breaks = _count_newlines(text, place, end)
        if breaks and text.count(delimiter, place, end) >= width - 1:
            return None
        count, lines = count + 1, lines + breaks
        if text[end : end + 1] != delimiter:
            fits = lines == 1 or (count == width and lines <= MOST_LINES)
            return (end, lines, count) if fits else None
        place = end + 1
    return None


def _field_end(text: bytes, place: int, limit: int, delimiter: bytes) -> int | None:
    """Where a field ends, quotes included; None if neither delimiter, newline nor end follows."""
    if text.startswith(b'"', place):
        match = _QUOTED.match(text, place, limit)
        if match is None:
            return None
        end = match.end()
    else:
        end = _PLAIN[delimiter].match(text, place, limit).end()  # type: ignore[union-attr]
    follows = text[end : end + 1]
    return end if follows in (delimiter, b"\r", b"\n", b"") else None


def _count_newlines(text: bytes, start: int, end: int) -> int:
    lone = text.count(b"\n", start, end) + text.count(b"\r", start, end)
    return lone - text.count(b"\r\n", start, end)


def _after(text: bytes, end: int) -> int:
    return end + (2 if text.startswith(b"\r\n", end) else text[end : end + 1] != b"")


def _too_long(line: int) -> FileRefused:
    return FileRefused("line_too_long", line=line, limit=LONGEST_LINE // 1024)


def _is_blank(text: bytes, record: Record, delimiter: bytes) -> bool:
    return not text[record.start : record.end].strip(b" " + delimiter)
