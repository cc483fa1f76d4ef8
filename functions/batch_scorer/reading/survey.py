"""One look at the whole file: what a chunk must know of the rest to be read alone."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from functions.batch_scorer.reading.dialect import Dialect
from functions.batch_scorer.reading.plain_text import PlainText

# By chunk, (m, 2): the line of a record whose id stood in the file before, and the line of the
# first record with it.
type Duplicates = dict[int, NDArray[np.int64]]


@dataclass(frozen=True)
class Chunk:
    """Some records of the file, read alone.

    start, end : bytes of the plain text; what lies between two chunks is blank or the header
    first_line : the line of the file at `start`, from 1
    """

    number: int
    start: int
    end: int
    first_line: int
    records: int


@dataclass(frozen=True)
class Survey:
    """What is true of the whole file.

    header : names as the contract writes them, else as the sender does, without spaces around;
        those of a rejects file come first in a resend
    rows : records, refused ones too: the sum over all chunks
    table_ends_at : the line where the header of another table stands, if there is one
    ignored_columns : what the contract does not know
    is_resend : the file is one of our rejects files, repaired
    """

    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    chunks: tuple[Chunk, ...]
    rows: int
    table_ends_at: int | None
    ignored_columns: tuple[str, ...]
    is_resend: bool

    def to_json(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        raise NotImplementedError


def survey_text(text: PlainText, *, chunk_rows: int, chunk_bytes: int) -> tuple[Survey, Duplicates]:
    """Read the text once, to its end.

    chunk_rows, chunk_bytes : the most that a chunk holds; a single record may be longer

    Raises DatasetError, saying what to do, when the file as a whole cannot be used; EmptyDataset
    when it holds no record. Memory is bounded by a block, and 16 bytes for each duplicate.
    """
    raise NotImplementedError
