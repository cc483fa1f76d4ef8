"""Calls without a client: tried again as long as it can help, never past a limit."""

import json
import socket
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from credit_scoring.aws import clients as aws_module
from credit_scoring.aws import http_calls as http_calls
from credit_scoring.aws import signed_calls as signed_calls
from credit_scoring.aws import storage as storage
from credit_scoring.aws.signed_calls import connections, object_address
from credit_scoring.aws.storage import S3Store, open_store
from credit_scoring.errors import StorageRefused, StorageUnavailable
from credit_scoring.stored.profiles import ProfileTable

GOOD = (200, b"whole", 0)
BUSY = (503, b"<Error><Code>SlowDown</Code></Error>", 0)
BROKEN_OFF = (200, b"half", 100)
DENIED = (403, b"<Error><Code>AccessDenied</Code></Error>", 0)
THROTTLED = (400, b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}', 0)


class Aws(ThreadingHTTPServer):
    """Gives these answers (status, body, bytes announced and held back), the last for ever.

    requests : headers of each, in their order; connections : how many were opened
    """

    daemon_threads = True

    def __init__(self, answers, *, closes=False):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.closes = list(answers), closes
        self.requests, self.connections = [], 0

    def get_request(self):
        self.connections += 1
        return super().get_request()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append(dict(self.headers))
        answers = self.server.answers
        status, body, held_back = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + held_back))
        self.end_headers()
        self.wfile.write(body)
        # Without saying so, as servers do with a connection that rested too long.
        self.close_connection = self.server.closes or bool(held_back)

    def do_PUT(self):
        self.do_GET()

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def answering(monkeypatch):
    servers = []
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr(http_calls, "FIRST_PAUSE", 0.001)

    def start(*answers, **settings):
        servers.append(Aws(answers, **settings))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{servers[-1].server_port}")
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_is_busy_or_breaks_off_is_asked_again(answering):
    server = answering(BUSY, BROKEN_OFF, BUSY, GOOD)
    assert open_store("s3://models").read("x") == b"whole"
    assert len(server.requests) == 4


@pytest.mark.parametrize("trouble", [BUSY, BROKEN_OFF])
def test_after_four_tries_it_is_unavailable(answering, trouble):
    server = answering(trouble)
    with pytest.raises(StorageUnavailable):
        open_store("s3://models").read("x")
    assert len(server.requests) == 4


def test_what_is_refused_is_asked_once(answering):
    server = answering(DENIED)
    with pytest.raises(StorageRefused, match="AccessDenied"):
        open_store("s3://models").write("x", b"")
    assert len(server.requests) == 1


def test_a_throttled_table_is_unavailable(answering):
    server = answering(THROTTLED)
    with pytest.raises(StorageUnavailable) as caught:
        ProfileTable("profiles").get("1")
    assert caught.value.reason == "ThrottlingException"
    assert len(server.requests) == 4


def test_a_silent_server_is_not_waited_for_past_the_limit(monkeypatch, answering):
    answering(GOOD)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{mute.getsockname()[1]}")
        with http_calls.time_limit(0.2), pytest.raises(StorageUnavailable) as caught:
            open_store("s3://models").read("x")
    assert caught.value.reason == "TimeoutError"


def test_past_the_limit_nothing_is_tried_again(answering):
    server = answering(BUSY)
    with http_calls.time_limit(0), pytest.raises(StorageUnavailable):
        open_store("s3://models").read("x")
    assert len(server.requests) == 1


def test_an_inner_limit_is_never_later_than_the_outer_one(answering):
    server = answering(BUSY)
    with http_calls.time_limit(0), http_calls.time_limit(60), pytest.raises(StorageUnavailable):
        open_store("s3://models").read("x")
    assert len(server.requests) == 1


def test_a_connection_is_used_again(answering):
    server = answering(GOOD)
    for _ in range(3):
        open_store("s3://models").read("x")
    assert server.connections == 1


