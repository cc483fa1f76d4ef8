"""The handler behind a socket, as the gateway would call it: for tools that speak HTTP only."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from tests.functions.score_api.conftest import read_event


@contextmanager
def serve(module: Any, claims: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """claims : bearer token -> what the gateway would read in it. Yields the API's address."""
    # One request at a time, as one Lambda environment does.
    with HTTPServer(("127.0.0.1", 0), _make_handler(module, claims)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/api"
        finally:
            server.shutdown()


def _make_handler(module: Any, claims: Mapping[str, Mapping[str, str]]) -> type:
    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = module.handler(self._event(body), context())
            content = answer["body"].encode()
            self.send_response_only(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _event(self, body: bytes) -> dict[str, Any]:
            event = event_of(self.command, self.path, self.headers, body)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if token in claims:
                event["requestContext"]["authorizer"] = {"jwt": {"claims": dict(claims[token])}}
            return event

        def log_message(self, *_: object) -> None:
            pass

    return Gateway


def event_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Payload format 2.0, without claims; the gateway joins what a query names twice by a comma.

    target : path and query
    """
    parts, event = urlsplit(target), read_event("model")
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    event["rawPath"] = event["requestContext"]["http"]["path"] = parts.path
    event["requestContext"]["http"]["method"] = method
    event["headers"] = {n.lower(): v for n, v in headers.items()}
    event |= {"rawQueryString": parts.query, "queryStringParameters": query or None}
    event |= {"body": body.decode("utf-8", "surrogateescape")} if body else {}
    event["requestContext"].pop("authorizer", None)
    return json.loads(json.dumps(event))


def context() -> SimpleNamespace:
    return SimpleNamespace(
        aws_request_id=str(uuid4()), function_name="score-api", memory_limit_in_mb=1769,
        invoked_function_arn="arn:aws:lambda:eu-west-3:123456789012:function:score-api",
    )  # fmt: skip
