"""What X-Ray is told of a request, read by a socket in the place of its daemon."""

import json
import socket

import pytest
from credit_scoring.aws.clients import client

from functions.score_api.telemetry.traces import subsegment

ROOT, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"


class Daemon:
    """Receives what the real one would send on."""

    def __init__(self, receiver: socket.socket) -> None:
        self._receiver = receiver

    def received(self) -> list[dict]:
        found = []
        while True:
            try:
                datagram = self._receiver.recv(65_536)
            except BlockingIOError:
                return found
            header, _, document = datagram.partition(b"\n")
            assert json.loads(header) == {"format": "json", "version": 1}
            found.append(json.loads(document))


@pytest.fixture
def daemon(monkeypatch):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.setblocking(False)
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", f"127.0.0.1:{receiver.getsockname()[1]}")
        yield Daemon(receiver)


@pytest.fixture
def sampled(monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=1:2:3")


def test_a_traced_score_tells_what_it_waited_for(api, record, sampled, daemon):
    daemon.received()
    assert api.post("predict", record).status == 200
    told = daemon.received()
    [whole] = [each for each in told if each["name"] == "## handler"]
    assert whole["annotations"] == {"ColdStart": True, "Service": "score-api"}
    assert (whole["trace_id"], whole["parent_id"]) == (ROOT, PARENT)
    calls = [each for each in told if each.get("namespace") == "aws"]
    assert {each["name"] for each in calls} == {"s3", "firehose"}
    for each in calls:
        assert each["type"] == "subsegment"
        assert each["trace_id"] == ROOT
        assert each["parent_id"] in (PARENT, whole["id"])  # of another thread, or of this one
        assert whole["start_time"] <= each["start_time"] <= each["end_time"] <= whole["end_time"]
    assert len({each["id"] for each in told}) == len(told)


def test_what_is_inside_names_what_is_around_it(api, sampled, daemon):
    with subsegment("around"), subsegment("inside"):
        pass
    with subsegment("after"):
        pass
    inside, around, after = daemon.received()
    assert [each["name"] for each in (inside, around, after)] == ["inside", "around", "after"]
    assert inside["parent_id"] == around["id"]
    assert around["parent_id"] == after["parent_id"] == PARENT


def test_only_the_first_request_of_a_process_is_a_cold_start(api, sampled, daemon):
    for cold in (True, False):
        api.get("health")
        [told] = [each for each in daemon.received() if "annotations" in each]
        assert told["annotations"]["ColdStart"] is cold


def test_a_log_line_of_a_traced_request_names_its_trace(api, record, sampled, daemon, logs):
    api.post("predict", record)
    [line] = logs.lines()
    assert line["xray_trace_id"] == ROOT


@pytest.mark.parametrize("header", ["", "Root=1-a-b;Parent=c;Sampled=0", "Sampled=1", "=;;="])
def test_a_request_that_is_not_traced_tells_nothing(api, record, daemon, monkeypatch, header):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    assert api.post("predict", record).status == 200
    assert daemon.received() == []


def test_a_call_of_a_client_is_told(api, sampled, daemon):
    client("s3").list_buckets()
    [told] = daemon.received()
    assert (told["name"], told["namespace"], told["parent_id"]) == ("s3", "aws", PARENT)
    assert "fault" not in told


def test_a_call_that_fails_is_told_as_a_fault_and_fails(api, sampled, daemon):
    with pytest.raises(Exception, match="NoSuchBucket"):
        client("s3").list_objects_v2(Bucket="there-is-none")
    [told] = daemon.received()
    assert told["fault"] is True


def test_a_daemon_that_is_gone_stops_no_request(api, record, sampled, monkeypatch):
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:9")
    assert api.post("predict", record).status == 200
