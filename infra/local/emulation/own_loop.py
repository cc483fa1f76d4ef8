"""One event loop for what threads of the emulator have to await, kept from call to call.

`asyncio.run` makes a loop for each call, and to end it looks through all tasks of the process.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


class OwnLoop:
    """Runs one coroutine at a time, in whichever thread asks; not from within a running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()

    def run[Found](self, coroutine: Coroutine[Any, Any, Found]) -> Found:
        with self._lock:
            return self._loop.run_until_complete(coroutine)
