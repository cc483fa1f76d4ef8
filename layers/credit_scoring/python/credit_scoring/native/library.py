"""The compiled kernel, where there is one for this machine; numpy gives the same bits without it.

`layers/kernel.py` builds the C sources into a library here, part of the package and of the layer. A
library that is missing, was built from another source, does not load, or needs a processor that
this machine has not is not used. `contributions` and `tables` beside it call it, and
`reading/cutting/compiled`.
"""

import ctypes
import hashlib
import logging
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = Path(__file__).parent.parent
SOURCES = [
    PACKAGE / name
    for name in ("native/kernel.c", "native/kernel_tables.c", "reading/cutting/compiled.c")
]
MACHINES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}
# x86-64-v3, which the library for x86_64 is built for.
NEEDED: dict[str, set[str]] = {
    "arm64": set(),
    "x86_64": {"avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"},
}

# Characters of a hash, and those that `sealed` adds.
_HASH = 64
SEAL = 2 * _HASH

_log = logging.getLogger(__name__)


def library_path(machine: str) -> Path:
    return Path(__file__).with_name(f"kernel-{machine}.so")


@cache
def library() -> ctypes.CDLL | None:
    """The library for this machine, or None."""
    try:
        return _load(MACHINES.get(platform.machine().lower(), ""))
    except (OSError, ValueError, AttributeError) as reason:
        _log.debug("no compiled kernel: %s", reason)
        return None


def read_sources() -> bytes:
    return b"".join(path.read_bytes() for path in SOURCES)


def sealed(library: bytes, source: bytes) -> bytes:
    """The library with a hash of its source and one of both behind it, where no loader looks.

    A library of an older source would read the wrong numbers; a truncated one would end the process
    as it is loaded, and no exception could be caught.
    """
    marked = library + _hash(source)
    return marked + _hash(marked)


def _is_ours(data: bytes) -> bool:
    """Whole, and of these sources; a layer leaves them out, and its library was built with it."""
    marked = data[:-_HASH]
    if data[-_HASH:] != _hash(marked):
        return False
    return not SOURCES[0].exists() or marked[-_HASH:] == _hash(read_sources())


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def _load(machine: str) -> ctypes.CDLL:
    path = library_path(machine)
    if not path.is_file():
        raise FileNotFoundError(path)
    if not NEEDED[machine] <= _processor_features():
        raise ValueError("this processor lacks instructions that it uses")
    if not _is_ours(path.read_bytes()):
        raise ValueError("it is damaged or was built from another source")
    found = ctypes.CDLL(str(path))
    for function in (
        found.explain_by_tables, found.explain_by_leaf, found.fill_tables, found.open_groups,
        found.read_fields,
        found.tell_numbers,
    ):  # fmt: skip
        function.restype = None
    for counting in (found.space_needed, found.cut_records):
        counting.restype = ctypes.c_int64
    return found


def _processor_features() -> set[str]:
    """What Linux says of the first processor."""
    with Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as file:
        flags = next((line for line in file if line.startswith("flags")), "")
    return set(flags.split())


def structure(*names: str) -> type[ctypes.Structure]:
    """Fields of 8 bytes as in kernel.c: `i:` an integer, `f:` a number, `p:` an array."""
    types = {"i": ctypes.c_int64, "f": ctypes.c_double, "p": ctypes.c_void_p}
    fields = [(name[2:], types[name[0]]) for name in names]
    return type("Structure", (ctypes.Structure,), {"_fields_": fields})


@dataclass(frozen=True)
class Layout:
    """A structure of kernel.c: what each of its fields holds, in their order.

    types : by name; `int` and `float` are fields of 8 bytes, a numpy type points to an array of it
    """

    types: dict[str, type]

    @cached_property
    def _structure(self) -> type[ctypes.Structure]:
        kinds = {int: "i", float: "f"}
        return structure(*(f"{kinds.get(t, 'p')}:{name}" for name, t in self.types.items()))

    def fill(self, values: Mapping[str, Any]) -> "Filled":
        """A structure with these values; KeyError when one is missing."""
        arrays: dict[str, NDArray[Any]] = {
            name: np.ascontiguousarray(np.ravel(values[name]), kind)
            for name, kind in self.types.items()
            if kind not in (int, float)
        }
        pointers = {name: array.ctypes.data for name, array in arrays.items()}
        sizes = {name: values[name] for name in self.types if name not in arrays}
        return Filled(self._structure(**sizes, **pointers), tuple(arrays.values()))


@dataclass(frozen=True)
class Filled:
    """A structure for the kernel; arrays : what it points to, kept alive."""

    structure: Any
    arrays: tuple[NDArray[Any], ...]


def joined(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
    """The parts one after the other, flat; empty when there is none."""
    return np.concatenate([np.empty(0), *(np.ravel(part) for part in parts)])


def pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)
