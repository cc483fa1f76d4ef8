"""The compiled kernel, where there is one for this machine; numpy gives the same bits without it.

`layers/kernel.py` builds kernel.c into a library beside it, which is part of the package and of the
layer. A library that is missing, was built from another source, does not load, or needs a processor
that this machine has not is not used. `compiled` calls it.
"""

import ctypes
import hashlib
import logging
import platform
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("kernel.c")
MACHINES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}
# x86-64-v3, which the library for x86_64 is built for.
NEEDED: dict[str, set[str]] = {
    "arm64": set(),
    "x86_64": {"avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"},
}

# Characters that `sealed` adds.
SEAL = 64

_log = logging.getLogger(__name__)


def library_path(machine: str) -> Path:
    return SOURCE.with_name(f"kernel-{machine}.so")


@cache
def library() -> ctypes.CDLL | None:
    """The library for this machine, or None."""
    try:
        return _load(MACHINES.get(platform.machine().lower(), ""))
    except (OSError, ValueError, AttributeError) as reason:
        _log.debug("no compiled kernel: %s", reason)
        return None


def sealed(library: bytes, source: bytes) -> bytes:
    """The library with a hash of itself and its source behind it, where no loader looks.

    A library of an older source would read the wrong numbers; a truncated one would end the process
    as it is loaded, and no exception could be caught.
    """
    return library + hashlib.sha256(source + library).hexdigest().encode()


def _load(machine: str) -> ctypes.CDLL:
    path = library_path(machine)
    if not path.is_file():
        raise FileNotFoundError(path)
    if not NEEDED[machine] <= _processor_features():
        raise ValueError("this processor lacks instructions that it uses")
    data = path.read_bytes()
    if data != sealed(data[:-SEAL], SOURCE.read_bytes()):
        raise ValueError("it is damaged or was built from another source")
    found = ctypes.CDLL(str(path))
    for function in (found.explain_by_tables, found.explain_by_leaf):
        function.restype = None
    return found


def _processor_features() -> set[str]:
    """What Linux says of the first processor."""
    with Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as file:
        flags = next((line for line in file if line.startswith("flags")), "")
    return set(flags.split())
