"""Calls of the compiled kernel that cut text into records and read their fields.

Every caller can do the same without it; where there is no kernel, the functions return None.
"""

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.columns import INPUTS
from credit_scoring.native.library import library, structure

# What one call fills: 640 kB of records, and 8 MB of spans, or one record of any width.
MOST_RECORDS = 1 << 14
MOST_FIELDS = 1 << 20
# Places are int32.
LONGEST_TEXT = 1 << 31

_CUTTING = structure(
    *("i:length", "i:stop", "i:width", "i:delimiter", "i:most_records", "i:most_rows"),
    *("p:text", "p:records", "p:spans"),
)
_PROGRESS = structure("i:start", "i:line", "i:rows", "i:skipped")
_READING = structure(
    *("i:rows", "i:width", "i:mark", "p:text", "p:spans", "p:row", "p:kind", "p:slot"),
    *("p:first_word", "p:word_start", "p:words", "p:numbers", "p:codes", "p:unsure"),
)
_TELLING = structure("i:rows", "i:width", "i:columns", "p:text", "p:spans", "p:place", "p:told")
_NUMBER, _WORD = 1, 2
# What marks are in a field: none, of few characters or of more; one alone among digits, which can
# only be a decimal mark, or may be one of thousands as well; any other.
UNMARKED, LONG_UNMARKED, POINT_ALONE, COMMA_ALONE, POINT_EITHER, COMMA_EITHER, MARKED = range(7)


@dataclass(frozen=True)
class Cut:
    """records : int64 (m, 5): start, end, after, line, count of fields

    spans : int32 (k, width, 2), of the records with `width` fields: where each begins and ends,
        without its quotes; ~end where a quote inside is doubled
    after, line : where to go on; skipped : lines of delimiters alone that lie between
    """

    records: NDArray[np.int64]
    spans: NDArray[np.int32]
    after: int
    line: int
    skipped: int


class LineTooLong(ValueError):
    """line : which one"""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} is too long")


