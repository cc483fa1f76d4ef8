"""Values of applicants as bytes, made of columns: faster than JSON and a fifth of its size.

    2 bytes   how long the head is
    head      JSON, deflated: names, words, kinds, decimals
    row       each value at its kind's fixed width, little-endian

Every row carries the head of its columns: what is read years later needs neither the contract of
its day nor another object. It is deflated against the lender's `packing.txt`, the beginning of the
head of a row with everything, so that the usual ones take a hundred bytes. That file stays as it is
for ever: what is stored is read with it. New columns are not in it and take some bytes more.

A column takes the narrowest kind that gives each of its values back to the bit: whole numbers,
decimals as whole numbers of tenths, hundredths and so on, floats, or words by their place in a
list. A missing value is the least whole number of its kind, or NaN.
"""

import json
import math
import struct
import sys
import zlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants, Array
from credit_scoring.contract.columns import INPUTS
from credit_scoring.lender import packing_text

# Codes of struct and of numpy alike.
_WHOLE_KINDS, _FLOAT_KINDS = "bhi", "fd"
# Money has two decimals, shares have four; more are rarely those of a decimal number.
_POWERS: Numbers = np.power(10.0, np.arange(7))
_HEAD_LENGTH = struct.Struct("<H")
# One head a chunk that brought applicants, of at most some 60 KB: who looks through all profiles
# meets them in no order, and reading a head takes five times what its row takes.
_HEADS_KEPT = 512


class PackedValues(Mapping[str, Any]):
    """What was packed of one applicant, unpacked once somebody looks."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed

    @cached_property
    def _values(self) -> dict[str, Any]:
        return unpack(self.packed)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __bool__(self) -> bool:
        return bool(self.packed)

    def __repr__(self) -> str:
        return f"PackedValues({len(self.packed)} bytes)"


@dataclass(frozen=True)
class _PackedColumn:
    """stored : (n), in its kind's range; decimals : what to divide by, as a power of ten"""

    name: str
    kind: str
    stored: NDArray[Any]
    decimals: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Head:
    """How the row behind it is read: of each column its name, what stands for missing, what to
    divide by, and its words.
    """

    row: struct.Struct
    columns: tuple[tuple[str, float, float, list[str]], ...]


def pack_applicants(applicants: Applicants, names: Container[str]) -> list[PackedValues]:
    """Of each applicant (n) the columns that are named, as `Applicants.record` gives them."""
    # What is added makes a zero of a zero below zero.
    packed = [
        _pack_words(name, values, INPUTS[name].categories)
        if INPUTS[name].is_category
        else _pack_numbers(name, values.astype(np.float64) + 0.0)
        for name, values in applicants.columns.items()
        if name in names
    ]
    return _pack(packed, len(applicants))


def pack_numbers(columns: Mapping[str, Numbers], rows: int) -> list[PackedValues]:
    """Likewise, of float64 columns (rows) with NaN for missing."""
    return _pack([_pack_numbers(name, values) for name, values in columns.items()], rows)


def pack_values(values: Mapping[str, Any]) -> PackedValues:
    """Of one applicant numbers and words by name: slow, and with a head of its own."""
    if isinstance(values, PackedValues):
        return values
    columns = [
        _pack_words(name, np.zeros(1, np.int32), (value,))
        if isinstance(value, str)
        else _pack_numbers(name, np.array([value], np.float64))
        for name, value in values.items()
    ]
    return _pack(columns, 1)[0]


def unpack(packed: bytes) -> dict[str, Any]:
    """The values that are there, whole numbers as such."""
    if not packed:
        return {}
    (length,) = _HEAD_LENGTH.unpack_from(packed)
    start = _HEAD_LENGTH.size
    head = _read_head(packed[start : start + length])
    row = head.row.unpack_from(packed, start + length)
    return {
        name: words[int(stored)] if words else _plain(stored, divisor)
        for (name, missing, divisor, words), stored in zip(head.columns, row, strict=True)
        if stored == stored and stored != missing
    }


