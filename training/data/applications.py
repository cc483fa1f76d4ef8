"""Read labelled applications as a branch's file is read: same dialects, same sentences."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import ID, TARGET
from credit_scoring.errors import DatasetError
from credit_scoring.reading.chunk import Refused, column_texts, read_chunk
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.reading.scan import Chunk, Duplicates, Scan, scan_text
from credit_scoring.reading.text.plain_text import PlainText, open_plain_text
from numpy.typing import NDArray
from tqdm import tqdm

CHUNK_ROWS = 20_000
CHUNK_BYTES = 64 << 20


@dataclass(frozen=True)
class LabelledPart:
    """Some of a file's applicants (n), with what stands under TARGET, as text."""

    applicants: Applicants
    outcomes: list[str]


@dataclass(frozen=True)
class LeftOut:
    """Rows of a kind that break the contract: how many, and the line of the first."""

    cause: str
    column: str
    rows: int
    first_line: int

    def __str__(self) -> str:
        where = f" in {self.column}" if self.column else ""
        return f"{self.rows} {self.cause}{where} (the first on line {self.first_line})"


class LabelledFile:
    """header : names as the contract writes them; left_out : known once every part was read"""

    def __init__(self, path: Path, text: "_ScannedText") -> None:
        self._path, self._text = path, text
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first_lines: dict[tuple[str, str], int] = {}
        self.header = text.scan.header

    @property
    def left_out(self) -> list[LeftOut]:
        return [
            LeftOut(cause, column, rows, self._first_lines[cause, column])
            for (cause, column), rows in self._counts.most_common()
        ]

    def parts(self) -> Iterator[LabelledPart]:
        """The applicants that keep the contract, in the file's order."""
        scan = self._text.scan
        bar = tqdm(
            desc=self._path.name, unit=" rows", unit_scale=True, disable=None, total=scan.rows
        )
        with bar:
            for chunk in scan.chunks:
                body = self._text.read(chunk)
                found = read_chunk(body, scan, chunk, self._text.duplicates_of(chunk))
                self._note(found.refused)
                outcomes = column_texts(body, scan, chunk, TARGET, found.lines)
                bar.update(chunk.records)
                yield LabelledPart(found.applicants, outcomes)

    def _note(self, refused: list[Refused]) -> None:
        for one in refused:
            kind = one.problems[0].cause, one.problems[0].field
            self._counts[kind] += 1
            self._first_lines.setdefault(kind, one.line)


@contextmanager
def open_labelled(path: Path) -> Iterator[LabelledFile]:
    """Look at the whole of a CSV, plain or packed, before its rows are read.

    Raises DatasetError, naming the file, for whatever makes a branch's file unusable, and when
    there is no outcome column or an applicant stands twice: they would weigh twice.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            text = _scan(file, path.stat().st_size, stack)
        except FileRefused as error:
            raise DatasetError(f"{path}: {error}") from None
        except OSError as error:
            raise DatasetError(f"{path} cannot be read: {error.strerror or error}") from error
        if TARGET not in text.scan.header:
            raise DatasetError(f"{path} has no column {TARGET}: outcomes are needed")
        _refuse_duplicates(text, path)
        yield LabelledFile(path, text)


@dataclass(frozen=True)
class _ScannedText:
    """file : the plain text, by whose bytes the chunks are told"""

    file: BinaryIO
    scan: Scan
    duplicates: Duplicates

    def read(self, chunk: Chunk) -> bytes:
        self.file.seek(chunk.start)
        return self.file.read(chunk.end - chunk.start)

    def duplicates_of(self, chunk: Chunk) -> NDArray[np.int64]:
        return self.duplicates.get(chunk.number, np.empty((0, 2), np.int64))


def _scan(file: BinaryIO, size: int, stack: ExitStack) -> _ScannedText:
    text = open_plain_text(file, size=size)
    if not text.is_original:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (the stack is one)
        text = replace(text, blocks=_copied(text, file))
    scan, duplicates = scan_text(text, chunk_rows=CHUNK_ROWS, chunk_bytes=CHUNK_BYTES)
    return _ScannedText(file, scan, duplicates)


def _copied(text: PlainText, copy: BinaryIO) -> Iterator[bytes]:
    for block in text.blocks:
        copy.write(block)
        yield block


def _refuse_duplicates(text: _ScannedText, path: Path) -> None:
    for chunk in text.scan.chunks:
        if (text.duplicates_of(chunk)[:, 1] > 0).any():
            body = text.read(chunk)
            refused = read_chunk(body, text.scan, chunk, text.duplicates_of(chunk)).refused
            line, problem = next(
                (one.line, problem)
                for one in refused
                for problem in one.problems
                if problem.cause == "duplicate_id"
            )
            raise DatasetError(
                f"{path}, line {line}: {ID} {problem.value} a second time ({problem.allowed}): "
                "keep one row of each applicant"
            )
