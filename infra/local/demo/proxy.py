"""One address for a browser: the emulated CloudFront distribution, and Cognito beside it.

    python -m infra.local.demo.proxy --port 8080 --emulator-port 4566 --distribution d1.example.net

The distribution's own behaviours decide everything (files with access control and headers policy,
`/api/*` to the HTTP API); the proxy only gives the requests the distribution's host name. Two
things differ from AWS, because a browser on this machine cannot reach AWS's host names:

- the page's security policy names the emulator where it names an AWS service, so that presigned
  uploads (which carry the emulator's address) are allowed;
- Cognito is served under `/cognito`.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import queue
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Final

from infra.local.errors import PortTaken
from infra.local.ports import HOST

BODY_LIMIT: Final = 10 * 1024 * 1024  # bytes; the HTTP API's limit
COGNITO: Final = "/cognito"
METHODS: Final = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"
_NO_HEADERS: Final = MappingProxyType[str, str]({})
# They belong to one connection, not to the message (RFC 9110, 7.6.1), or are set again here.
_HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding",
     "upgrade", "host", "content-length", "expect"}
)  # fmt: skip
_AWS_HOST: Final = re.compile(r"https://[^\s;]+\.amazonaws\.com")
_CHUNK: Final = 65_536


@dataclass(frozen=True)
class Upstream:
    """Where the requests go: the emulator's port and the distribution's domain name."""

    port: int
    distribution: str

    def route(self, path: str) -> tuple[str, str]:
        """The host name and path that the emulator should see."""
        if path == COGNITO or path.startswith((f"{COGNITO}/", f"{COGNITO}?")):
            return f"{HOST}:{self.port}", path.removeprefix(COGNITO) or "/"
        return self.distribution, path

    def adapt_policy(self, policy: str) -> str:
        """A Content-Security-Policy that allows the emulator what it allows AWS's services."""
        return _AWS_HOST.sub(f"http://{HOST}:{self.port}", policy)


class Proxy:
    """A running proxy; `url` is what a browser opens."""

    def __init__(self, upstream: Upstream, *, port: int) -> None:
        try:
            self._server = _Server(upstream, port)
        except OSError:
            raise PortTaken(port, option="--port") from None
        self.url = f"http://{HOST}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Serve from a thread that ends with the process."""
        threading.Thread(target=self.serve, daemon=True, name="proxy").start()

    def serve(self) -> None:
        with self._server:
            self._server.serve_forever()

    def close(self) -> None:
        self._server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream: Upstream, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.upstream = upstream
        # Each for one visitor at a time; who calls once need not wait for a connection further up.
        self.resting: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet
    server: _Server
    # Whether the answer to the last request was read to its end.
    _is_answered = True

    def setup(self) -> None:
        super().setup()
        try:
            self._emulator = self.server.resting.get_nowait()
        except queue.Empty:
            port = self.server.upstream.port
            self._emulator = http.client.HTTPConnection(HOST, port, timeout=60)

    def finish(self) -> None:
        if self._is_answered:
            self.server.resting.put(self._emulator)
        else:
            self._emulator.close()  # what it still sends is nobody else's
        with contextlib.suppress(ConnectionError):
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the browser went away
            super().handle()

    def _forward(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            self._discard(length)
            return self._answer(413, b'{"message":"Request Too Long"}')
        try:
            response = self._ask_emulator(self.rfile.read(length))
        except OSError:
            self._emulator.close()
            return self._answer(502, b'{"message":"The local cloud does not answer."}')
        return self._stream(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _forward  # noqa: N815

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._refuse

    def _refuse(self) -> None:
        """Like CloudFront, which forwards no other method than those above."""
        self._discard(int(self.headers.get("Content-Length") or 0))
        self._answer(405, b'{"message":"Method Not Allowed"}', {"Allow": METHODS})

    def _discard(self, length: int) -> None:
        """Read a body without keeping it: who is still sending does not read the answer."""
        while length > 0 and (chunk := self.rfile.read(min(length, _CHUNK))):
            length -= len(chunk)

    def _ask_emulator(self, body: bytes) -> http.client.HTTPResponse:
        host, path = self.server.upstream.route(self.path)
        headers = {**dict(_end_to_end(self.headers.items())), "Host": host}
        self._is_answered = False
        try:
            self._emulator.request(self.command, path, body or None, headers)
            return self._emulator.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self._emulator.close()  # it closed an idle connection: the next one is new
            self._emulator.request(self.command, path, body or None, headers)
            return self._emulator.getresponse()

    def _stream(self, response: http.client.HTTPResponse) -> None:
        self.send_response_only(response.status)
        for name, value in _end_to_end(response.getheaders()):
            is_policy = name.lower() == "content-security-policy"
            self.send_header(name, self.server.upstream.adapt_policy(value) if is_policy else value)
        length = response.getheader("Content-Length")
        if length is not None:
            self.send_header("Content-Length", length)
        else:
            self.close_connection = True  # the end of the connection is the end of the body
            self.send_header("Connection", "close")
        self.end_headers()
        while chunk := response.read(_CHUNK):
            self.wfile.write(chunk)
        self._is_answered = response.isclosed()

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: paths hold applicants' ids."""


def _end_to_end(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.demo.proxy", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=8080, help="default: 8080")
    parser.add_argument("--emulator-port", type=int, default=4566, help="default: 4566")
    parser.add_argument("--distribution", required=True, help="its domain name")
    options = parser.parse_args()
    try:
        proxy = Proxy(Upstream(options.emulator_port, options.distribution), port=options.port)
    except PortTaken as error:
        raise SystemExit(str(error)) from None
    print(proxy.url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        proxy.serve()


if __name__ == "__main__":
    main()
