"""A request of the emulator to itself, by the same door as from outside, and without a socket.

Over a socket it would need a thread and a connection of its own, and the event loop that sent it
would read it again: a third of the time of a short call.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from infra.local.ports import HOST

Scope = dict[str, Any]
Message = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]
# Methods whose request says how long its body is, also where it has none.
_WITH_LENGTH: Final = frozenset({"PATCH", "POST", "PUT"})
# What runs past its caller's patience ends by itself; a task that nobody holds may be collected.
_running: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class InnerRequest:
    """path : as it is sent, quoted; query : without its question mark"""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def scope(self) -> Scope:
        """As the server hands a request over."""
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": unquote(self.path),
            "raw_path": self.path.encode("ascii"),
            "query_string": self.query.encode("ascii"),
            "root_path": "",
            "headers": self._header_list(),
            "client": (HOST, 0),
            "server": (HOST, 0),
        }

    def _header_list(self) -> list[tuple[bytes, bytes]]:
        sent = {name.lower(): value for name, value in self.headers.items()}
        sent.setdefault("accept-encoding", "identity")
        if self.body or self.method in _WITH_LENGTH:
            sent["content-length"] = str(len(self.body))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]


@dataclass
class InnerAnswer:
    """What the application sends."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    complete: bool = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", [])
            ]
        elif message["type"] == "http.response.body":
            self.chunks.append(message.get("body", b""))
            self.complete = not message.get("more_body", False)


async def ask_itself(
    application: Application,
    request: InnerRequest,
    *,
    context: contextvars.Context,
    seconds: float,
) -> InnerAnswer:
    """The whole answer.

    context : what a request from outside would begin with: nothing of the asking one's
    seconds : after them TimeoutError; what was asked goes on, as behind a closed connection
    Raises ConnectionError where a connection would have ended before the answer did.
    """
    answer = InnerAnswer()
    asked = application(request.scope, _receiver(request.body), answer.send)
    task = asyncio.get_running_loop().create_task(_finish(asked), context=context.copy())
    _running.add(task)
    task.add_done_callback(_running.discard)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        raise TimeoutError(f"no answer within {seconds} s")
    if task.exception() is not None or not answer.complete:
        raise ConnectionError("the answer broke off") from task.exception()
    return answer


async def _finish(asked: Awaitable[None]) -> None:
    await asked


def _receiver(body: bytes) -> Callable[[], Awaitable[Message]]:
    """The whole body at once, then nothing: nobody hangs up."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if left:
            return left.pop()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    return receive
