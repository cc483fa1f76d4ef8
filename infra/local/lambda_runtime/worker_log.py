"""The lines a worker process writes, read as they come so that it never blocks on a full pipe."""

from __future__ import annotations

import os
import select
import threading
from typing import IO


class WorkerLog:
    """Reads a pipe in the background; `take` returns every line written up to now."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._unread = b""
        self.ended = threading.Event()
        os.set_blocking(pipe.fileno(), False)

    def follow(self) -> None:
        """Read until the process closes its end."""
        poll = select.poll()
        poll.register(self._pipe.fileno(), select.POLLIN)
        while not self.ended.is_set():
            poll.poll(1000)
            self._read_available()
        self._pipe.close()

    def take(self, *, wait_for_end: float = 0.0) -> list[str]:
        """The complete lines since the last call; of an ended process, the last words too.

        A worker writes its log before it posts its answer, so after an answer nothing is missed.
        """
        if wait_for_end:
            self.ended.wait(wait_for_end)
        self._read_available()
        with self._lock:
            text, self._unread = self._split(self._unread)
        # The runtime writes a many-line error as one line with carriage returns.
        return text.decode("utf-8", "replace").replace("\r", "\n").splitlines()

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        if self.ended.is_set():
            return data, b""
        head, newline, rest = data.rpartition(b"\n")
        return head + newline, rest

    def _read_available(self) -> None:
        with self._lock:
            while not self.ended.is_set():
                try:
                    data = os.read(self._pipe.fileno(), 65_536)
                except BlockingIOError:
                    return
                self._unread += data
                if not data:
                    self.ended.set()
