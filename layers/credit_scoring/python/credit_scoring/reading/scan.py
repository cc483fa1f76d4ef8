"""One look at the whole file: what a chunk must know of the rest to be read alone."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.columns import ID
from credit_scoring.reading.cutting.chunk_list import Chunk as Chunk
from credit_scoring.reading.cutting.chunk_list import ChunkList
from credit_scoring.reading.cutting.records import Records, cut_records
from credit_scoring.reading.cutting.window import Window
from credit_scoring.reading.dialect import Dialect
from credit_scoring.reading.duplicates import SeenIds, plain_id
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.reading.header import BOM, Header, count_reject_columns, find_header
from credit_scoring.reading.number_evidence import NumberEvidence
from credit_scoring.reading.tables import find_headers
from credit_scoring.reading.text.plain_text import PlainText
from credit_scoring.reading.torn import TornRows

# So many rows that do not fit the header, most of all, are no table; and each of them, sent back
# with its cause, would be many times as long as it was.
MOST_MISFITS = 20_000
# Bytes that are cut at a time: if each were a line, their places would fill 10 MB.
_STEP = 1 << 18
# By chunk, (m, 2): the line of a record that is refused because of another, and the other's line:
# the first record with the same id; or, negative, what may be the rest of a torn row.
type Duplicates = dict[int, NDArray[np.int64]]


@dataclass(frozen=True)
class Scan:
    """What is true of the whole file.

    header : names as the contract writes them, else as the sender does, without spaces around;
        those of a rejects file come first in a resend
    rows : records, refused ones too: the sum over all chunks
    table_ends_at : the line where the header of another table stands, if there is one
    ignored_columns : what the contract does not know
    renamed_columns : what was sent, and as which name of the contract it is read, where they differ
    empty_rows : lines of delimiters alone, which are skipped
    """

    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    chunks: tuple[Chunk, ...]
    rows: int
    table_ends_at: int | None
    ignored_columns: tuple[str, ...]
    empty_rows: int = 0
    renamed_columns: tuple[tuple[str, str], ...] = ()

    @property
    def reject_columns(self) -> int:
        """How many columns of a rejects file come first; 0 where it is none."""
        return count_reject_columns(self.header)

    @property
    def is_resend(self) -> bool:
        """Whether the file is one of our rejects files, repaired."""
        return self.reject_columns > 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        read = {
            "dialect": Dialect(**plain["dialect"]),
            "header": tuple(plain["header"]),
            "chunks": tuple(Chunk(**chunk) for chunk in plain["chunks"]),
            "ignored_columns": tuple(plain["ignored_columns"]),
            # A plan of before told none.
            "renamed_columns": tuple(map(tuple, plain.get("renamed_columns", ()))),
        }
        return cls(**plain | read)


def scan_text(text: PlainText, *, chunk_rows: int, chunk_bytes: int) -> tuple[Scan, Duplicates]:
    """Read the text once, to its end.

    chunk_rows, chunk_bytes : the most that a chunk holds; a single record may be longer

    Raises FileRefused, saying what to do, when the file as a whole cannot be used. Memory is
    bounded by a block, and 16 bytes for each record that is refused because of another.
    """
    window = Window(text.blocks)
    marked = window.text.startswith(BOM)
    header = find_header(window.text)
    chunks = ChunkList(chunk_rows, chunk_bytes)
    for record in header.preamble:
        chunks.add_one(record)
    evidence, torn = NumberEvidence(header.names), TornRows(header.names)
    table_ends_at: int | None = None
    empty_rows = misfits = 0
    with SeenIds() as seen:
        for records in _all_records(window, header):
            chunks.add(window.offset, records)
            torn.add(window.offset, records)
            empty_rows += records.skipped
            misfits += int((records.counts != len(header.names)).sum())
            if misfits > MOST_MISFITS and 2 * misfits > chunks.rows:
                raise FileRefused("no_table", misfits=misfits, columns=len(header.names))
            if table_ends_at is None:
                evidence.add(records)
                table_ends_at = _note_ids(seen, records, header)
        pairs = np.concatenate([seen.duplicates(), torn.lines])
    if chunks.rows == len(header.preamble):
        raise FileRefused("header_only")
    encoding = text.encoding or window.encoding(marked=marked)
    numbers = evidence.numbers
    scan = Scan(
        dialect=Dialect(
            header.delimiter,
            numbers.decimal,
            header.newline,
            encoding,
            numbers.grouping,
            numbers.doubtful,
        ),
        header=header.names,
        header_line=header.record.line,
        chunks=chunks.all(),
        rows=chunks.rows,
        table_ends_at=table_ends_at,
        ignored_columns=header.ignored_columns,
        empty_rows=empty_rows,
        renamed_columns=header.renamed,
    )
    return scan, _by_chunk(scan.chunks, pairs)


def _all_records(window: Window, header: Header) -> Iterator[Records]:
    start, line = header.record.after, header.record.line + 1
    delimiter, width = header.delimiter.encode(), len(header.names)
    while True:
        stop = min(window.stop, start + _STEP)
        records = cut_records(window.text, start, stop, line=line, delimiter=delimiter, width=width)
        yield records
        start, line = records.after, records.line
        if start >= window.stop:
            if window.is_last:
                return
            window.move(start)
            start = 0


def _note_ids(seen: SeenIds, records: Records, header: Header) -> int | None:
    """Ids of records that fit the header; the line where another table begins, if one does."""
    repeated, other = find_headers(records, header.names)
    fits = records.counts == len(header.names)
    fits[repeated] = False
    if other is not None:
        fits[other:] = False
    rows = np.flatnonzero(fits)
    fields = records.column(header.names.index(ID), rows)
    is_resend = count_reject_columns(header.names) > 0
    seen.add(
        [plain_id(field, is_resend=is_resend) for field in fields], records.lines[rows].tolist()
    )
    return None if other is None else int(records.lines[other])


def _by_chunk(chunks: tuple[Chunk, ...], pairs: NDArray[np.int64]) -> Duplicates:
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    first_lines = [chunk.first_line for chunk in chunks]
    numbers = np.searchsorted(first_lines, pairs[:, 0], "right") - 1
    ends = np.searchsorted(numbers, np.arange(len(chunks)), "right")
    parts = np.split(pairs, ends[:-1])
    return {number: part for number, part in enumerate(parts) if len(part)}
