"""Child processes that never outlive the process that started them.

A group is led by a guardian: a shell that waits for the end of a pipe whose other end only the
owner holds. However the owner ends (return, Ctrl-C, SIGKILL), the pipe closes and the guardian
kills the whole group. This needs no `preexec_fn` (unsafe beside threads) and no Linux-only signal
(PR_SET_PDEATHSIG follows the thread that forked, not the process).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_GUARD = 'trap "" INT TERM HUP; read -r _; kill -KILL 0'


class ProcessGroup:
    """Starts processes in one group and ends them all, whatever happens to the owner.

    Outside of the terminal's foreground group, so Ctrl-C reaches the owner alone.
    """

    def __init__(self) -> None:
        self._guardian = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        self._started: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()

    def start(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdout: int | IO[bytes] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a command in the group; its standard error joins its standard output."""
        with self._lock:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=subprocess.STDOUT if stdout is not None else None,
                process_group=self._guardian.pid,
            )
            self._started = [p for p in self._started if p.poll() is None]
            self._started.append(process)
        return process

    def close(self, *, grace: float = 0.0) -> None:
        """Ask every process to end, wait up to `grace` seconds, then kill the group."""
        if self._guardian.poll() is not None:
            return
        if grace > 0:
            self._terminate(grace)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._guardian.pid, signal.SIGKILL)
        if self._guardian.stdin:
            self._guardian.stdin.close()
        for process in [*self._started, self._guardian]:
            process.wait()

    def _terminate(self, grace: float) -> None:
        for process in self._started:
            process.terminate()
        for process in self._started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=grace)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
