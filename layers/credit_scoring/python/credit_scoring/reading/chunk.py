"""The records of one chunk: validated, or refused with the reason."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat
from typing import overload

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.applicants import (
    Applicants,
    ParsedTable,
    PartlyRead,
    parse_text_columns,
)
from credit_scoring.contract.columns import ID, INPUTS
from credit_scoring.errors import Problem
from credit_scoring.reading.cutting.compiled import ReadFields
from credit_scoring.reading.cutting.records import (
    BAD_QUOTES,
    LONGEST_RECORD,
    TOO_LONG,
    Records,
    cut_record,
    cut_records,
)
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.duplicates import plain_id
from credit_scoring.reading.formulas import as_sent
from credit_scoring.reading.header import REJECT_COLUMNS
from credit_scoring.reading.numbers import is_doubtful, is_number, plain_number
from credit_scoring.reading.scan import Chunk, Scan
from credit_scoring.reading.tables import find_headers
from credit_scoring.reading.words import CONFIRM, ONE_MARK

# Causes of rows that may be right: alone, nothing would show any more that they are doubtful.
DOUBTFUL = frozenset({"torn", "duplicate_id", "doubtful_number"})
CONFIRMED = frozenset({"yes", "y", "oui", "o", "true", "1", "x"})


@dataclass(frozen=True, slots=True)
class Refused:
    """line : where the record begins; original : as it was sent, without its newline, bounded

    own_fields : the sender's, as they are read
    """

    line: int
    original: bytes
    problems: list[Problem]
    own_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadChunk:
    """What became of every record of a chunk.

    applicants : the valid ones, in the file's order; lines : int64 (n,), where each begins
    resolves : (n) the batch "<file>/<version>" and line that each row repairs; ("", 0) where the
        sender damaged that; empty unless the file is a resend
    refused : by line; `len(lines) + len(refused)` is the chunk's number of records
    """

    applicants: Applicants
    lines: NDArray[np.int64]
    resolves: list[tuple[str, int]]
    refused: list[Refused]


def read_chunk(body: bytes, scan: Scan, chunk: Chunk, duplicates: NDArray[np.int64]) -> ReadChunk:
    """Read the records of one chunk; nothing else of the file is needed.

    body : bytes `chunk.start` to `chunk.end` of the plain text
    duplicates : int64 (m, 2), what the scan found for this chunk; (0, 2) for none
    """
    preamble, start, line = _preamble(body, scan, chunk)
    records = _cut(body, start, line, scan)
    problems = _misfits(records, scan, dict(duplicates.tolist()))
    problems = _unchanged(records, scan) | problems if scan.is_resend else problems
    rows = np.array([row for row in range(len(records)) if row not in problems], np.intp)
    parsed = _parse(records, rows, scan)
    problems |= {int(rows[place]): found for place, found in parsed.problems.items()}
    kept = rows[parsed.rows]
    return ReadChunk(
        applicants=parsed.applicants,
        lines=records.lines[kept],
        resolves=_resolved(records, kept) if scan.is_resend else [],
        refused=[
            *preamble,
            *(_refused(records, row, problems[row], scan) for row in sorted(problems)),
        ],
    )


def column_texts(
    body: bytes, scan: Scan, chunk: Chunk, name: str, lines: NDArray[np.int64]
) -> list[str]:
    """One column of the header as it was sent, without spaces around.

    lines : int64 (n,), where records of the header's width begin, as `ReadChunk.lines`
    """
    _, start, line = _preamble(body, scan, chunk)
    records = _cut(body, start, line, scan)
    rows = np.searchsorted(records.lines, lines)
    texts = (decoded(field).strip() for field in records.column(scan.header.index(name), rows))
    return [as_sent(text) for text in texts] if scan.is_resend else list(texts)


def _cut(body: bytes, start: int, line: int, scan: Scan) -> Records:
    delimiter, width = scan.dialect.delimiter.encode(), len(scan.header)
    return cut_records(body, start, len(body), line=line, delimiter=delimiter, width=width)


def _preamble(body: bytes, scan: Scan, chunk: Chunk) -> tuple[list[Refused], int, int]:
    """Lines before the header; then where the records begin, and on which line."""
    refused = []
    start, line = 0, chunk.first_line
    problem = Problem("", "preamble", "", "the header first")
    while line <= scan.header_line and start < len(body):
        record = cut_record(body, start, line, b",", 0)
        original = body[start : min(record.end, start + LONGEST_RECORD)]
        if line < scan.header_line and original.strip(b" "):
            refused.append(Refused(line, original, [problem]))
        start, line = record.after, line + 1
    return refused, start, line


def _misfits(records: Records, scan: Scan, duplicates: dict[int, int]) -> dict[int, list[Problem]]:
    """Records, by row, that are refused for their form or their place in the file."""
    width = len(scan.header)
    found = {
        row: [_form_problem(int(records.counts[row]), width)]
        for row in np.flatnonzero(records.counts != width).tolist()
    }
    for row, line in enumerate(records.lines.tolist()) if duplicates else ():
        if line in duplicates:
            found[row] = [_because_of(records, row, scan, duplicates[line])]
    repeated, _ = find_headers(records, scan.header)
    for row in repeated:
        found[row] = [Problem("", "repeated_header", "", "one header")]
    if scan.table_ends_at is not None:
        for row in np.flatnonzero(records.lines >= scan.table_ends_at).tolist():
            found[row] = [Problem("", "other_table", "", "one table in a file")]
    return found


def _form_problem(count: int, width: int) -> Problem:
    if count == BAD_QUOTES:
        return Problem("", "bad_quotes", "", 'fields like "this", with "" for a mark inside')
    if count == TOO_LONG:
        return Problem("", "too_long", "", f"{LONGEST_RECORD} bytes")
    return Problem("", "wrong_field_count", str(count), f"{width} fields")


def check_of(own_fields: Sequence[str]) -> str:
    """What tells whether a row that comes back is still the one that was refused."""
    return hashlib.sha256("\x1f".join(own_fields).encode()).hexdigest()[:12]


def _unchanged(records: Records, scan: Scan) -> dict[int, list[Problem]]:
    """Rows of a resent file that are as doubtful as before: neither changed nor confirmed."""
    found: dict[int, list[Problem]] = {}
    for row in np.flatnonzero(records.counts == len(scan.header)).tolist():
        fields = [as_sent(decoded(field).strip()) for field in records.fields(row)]
        ours = dict(zip(REJECT_COLUMNS, fields[: scan.reject_columns], strict=False))
        cause = ours["reject_cause"]
        if cause not in DOUBTFUL or ours.get("reject_confirm", "").casefold() in CONFIRMED:
            continue
        if ours.get("reject_check", "") in ("", check_of(fields[scan.reject_columns :])):
            field = ours["reject_column"] if ours["reject_column"] in INPUTS else ""
            found[row] = [Problem(field, cause, ours["reject_value"][:80], CONFIRM)]
    return found


def _because_of(records: Records, row: int, scan: Scan, other: int) -> Problem:
    """other : the line of the first with the same id; negative: of what may be this row's rest"""
    if other < 0:
        return Problem("", "torn", "", f"one row on one line; see line {-other}")
    field = records.fields(row)[scan.header.index(ID)]
    applicant_id = plain_id(field, is_resend=scan.is_resend)
    return Problem(ID, "duplicate_id", applicant_id, f"one row; see line {other}")


