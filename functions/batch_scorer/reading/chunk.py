"""The records of one chunk: validated, or refused with the reason."""

from dataclasses import dataclass

import numpy as np
from credit_scoring.applicants import Applicants
from credit_scoring.errors import Problem
from numpy.typing import NDArray

from functions.batch_scorer.reading.survey import Chunk, Survey


@dataclass(frozen=True, slots=True)
class Refused:
    """line : where the record begins; original : as it was sent, without its newline, bounded"""

    line: int
    original: bytes
    problems: list[Problem]


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


def read_chunk(
    body: bytes, survey: Survey, chunk: Chunk, duplicates: NDArray[np.int64]
) -> ReadChunk:
    """Read the records of one chunk; nothing else of the file is needed.

    body : bytes `chunk.start` to `chunk.end` of the plain text
    duplicates : int64 (m, 2), what the survey found for this chunk; (0, 2) for none
    """
    raise NotImplementedError
