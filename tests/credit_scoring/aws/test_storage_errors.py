"""AWS's errors are ours, and say whether another try can help."""

import socket
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import boto3
import pytest
from credit_scoring.aws import clients as aws_module
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.errors import (
    AlreadyExists,
    ObjectNotFound,
    StorageRefused,
    StorageUnavailable,
)
from credit_scoring.stored.profiles import ProfileTable
from moto.core import set_initial_no_auth_action_count

from tests.credit_scoring.conftest import REGION, make_bucket


@pytest.fixture
def nobody_listens(monkeypatch):
    """An endpoint on a port where nothing answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    client.cache_clear()
    yield
    client.cache_clear()


def test_a_refused_connection_is_unavailable_and_worth_another_try(nobody_listens):
    with pytest.raises(StorageUnavailable) as caught:
        open_store("s3://models").read("x")
    assert caught.value.retryable
    assert caught.value.log_fields == {
        "error": "StorageUnavailable",
        "operation": "read",
        "reason": "ConnectionRefusedError",
    }


def test_profiles_without_an_answer_are_unavailable(nobody_listens):
    with pytest.raises(StorageUnavailable):
        ProfileTable("profiles").get("1")


def test_without_credentials_storage_is_refused_for_good(monkeypatch, tmp_path):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(aws_module, "session", cache(aws_module.session.__wrapped__))
    client.cache_clear()
    store = open_store("s3://models")
    for act in (
        lambda: store.read("x"),
        lambda: store.presigned_put("x", content_type="text/csv", size=1, seconds=1),
    ):
        with pytest.raises(StorageRefused, match="NoCredentialsError"):
            act()
    client.cache_clear()


@pytest.fixture
def stranger(aws, monkeypatch):
    """The keys of a user who may do nothing."""
    make_bucket("locked").put_object(Bucket="locked", Key="x", Body=b"")
    iam = boto3.client("iam", region_name=REGION)
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    monkeypatch.setattr(aws_module, "session", cache(aws_module.session.__wrapped__))
    client.cache_clear()


@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.read("x"),
        lambda store: store.write("x", b""),
        lambda store: list(store.list("")),
    ],
)
def test_access_denied_is_refused_and_not_worth_another_try(stranger, act):
    @set_initial_no_auth_action_count(0)
    def attempt():
        act(open_store("s3://locked"))

    with pytest.raises(StorageRefused) as caught:
        attempt()
    assert caught.value.reason == "AccessDenied"
    assert not caught.value.retryable


class Answer(BaseHTTPRequestHandler):
    status, code, announced = 503, "SlowDown", 0

    def do_GET(self):
        body = f"<Error><Code>{self.code}</Code></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body) + self.announced))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def answering(nobody_listens, monkeypatch):
    """An endpoint that gives one answer to everything."""
    servers = []

    def start(**answer):
        handler = type("ThisAnswer", (Answer,), answer)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        client.cache_clear()
        return open_store("s3://models")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SlowDown"), (502, "WhoKnows"), (409, "ConditionalRequestConflict")]
)
def test_a_busy_storage_is_worth_another_try(answering, status, code):
    with pytest.raises(StorageUnavailable) as caught:
        answering(status=status, code=code).read("x")
    assert caught.value.reason == code


def test_an_answer_that_breaks_off_is_worth_another_try(answering):
    with pytest.raises(StorageUnavailable):
        answering(status=200, announced=100).read("x")


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "NoSuchKey", ObjectNotFound),
        (404, "NoSuchVersion", ObjectNotFound),
        (412, "PreconditionFailed", AlreadyExists),
        (403, "InvalidAccessKeyId", StorageRefused),
        (404, "NoSuchBucket", StorageRefused),
    ],
)
def test_an_error_of_aws_becomes_ours(answering, status, code, error):
    with pytest.raises(error):
        answering(status=status, code=code).read("x")
