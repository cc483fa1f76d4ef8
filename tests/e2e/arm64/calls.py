"""Calls of the kernel as data: made here in this process, or anywhere by harness.c."""

import ctypes
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from credit_scoring.native.library import Filled
from numpy.typing import NDArray

type Array = NDArray[Any]
type Argument = Array | int


@dataclass(frozen=True)
class Memory:
    """A structure of the kernel; links : the arrays that its fields point to, by field."""

    structure: Any
    links: Mapping[str, Array]

    @classmethod
    def of(cls, filled: Filled) -> "Memory":
        names = [name for name, kind in filled.structure._fields_ if kind is ctypes.c_void_p]
        return cls(filled.structure, dict(zip(names, filled.arrays, strict=True)))


@dataclass(frozen=True)
class Call:
    """function : its name; memories : its first arguments, structures; others : the further ones"""

    function: str
    memories: list[Memory]
    others: list[Argument]

    def here(self, library: ctypes.CDLL) -> list[bytes]:
        """Every array as it is after the call in this process; this call's own do not change."""
        arrays = [array.copy() for array in self._arrays()]
        at = dict(zip(map(id, self._arrays()), arrays, strict=True))
        structures = [type(m.structure).from_buffer_copy(m.structure) for m in self.memories]
        for memory, own in zip(self.memories, structures, strict=True):
            for name, array in memory.links.items():
                setattr(own, name, at[id(array)].ctypes.data)
        others = [
            ctypes.c_int64(other) if isinstance(other, int) else at[id(other)].ctypes.data_as(
                ctypes.c_void_p
            )
            for other in self.others
        ]  # fmt: skip
        getattr(library, self.function)(*map(ctypes.byref, structures), *others)
        return [array.tobytes() for array in arrays]

    def write(self, path: Path) -> None:
        """As harness.c reads it: structures first, then arrays."""
        arrays, numbers = self._arrays(), {}
        numbers = {id(array): len(self.memories) + n for n, array in enumerate(arrays)}
        links = [
            (owner, getattr(type(memory.structure), name).offset, numbers[id(array)])
            for owner, memory in enumerate(self.memories)
            for name, array in memory.links.items()
        ]
        given = [(1, owner) for owner in range(len(self.memories))] + [
            (0, other) if isinstance(other, int) else (1, numbers[id(other)])
            for other in self.others
        ]
        buffers = [bytes(m.structure) for m in self.memories] + [a.tobytes() for a in arrays]
        words = [len(buffers), len(links), len(given)]
        sizes = [len(buffer) for buffer in buffers]
        with path.open("wb") as file:
            file.write(struct.pack("<3q32s", *words, self.function.encode()))
            for row in (sizes, *links, *given):
                file.write(struct.pack(f"<{len(row)}q", *row))
            file.writelines(buffers)

    def read(self, path: Path) -> list[bytes]:
        """Every array as harness.c left it; structures are full of addresses."""
        data = path.read_bytes()
        place = 8 + sum(len(bytes(memory.structure)) for memory in self.memories)
        found = []
        for array in self._arrays():
            found.append(data[place : place + array.nbytes])
            place += array.nbytes
        assert place == len(data)
        return found

    def _arrays(self) -> list[Array]:
        linked = [array for memory in self.memories for array in memory.links.values()]
        return [*linked, *(other for other in self.others if not isinstance(other, int))]


def empty(*shape: int, kind: type = np.float64) -> Array:
    """Room for results: never what they happen to be."""
    return np.full(shape, 77, kind)
