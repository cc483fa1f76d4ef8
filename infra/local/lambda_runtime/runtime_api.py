"""The Lambda Runtime API of one worker: what a real runtime client talks to inside AWS.

One server (one port on 127.0.0.1) per worker process, because the protocol does not say which
worker is asking: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Literal

RESPONSE_LIMIT: Final = 6_291_556  # bytes; AWS's limit of a synchronous answer
_PREFIX: Final = "/2018-06-01/runtime"

Kind = Literal["response", "error", "init-error", "too-large", "exit"]


@dataclass(frozen=True)
class Invocation:
    """One event for the worker. `deadline_ms` is Unix time in milliseconds."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    trace_id: str = ""


@dataclass(frozen=True)
class InvocationResult:
    """What came back: the handler's response, its error, or the end of the process."""

    kind: Kind
    body: bytes = b""


class RuntimeApi:
    """Hands invocations to one worker and collects its answers."""

    def __init__(self) -> None:
        self.asked_for_work = threading.Event()
        self.invocations: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[InvocationResult] = queue.SimpleQueue()
        self._server = _Server(self)
        threading.Thread(target=self._serve, daemon=True, name="runtime-api").start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Let the waiting request end and free the port; returns at once."""
        self.invocations.put(None)
        threading.Thread(target=self._server.shutdown, daemon=True).start()

    def _serve(self) -> None:
        with self._server:
            self._server.serve_forever(poll_interval=0.5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # a killed worker closes nothing politely
            super().handle()

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}/invocation/next":
            return self._send(404)
        self.server.api.asked_for_work.set()
        invocation = self.server.api.invocations.get()
        if invocation is None:
            self.close_connection = True
            return None
        return self._send(200, invocation.payload, _invocation_headers(invocation))

    def do_POST(self) -> None:
        body = self._read_body()
        kind = _answer_kind(self.path)
        if kind is None:
            return self._send(404)
        if kind == "response" and len(body) > RESPONSE_LIMIT:
            self.server.api.answers.put(InvocationResult("too-large", str(len(body)).encode()))
            return self._send(413)
        self.server.api.answers.put(InvocationResult(kind, body))
        return self._send(202)

    def _read_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().strip(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(
        self, status: int, body: bytes = b"{}", headers: dict[str, str] | None = None
    ) -> None:
        # Content-Type is not decoration: the runtime's native client crashes without it.
        fields = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.wfile.write(f"HTTP/1.1 {status} -\r\n{head}\r\n".encode() + body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the worker's own log is what matters."""


def _answer_kind(path: str) -> Kind | None:
    if path == f"{_PREFIX}/init/error":
        return "init-error"
    if path.startswith(f"{_PREFIX}/invocation/") and path.endswith("/response"):
        return "response"
    if path.startswith(f"{_PREFIX}/invocation/") and path.endswith("/error"):
        return "error"
    return None


def _invocation_headers(invocation: Invocation) -> dict[str, str]:
    headers = {
        "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
        "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
    }
    if invocation.trace_id:
        headers["Lambda-Runtime-Trace-Id"] = invocation.trace_id
    return headers
