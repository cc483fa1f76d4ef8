"""Ids that stand in a file more than once: found exactly, however long the file is."""

import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.applicants import is_id
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.formulas import as_sent

# Ids of one part are looked at together: an id is always in the same part.
_PARTS = 64
# What is kept in memory before it goes to disk.
_WAITING = 100_000


def plain_id(field: bytes, *, is_resend: bool) -> str:
    """An id as it is scored: without spaces around, or the apostrophe of a rejects file."""
    text = decoded(field).strip()
    return as_sent(text) if is_resend else text


class SeenIds:
    """Takes ids with their lines, in the order of the file."""

    def __init__(self) -> None:
        self._waiting: list[list[str]] = [[] for _ in range(_PARTS)]
        self._count = 0
        self._files: list[IO[str]] = []
        self._open_files = ExitStack()

    def __enter__(self) -> "SeenIds":
        return self

    def __exit__(self, *_: object) -> None:
        self._open_files.close()

    def add(self, ids: Iterable[str], lines: Iterable[int]) -> None:
        """Texts that can be no id are left out: they are refused for that."""
        for applicant_id, line in zip(ids, lines, strict=True):
            if is_id(applicant_id):
                self._waiting[hash(applicant_id) % _PARTS].append(f"{applicant_id} {line}\n")
                self._count += 1
        if self._count > _WAITING:
            self._write_down()

    def duplicates(self) -> NDArray[np.int64]:
        """int64 (m, 2), in any order: a line whose id stood before, and the first line with it."""
        found = array("q")
        for part in range(_PARTS):
            first: dict[str, int] = {}
            for entry in self._entries(part):
                applicant_id, _, line = entry.partition(" ")
                earlier = first.setdefault(applicant_id, int(line))
                if earlier != int(line):
                    found.extend((int(line), earlier))
        return np.array(found, np.int64).reshape(-1, 2)

    def _entries(self, part: int) -> Iterator[str]:
        if self._files:
            self._files[part].seek(0)
            yield from self._files[part]
        yield from self._waiting[part]

    def _write_down(self) -> None:
        if not self._files:
            for _ in range(_PARTS):
                file = tempfile.TemporaryFile("w+", encoding="ascii", newline="\n")  # noqa: SIM115
                self._files.append(self._open_files.enter_context(file))
        for part, waiting in enumerate(self._waiting):
            self._files[part].writelines(waiting)
            waiting.clear()
        self._count = 0