def cut_text(
    text: bytes, start: int, stop: int, *, line: int, delimiter: bytes, width: int
) -> Cut | None:
    """Records that begin in [start, stop).

    Raises LineTooLong.
    """
    kernel = library()
    if kernel is None or len(text) >= LONGEST_TEXT:
        return None
    rows = max(1, min(MOST_RECORDS, MOST_FIELDS // width))
    records = np.empty((MOST_RECORDS, 5), np.int64)
    spans = np.empty((rows, width, 2), np.int32)
    task = _CUTTING(
        *(len(text), min(stop, len(text)), width, delimiter[0], MOST_RECORDS, rows),
        *(_address(text), records.ctypes.data, spans.ctypes.data),
    )
    progress: Any = _PROGRESS(max(start, 0), line, 0, 0)
    parts: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []
    while progress.start < stop:
        count = kernel.cut_records(ctypes.byref(task), ctypes.byref(progress))
        if count < 0:
            raise LineTooLong(progress.line)
        parts.append((records[:count], spans[: progress.rows]))
        if progress.start < stop:
            parts[-1] = (records[:count].copy(), spans[: progress.rows].copy())
    if len(parts) == 1:
        return Cut(*parts[0], progress.start, progress.line, progress.skipped)
    return Cut(
        np.concatenate([part for part, _ in parts] or [records[:0]]),
        np.concatenate([part for _, part in parts] or [spans[:0]]),
        progress.start,
        progress.line,
        progress.skipped,
    )


@dataclass(frozen=True)
class ReadFields:
    """values : by name, (n), as Applicants store them; unsure : by name, where they say nothing"""

    values: Mapping[str, NDArray[Any]]
    unsure: Mapping[str, NDArray[np.bool_]]


def read_fields(
    text: bytes, spans: NDArray[np.int32], rows: NDArray[np.intp], names: Sequence[str], mark: str
) -> ReadFields | None:
    """Numbers and words of some rows.

    spans : int32 (k, width, 2), as `cut_text` gives them for this text; rows : which of them
    names : of the columns; mark : the decimal mark
    """
    kernel = library()
    if kernel is None:
        return None
    width, count = len(names), len(rows)
    if spans.shape[1:] != (width, 2) or (count and int(rows.max()) >= len(spans)):
        raise ValueError(f"spans {spans.shape} do not fit {width} columns")
    if count and int(rows.min()) < 0:
        raise ValueError("a row before the first")
    plan = _plan(tuple(names))
    numbers = np.empty((len(plan.numbers), count))
    codes = np.empty((len(plan.words), count), np.int32)
    unsure = np.zeros((width, count), np.bool_)
    spans, index = np.ascontiguousarray(spans, np.int32), np.ascontiguousarray(rows, np.int64)
    task = _READING(
        *(count, width, ord(mark), _address(text), spans.ctypes.data, index.ctypes.data),
        *(plan.kind.ctypes.data, plan.slot.ctypes.data, plan.first_word.ctypes.data),
        *(plan.word_start.ctypes.data, plan.blob.ctypes.data),
        *(numbers.ctypes.data, codes.ctypes.data, unsure.ctypes.data),
    )
    kernel.read_fields(ctypes.byref(task))
    place = {name: n for n, name in enumerate(names)}
    values: dict[str, NDArray[Any]] = dict(zip(plan.numbers, numbers, strict=True))
    values |= dict(zip(plan.words, codes, strict=True))
    return ReadFields(values, {name: unsure[place[name]] for name in values})


def tell_numbers(text: bytes, spans: NDArray[np.int32], places: Sequence[int]) -> NDArray[np.uint8]:
    """What marks are in each field, uint8 (k, columns): see UNMARKED.

    spans : int32 (k, width, 2), as `cut_text` gives them for this text; places : of the columns
    """
    kernel = library()
    assert kernel is not None  # it cut the text
    rows, width, _ = spans.shape
    told = np.empty((rows, len(places)), np.uint8)
    place = np.array(places, np.int64)
    if len(place) and not 0 <= place.min() <= place.max() < width:
        raise ValueError(f"no such fields of {width}: {places}")
    spans = np.ascontiguousarray(spans, np.int32)
    task = _TELLING(
        *(rows, width, len(places), _address(text)),
        *(spans.ctypes.data, place.ctypes.data, told.ctypes.data),
    )
    kernel.tell_numbers(ctypes.byref(task))
    return told


@dataclass(frozen=True)
class _Plan:
    """numbers, words : names of columns; the rest as in compiled.c"""

    numbers: list[str]
    words: list[str]
    kind: NDArray[np.uint8]
    slot: NDArray[np.int32]
    first_word: NDArray[np.int32]
    word_start: NDArray[np.int32]
    blob: NDArray[np.uint8]


@lru_cache(maxsize=8)
def _plan(names: tuple[str, ...]) -> _Plan:
    kind, slot = np.zeros(len(names), np.uint8), np.zeros(len(names), np.int32)
    found: dict[int, list[str]] = {_NUMBER: [], _WORD: []}
    for place, name in enumerate(names):
        if name in INPUTS and INPUTS[name].type != "id":
            kind[place] = _WORD if INPUTS[name].is_category else _NUMBER
            slot[place] = len(found[int(kind[place])])
            found[int(kind[place])].append(name)
    columns = [INPUTS[name].categories for name in found[_WORD]]
    words = [word.encode() for column in columns for word in column]
    return _Plan(
        numbers=found[_NUMBER],
        words=found[_WORD],
        kind=kind,
        slot=slot,
        first_word=np.cumsum([0, *map(len, columns)], dtype=np.int32),
        word_start=np.cumsum([0, *map(len, words)], dtype=np.int32),
        blob=np.frombuffer(b"".join(words) or b"\0", np.uint8),
    )


def _address(text: bytes) -> int:
    """Where the bytes lie; the caller keeps them alive."""
    return ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0