def _plain(stored: float, divisor: float) -> float:
    if isinstance(stored, int) and divisor == 1:
        return stored
    number = stored / divisor
    # Zero below zero is a float, and no whole number.
    is_whole = number.is_integer() and (number != 0 or math.copysign(1, number) > 0)
    return int(number) if is_whole else number


def _pack(columns: list[_PackedColumn], rows: int) -> list[PackedValues]:
    """A row without any value is empty, however much its neighbours have."""
    there = [_is_there(column) for column in columns]
    kept = [column for column, found in zip(columns, there, strict=True) if found.any()]
    if not kept:
        return [PackedValues(b"")] * rows
    fields = [(str(place), f"<{column.kind}") for place, column in enumerate(kept)]
    table = np.empty(rows, fields)
    for (field, _), column in zip(fields, kept, strict=True):
        table[field] = column.stored
    head = _write_head(kept)
    text, width = table.tobytes(), table.itemsize
    has_values = np.logical_or.reduce(there).tolist()
    return [
        PackedValues(head + text[row * width : (row + 1) * width] if has_values[row] else b"")
        for row in range(rows)
    ]


def _write_head(columns: list[_PackedColumn]) -> bytes:
    head = [
        [column.name for column in columns],
        {column.name: column.words for column in columns if column.words},
        "".join(column.kind for column in columns),
        "".join(str(column.decimals) for column in columns),
    ]
    deflate = zlib.compressobj(9, zdict=packing_text())
    deflated = deflate.compress(json.dumps(head, separators=(",", ":")).encode())
    deflated += deflate.flush()
    return _HEAD_LENGTH.pack(len(deflated)) + deflated


@lru_cache(_HEADS_KEPT)
def _read_head(deflated: bytes) -> _Head:
    text = zlib.decompressobj(zdict=packing_text()).decompress(deflated)
    names, words, kinds, decimals = json.loads(text)
    columns = (
        (
            sys.intern(name),
            _missing(kind) if kind in _WHOLE_KINDS else math.nan,
            10.0 ** int(power),
            words.get(name, []),
        )
        for name, kind, power in zip(names, kinds, decimals, strict=True)
    )
    return _Head(struct.Struct(f"<{kinds}"), tuple(columns))


def _is_there(column: _PackedColumn) -> NDArray[np.bool_]:
    if column.kind in _FLOAT_KINDS:
        return ~np.isnan(column.stored)
    there: NDArray[np.bool_] = column.stored != _missing(column.kind)
    return there


def _pack_words(name: str, codes: Array, words: tuple[str, ...]) -> _PackedColumn:
    """codes : (n), places in words, -1 for missing"""
    kind = _narrowest(len(words))
    return _PackedColumn(name, kind, np.where(codes < 0, _missing(kind), codes), words=words)


def _pack_numbers(name: str, values: Numbers) -> _PackedColumn:
    there = ~np.isnan(values)
    for decimals in range(_fewest_decimals(values[there][:8]), len(_POWERS)):
        scaled, gives_back = _scale(values, _POWERS[decimals])
        if (gives_back | ~there).all():
            kind = _narrowest(np.fmax.reduce(np.abs(scaled), initial=0))
            return _PackedColumn(name, kind, np.where(there, scaled, _missing(kind)), decimals)
    with np.errstate(over="ignore"):
        kind = "f" if np.array_equal(values.astype(np.float32), values, equal_nan=True) else "d"
    return _PackedColumn(name, kind, values)


def _fewest_decimals(some: Numbers) -> int:
    """That give some values back; of a column of floats the first few tell that none do."""
    _, gives_back = _scale(some, _POWERS.reshape(-1, 1))
    return int(np.append(gives_back.all(axis=1), True).argmax())


def _scale(values: Numbers, power: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """Whole numbers, and which of them give their value back; zero below zero does not."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled: Numbers = np.rint(values * power)
        gives_back = (scaled / power == values) & (np.abs(scaled) <= np.iinfo(np.int32).max)
    return scaled, gives_back & ~((scaled == 0) & np.signbit(values))


def _narrowest(largest: float) -> str:
    return next(kind for kind in _WHOLE_KINDS if largest <= np.iinfo(kind).max)


def _missing(kind: str) -> int:
    return int(np.iinfo(kind).min)