def test_a_connection_that_was_closed_meanwhile_is_replaced(answering):
    server = answering(GOOD, closes=True)
    for _ in range(6):
        assert open_store("s3://models").read("x") == b"whole"
    assert len(server.requests) == 6


def test_a_connection_that_rested_long_is_not_used_again(answering, monkeypatch):
    server = answering(GOOD)
    open_store("s3://models").read("x")
    now = http_calls.time.time
    monkeypatch.setattr("time.time", lambda: now() + http_calls.SECONDS_KEPT)
    open_store("s3://models").read("x")
    assert server.connections == 2


def test_whoever_watches_calls_is_told_each_service(answering, monkeypatch):
    seen = []

    class Watch:
        def __init__(self, service):
            seen.append(service)

        def __enter__(self):
            pass

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(connections, "around_call", Watch)
    answering((200, b"{}", 0))
    open_store("s3://models").read("x")
    signed_calls.dynamodb("get_item", TableName="profiles")
    assert seen == ["s3", "dynamodb"]


def test_keys_that_lambda_hands_out_at_an_address_are_fetched_again_in_time(answering, monkeypatch):
    """As after SnapStart: the environment holds no keys then."""
    soon = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def keys(name):
        words = {"AccessKeyId": name, "SecretAccessKey": "secret", "Token": "t", "Expiration": soon}
        return 200, json.dumps(words).encode(), 0

    lambda_ = answering(keys("first"), keys("second"))
    address = f"http://127.0.0.1:{lambda_.server_port}/credentials"
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "word")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setattr(aws_module, "session", cache(aws_module.session.__wrapped__))
    s3 = answering(GOOD)
    for _ in range(2):
        open_store("s3://models").read("x")
    assert all("Credential=second/" in request["authorization"] for request in s3.requests)
    assert lambda_.requests[0]["Authorization"] == "word"
    assert s3.requests[0]["x-amz-security-token"] == "t"


@pytest.mark.parametrize(
    ("region", "endpoint", "bucket", "base", "path"),
    [
        ("us-east-1", "", "models", "https://models.s3.us-east-1.amazonaws.com", "/%C3%A9%201"),
        ("eu-west-3", "", "models", "https://models.s3.eu-west-3.amazonaws.com", "/%C3%A9%201"),
        ("cn-north-1", "", "m", "https://m.s3.cn-north-1.amazonaws.com.cn", "/%C3%A9%201"),
        ("eu-west-3", "", "a.b", "https://s3.eu-west-3.amazonaws.com", "/a.b/%C3%A9%201"),
        ("eu-west-3", "http://localhost:1/", "models", "http://localhost:1", "/models/%C3%A9%201"),
    ],
)  # fmt: skip
def test_an_object_has_its_own_address(monkeypatch, region, endpoint, bucket, base, path):
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    assert object_address(bucket, "é 1") == (base, path)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-3"])
def test_a_browser_is_sent_to_the_bucket_s_own_address_in_its_region(monkeypatch, region):
    for name, value in (("REGION", region), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(aws_module, "client", cache(aws_module.client.__wrapped__))
    monkeypatch.setattr(aws_module, "session", cache(aws_module.session.__wrapped__))
    monkeypatch.setattr(storage, "client", aws_module.client)
    url = S3Store("uploads", "").presigned_put("x", content_type="text/csv", size=1, seconds=60)
    assert url.startswith(f"{object_address('uploads', 'x')[0]}/x?")


@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_PROFILE", "mine"), ("HTTPS_PROXY", "http://proxy:3128"), ("AWS_DEFAULT_REGION", "")],
)
def test_a_developer_s_own_setting_is_left_to_botocore(monkeypatch, answering, name, value):
    for other in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "HTTPS_PROXY", "https_proxy", "AWS_REGION"):
        monkeypatch.delenv(other, raising=False)
    assert signed_calls.is_possible()
    monkeypatch.setenv(name, value)
    assert not signed_calls.is_possible()


def test_a_version_and_a_tag_come_from_the_headers(answering):
    store = S3Store("models", "")
    answering(GOOD)
    assert store.read_version("x", None) == (b"whole", "")
