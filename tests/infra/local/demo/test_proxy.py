"""The page's one address, in front of a real HTTP server."""

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.local.demo.proxy import Proxy, Upstream
from infra.local.demo.target import request
from infra.local.errors import PortTaken

POLICY = (
    "connect-src 'self' https://cognito-idp.eu-west-3.amazonaws.com "
    "https://uploads.s3.eu-west-3.amazonaws.com; object-src 'none'"
)


class Upstairs(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = f"{self.command} {self.headers['Host']} {self.path} {len(body)}".encode()
        self.send_response(201)
        self.send_header("Authorization-Was", self.headers.get("Authorization", ""))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Asked-From", str(self.client_address[1]))
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told)

    do_GET = do_POST = do_PUT = do_HEAD = answer  # noqa: N815

    def log_message(self, *args):
        pass


@pytest.fixture
def upstairs():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstairs)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(upstairs):
    proxy = Proxy(Upstream(upstairs, "d1.cloudfront.net"), port=0)
    proxy.start()
    yield proxy
    proxy.close()


def test_a_request_reaches_the_distribution_with_its_body_and_token(proxy):
    reply = request("POST", f"{proxy.url}/api/predict?x=1", b"123", {"Authorization": "Bearer t"})
    assert reply.status == 201
    assert reply.body == b"POST d1.cloudfront.net /api/predict?x=1 3"
    assert reply.headers["Authorization-Was"] == "Bearer t"


def test_cognito_lies_beside_the_page(proxy, upstairs):
    reply = request("POST", f"{proxy.url}/cognito/", b"{}", {})
    assert reply.body == f"POST 127.0.0.1:{upstairs} / 2".encode()
    assert request("GET", f"{proxy.url}/cognitoish", b"", {}).body.startswith(b"GET d1.cloudfront")


def test_the_security_policy_names_this_machine_where_it_names_aws(proxy, upstairs):
    policy = request("GET", f"{proxy.url}/", b"", {}).headers["Content-Security-Policy"]
    here = f"http://127.0.0.1:{upstairs}"
    assert policy == f"connect-src 'self' {here} {here}; object-src 'none'"


def test_visitors_after_one_another_share_a_connection_to_the_cloud(proxy):
    ports = {request("GET", f"{proxy.url}/", b"", {}).headers["Asked-From"] for _ in range(5)}
    # The first one's may not rest yet when the second comes.
    assert len(ports) < 5


def test_an_answer_nobody_read_to_its_end_is_not_the_next_visitors(upstairs, monkeypatch):
    monkeypatch.setattr("infra.local.demo.proxy._CHUNK", 1)
    proxy = Proxy(Upstream(upstairs, "d1.cloudfront.net"), port=0)
    proxy.start()
    port = int(proxy.url.rpartition(":")[2])
    for _ in range(10):
        gone = socket.create_connection(("127.0.0.1", port))
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.sendall(b"GET /left HTTP/1.1\r\nHost: x\r\n\r\n")
        gone.close()
    reply = request("GET", f"{proxy.url}/asked", b"", {})
    assert reply.body == b"GET d1.cloudfront.net /asked 0"
    proxy.close()


def test_head_has_no_body_and_a_length(proxy):
    reply = request("HEAD", f"{proxy.url}/", b"", {})
    assert reply.body == b""
    assert int(reply.headers["Content-Length"]) > 0


def test_a_body_above_the_apis_limit_is_refused_once_it_is_read(proxy):
    assert request("POST", f"{proxy.url}/api/predict", b"x" * 10_485_761, {}).status == 413


def test_a_cloud_that_is_gone_is_a_502():
    proxy = Proxy(Upstream(1, "d1.cloudfront.net"), port=0)
    proxy.start()
    assert request("GET", f"{proxy.url}/", b"", {}).status == 502
    proxy.close()


def test_a_taken_port_is_one_sentence(upstairs):
    with pytest.raises(PortTaken, match=f"Port {upstairs} is taken: choose another one with"):
        Proxy(Upstream(1, "d1.cloudfront.net"), port=upstairs)


def test_a_method_that_cloudfront_does_not_forward_is_405(proxy):
    for method in ("TRACE", "QUERY", "PROPFIND"):
        reply = request(method, f"{proxy.url}/api/predict", b"123", {})
        assert reply.status == 405
        assert "GET" in reply.headers["Allow"]