def _parse(records: Records, rows: NDArray[np.intp], scan: Scan) -> ParsedTable:
    numbers = scan.dialect.numbers
    # Where a number may be two things, each is looked at.
    known = None if numbers.doubtful else records.known(rows, scan.header, numbers.decimal)
    texts = _partly_read(records, rows, scan, known) if known else _texts(records, rows, scan)
    parsed = parse_text_columns(texts)
    problems = _as_written(parsed.problems, records, rows, scan)
    doubtful = _doubtful_numbers(records, rows, scan)
    if not doubtful:
        return replace(parsed, problems=problems)
    for row, found in doubtful.items():
        problems[row] = [*problems.get(row, []), *found]
    kept = np.flatnonzero([row not in doubtful for row in parsed.rows.tolist()])
    return replace(
        parsed,
        applicants=parsed.applicants.take(kept),
        rows=parsed.rows[kept],
        problems=dict(sorted(problems.items())),
    )


def _doubtful_numbers(
    records: Records, rows: NDArray[np.intp], scan: Scan
) -> dict[int, list[Problem]]:
    """By place in `rows`, the numbers of which the file does not say what they are."""
    numbers, found = scan.dialect.numbers, dict[int, list[Problem]]()
    for place, name in enumerate(scan.header) if numbers.doubtful else ():
        if is_number(name):
            for row, field in enumerate(records.column(place, rows)):
                if is_doubtful(text := decoded(field).strip(), numbers):
                    problem = Problem(name, "doubtful_number", text[:80], ONE_MARK)
                    found.setdefault(row, []).append(problem)
    return found


