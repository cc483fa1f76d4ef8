"""The processes of a function, ended so that the next call starts one that knows nothing.

A warm process holds a model, a checked seal, secrets: with them it would go on for a while without
the permission that it needed to get them.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from infra.local.errors import ToolMissing


def require_processes() -> None:
    """Raises ToolMissing where processes cannot be told apart, and so not be ended."""
    if not Path("/proc/self/environ").exists():
        raise ToolMissing("/proc", advice="run it on Linux")


def end_workers(endpoint: str, functions: Collection[str]) -> int:
    """Those of these functions, of all their versions, that work with this emulator; how many.

    endpoint : the emulator's address, which no other emulator's workers have
    """
    found = [
        process
        for process, environment in _environments()
        if f"AWS_ENDPOINT_URL={endpoint}" in environment
        and any(f"AWS_LAMBDA_FUNCTION_NAME={name}" in environment for name in functions)
    ]
    for process in found:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    for process in found:  # one that is not gone yet would be given the next call
        while _runs(process):
            time.sleep(0.005)
    return len(found)


def _runs(process: int) -> bool:
    """Not one that only waits for its parent to look at it, all its threads gone."""
    folder = Path(f"/proc/{process}")
    try:
        threads = len(list((folder / "task").iterdir()))
        state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return threads > 1 or state not in "ZX"


def _environments() -> Iterator[tuple[int, frozenset[str]]]:
    """Of every process that this user may look at."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            content = (folder / "environ").read_bytes().decode(errors="replace")
            yield int(folder.name), frozenset(content.split("\0"))
