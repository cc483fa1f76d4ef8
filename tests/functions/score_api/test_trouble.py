"""What goes on, what is refused and what health says while something around the function fails."""

import json
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from credit_scoring.aws.clients import client

from tests.functions.score_api.callers import OPEN, ask, person
from tests.functions.score_api.conftest import start_api

ADVISOR = person("advisor", "branch-paris-01")


class Busy(BaseHTTPRequestHandler):
    """DynamoDB that has too much to do, for everybody and for good."""

    calls = 0

    def do_POST(self):
        type(self).calls += 1
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        body = json.dumps({"__type": "com.amazonaws.dynamodb#ThrottlingException"}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST  # noqa: N815 (named by http.server)

    def log_message(self, *_):
        pass


@pytest.fixture
def throttled(api, listed, profile, monkeypatch):
    """Only the tables: files go on."""
    listed(profile)  # a list that is empty asks no table
    with busy("AWS_ENDPOINT_URL_DYNAMODB", monkeypatch):
        yield Busy


@contextmanager
def busy(variable: str, monkeypatch):
    """What this variable leads to is busy, and counts who asks."""
    Busy.calls = 0
    monkeypatch.setattr("time.sleep", lambda _: None)
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv(variable, f"http://127.0.0.1:{server.server_address[1]}")
        client.cache_clear()
        yield
        server.shutdown()
    client.cache_clear()


NEEDING_A_TABLE = [
    ("GET /applicants", None), ("GET /applicants/{id}", None), ("GET /applicants/{id}/score", None),
    ("POST /predict", "application"), ("POST /predict/explain", "application"),
    ("POST /predict/batch", "applications"), ("GET /batches", None),
    ("GET /batches/{batch+}", None),
]  # fmt: skip


@pytest.mark.parametrize(("route", "sent"), NEEDING_A_TABLE)
def test_a_throttled_table_is_tried_again_then_503_with_retry_after(
    api, throttled, profile, route, sent
):
    one = profile.application
    bodies = {"application": one, "applications": {"applications": [one]}}
    reply = ask(api, route, ADVISOR, body=bodies.get(sent))
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert throttled.calls >= 2


def test_what_needs_no_table_goes_on_while_tables_are_throttled(api, throttled, record):
    assert ask(api, "POST /predict", ADVISOR, body=record).status == 200
    assert ask(api, "GET /model/importance", ADVISOR).status == 200
    health = api.get("health_parts")
    assert (health.status, health.body["status"]) == (503, "failing")
    assert health.body["parts"]["profiles"] == "StorageUnavailable"
    assert health.body["parts"]["storage"] == "ok"


def test_a_request_that_is_wrong_is_told_so_before_any_storage_is_asked(api, throttled):
    assert ask(api, "POST /predict", ADVISOR, body={"AMT_CREDIT": "x"}).status == 422
    assert ask(api, "POST /predict", person("operator"), body={}).status == 403
    assert throttled.calls == 0


def test_whoever_has_no_token_makes_no_call_to_anything(api, later, monkeypatch):
    """However often they ask, and although a look at the pointer would be due."""
    with busy("AWS_ENDPOINT_URL", monkeypatch):
        later()
        told = [ask(api, route, None).status for route in OPEN]
        # What a request may have begun beside itself.
        api.module.service.model._pool.shutdown(wait=True)
        assert Busy.calls == 0
    assert set(told) <= {200, 302}


@pytest.fixture
def queue(aws, champion, monkeypatch) -> str:
    url = client("sqs").create_queue(QueueName="failures")["QueueUrl"]
    monkeypatch.setenv("BATCH_FAILURES_QUEUE", url)
    return url


def test_work_that_was_given_up_makes_health_degraded(queue):
    api = start_api()
    assert api.get("health_parts").body["failed_messages"] == {"batch": 0}
    client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    assert api.get("health_parts").body["status"] == "ok"  # asked a moment ago
    health = start_api().get("health_parts")
    assert (health.status, health.body["status"]) == (200, "degraded")
    assert health.body["parts"]["queues"] == "failed messages"
    assert health.body["failed_messages"] == {"batch": 1}


def test_a_queue_that_is_not_there_is_named_and_fails_nobody(queue, monkeypatch):
    monkeypatch.setitem(os.environ, "BATCH_FAILURES_QUEUE", f"{queue}-gone")
    health = start_api().get("health_parts")
    assert (health.status, health.body["parts"]["queues"]) == (200, "StorageRefused")


def test_health_tells_when_the_drift_monitor_last_ran(api, later, monkeypatch):
    api.module.service.reports.write("latest.json", b"{}")
    health = api.get("health_parts").body
    assert (health["status"], health["parts"]["drift"]) == ("ok", "ok")
    assert health["last_drift_run_at"].endswith("+00:00")
    monkeypatch.setattr("functions.score_api.routes.health.handlers.HOURS_UNTIL_DRIFT_IS_LATE", -1)
    later()
    health = api.get("health_parts").body
    assert (health["status"], health["parts"]["drift"]) == ("degraded", "late")


def test_without_reference_data_importance_is_404_and_scores_go_on(api, champion, record):
    client("s3").delete_object(Bucket="models", Key=f"models/{champion.version}/reference.npz")
    assert ask(api, "GET /model/importance", ADVISOR).status == 404
    assert ask(api, "POST /predict", ADVISOR, body=record).status == 200