def _texts(records: Records, rows: NDArray[np.intp], scan: Scan) -> Mapping[str, Sequence[str]]:
    fields = [records.fields(row) for row in rows.tolist()]
    columns = zip(*fields, strict=True) if fields else repeat(())
    return {
        name: [_text(field, name, scan) for field in column]
        for name, column in zip(scan.header, columns, strict=False)
        if name in INPUTS
    }


def _partly_read(
    records: Records, rows: NDArray[np.intp], scan: Scan, known: ReadFields
) -> Mapping[str, Sequence[str]]:
    texts: dict[str, Sequence[str]] = {}
    for place, name in enumerate(scan.header):
        if name in INPUTS:
            texts[name] = column = LazyTexts(records, rows, place, scan)
            if name in known.values:
                unsure = np.flatnonzero(known.unsure[name])
                texts[name] = PartlyRead(column, known.values[name], unsure, column.some(unsure))
    return texts


class LazyTexts(Sequence[str]):
    """One column of some records; made only where the kernel could not read it, or to be shown."""

    def __init__(self, records: Records, rows: NDArray[np.intp], place: int, scan: Scan) -> None:
        self._records, self._rows, self._place, self._scan = records, rows, place, scan

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._all[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def some(self, places: NDArray[np.intp]) -> list[str]:
        fields = self._records.column(self._place, self._rows[places])
        return [_text(field, self._scan.header[self._place], self._scan) for field in fields]

    @cached_property
    def _all(self) -> list[str]:
        return self.some(np.arange(len(self)))


def _text(field: bytes, name: str, scan: Scan) -> str:
    """A field as the contract's own parser takes it."""
    text = decoded(field)
    if scan.is_resend:
        text = as_sent(text.strip())
    return plain_number(text, scan.dialect.numbers) if is_number(name) else text


def _as_written(
    problems: dict[int, list[Problem]], records: Records, rows: NDArray[np.intp], scan: Scan
) -> dict[int, list[Problem]]:
    """Numbers as the sender wrote them."""

    def written(row: int, problem: Problem) -> Problem:
        if not problem.value or not is_number(problem.field):
            return problem
        [field] = records.column(scan.header.index(problem.field), rows[row : row + 1])
        return replace(problem, value=decoded(field)[:80])

    return {row: [written(row, problem) for problem in found] for row, found in problems.items()}


def _resolved(records: Records, rows: NDArray[np.intp]) -> list[tuple[str, int]]:
    lines, batches = (
        [as_sent(decoded(field).strip()) for field in records.column(place, rows)]
        for place in (REJECT_COLUMNS.index("reject_line"), REJECT_COLUMNS.index("reject_of"))
    )
    return [
        (batch, int(line)) if batch and _is_line(line) else ("", 0)
        for batch, line in zip(batches, lines, strict=True)
    ]


def _is_line(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _refused(records: Records, row: int, problems: list[Problem], scan: Scan) -> Refused:
    original = records.original(row)[:LONGEST_RECORD]
    own = tuple(as_sent(decoded(field).strip()) for field in records.fields(row))
    return Refused(int(records.lines[row]), original, problems, own[scan.reject_columns :])
