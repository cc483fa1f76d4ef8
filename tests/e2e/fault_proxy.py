"""A proxy before a cloud in which one call goes wrong."""

import socket
import struct
import threading
import time
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# reset : before AWS sees the call; lost : after AWS did it, so that it is done twice when repeated
KINDS = ("error", "throttling", "reset", "lost", "slow", "short")
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "expect"}


class FaultProxy:
    """Forwards to `address`. From call `at` on (the first is 0), `times` calls go wrong.

    calls : what came through, since `arm`
    """

    def __init__(self, address: str, *, slow: float) -> None:
        self.calls: list[str] = []
        self.slow = slow
        self._target = urlsplit(address).netloc
        self._fault, self._at, self._times = "", 0, 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def arm(self, fault: str = "", *, at: int = 0, times: int = 1) -> None:
        with self._lock:
            self.calls, self._fault, self._at, self._times = [], fault, at, times

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_fault(self, call: str) -> str:
        with self._lock:
            place = len(self.calls)
            self.calls.append(call)
            wrong = self._at <= place < self._at + self._times
            return self._fault if wrong else ""

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else head and body of an answer are 40 ms apart

            def do_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                target = self.headers.get("X-Amz-Target", "")
                fault = proxy.next_fault(f"{self.command} {target or self.path.split('?')[0]}")
                if fault == "reset":
                    return self._reset()
                if fault in ("error", "throttling", "outage"):
                    return self._refuse(fault, is_json=bool(target))
                answer, content = self._forward(body)
                if fault == "slow":
                    time.sleep(proxy.slow)
                if fault == "lost":
                    return self._reset()
                if fault == "short" and len(content) < 2:
                    return self._reset()
                return self._reply(answer, content, cut=fault == "short")

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_any  # noqa: N815

            def _forward(self, body: bytes) -> tuple[HTTPResponse, bytes]:
                connection = HTTPConnection(proxy._target, timeout=60)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
                headers["Content-Length"] = str(len(body))
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                return answer, content

            def _reply(self, answer: HTTPResponse, content: bytes, *, cut: bool) -> None:
                length = answer.headers.get("Content-Length") or str(len(content))
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", length)
                if cut:
                    self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if cut else content)
                self.close_connection = self.close_connection or cut

            def _refuse(self, fault: str, *, is_json: bool) -> None:
                throttled = fault == "throttling"
                if is_json:
                    code = "ThrottlingException" if throttled else "InternalServerError"
                    status, body = (400 if throttled else 500), f'{{"__type":"x#{code}"}}'
                else:
                    code = "SlowDown" if throttled else "InternalError"
                    status, body = (
                        (503 if throttled else 500),
                        f"<Error><Code>{code}</Code></Error>",
                    )
                self.send_response_only(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body.encode())

            def _reset(self) -> None:
                now = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
                self.close_connection = True
                # The file objects hold the socket open.
                self.wfile.close()
                self.rfile.close()
                self.connection.close()

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (OSError, ValueError):  # whoever called has gone, or was sent away
                    self.close_connection = True

            def finish(self) -> None:
                try:
                    super().finish()
                except (OSError, ValueError):
                    return

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler
