"""The Lambda Runtime API of one worker: what a real runtime client talks to inside AWS.

One server (one port on 127.0.0.1) per worker process, because the protocol does not say which
worker is asking: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from socketserver import StreamRequestHandler, ThreadingTCPServer
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


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api


class _Handler(StreamRequestHandler):
    """One connection of the runtime's client, and as much HTTP as it speaks.

    http.server would parse the headers of each request as those of an e-mail.
    """

    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # a killed worker closes nothing politely
            while request := _read_request(self.rfile):
                if not self._answer(request):
                    return

    def _answer(self, request: _Request) -> bool:
        """False where the connection ends with it."""
        if request.method == "GET":
            return self._give_work(request.path)
        self._take_answer(request)
        return True

    def _give_work(self, path: str) -> bool:
        if path != f"{_PREFIX}/invocation/next":
            self._send(404)
            return True
        self.server.api.asked_for_work.set()
        invocation = self.server.api.invocations.get()
        if invocation is None:
            return False
        self._send(200, invocation.payload, _invocation_headers(invocation))
        return True

    def _take_answer(self, request: _Request) -> None:
        kind, body = _answer_kind(request.path), request.body
        if kind is None:
            self._send(404)
        elif kind == "response" and len(body) > RESPONSE_LIMIT:
            self.server.api.answers.put(InvocationResult("too-large", str(len(body)).encode()))
            self._send(413)
        else:
            self.server.api.answers.put(InvocationResult(kind, body))
            self._send(202)

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


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    body: bytes


def _read_request(stream: BufferedIOBase) -> _Request | None:
    """The next one of a connection; None when it was closed, or speaks something else."""
    words = stream.readline().split()
    if len(words) != 3:
        return None
    headers: dict[bytes, bytes] = {}
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    body = _read_body(stream, headers)
    return _Request(words[0].decode("latin-1"), words[1].decode("latin-1"), body)


def _read_body(stream: BufferedIOBase, headers: Mapping[bytes, bytes]) -> bytes:
    if b"chunked" not in headers.get(b"transfer-encoding", b"").lower():
        return stream.read(int(headers.get(b"content-length", 0)))
    chunks = []
    while size := int(stream.readline().strip(), 16):
        chunks.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(chunks)


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
