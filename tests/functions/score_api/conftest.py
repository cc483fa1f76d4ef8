"""The API as Lambda runs it: real events into the real handler, in-process AWS behind it."""

import gc
import importlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import numpy as np
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import Store, open_store
from credit_scoring.metrics import EMITTED, SCORE_API
from credit_scoring.registry.bundle import FOREST, load_model
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.profiles import Profile, ProfileTable

from tests.batch_table import create_batch_table
from tests.models import SmallModel, draw_record
from tests.profile_table import (
    make_case_table,
    make_decision_table,
    make_profile_table,
    put_listed,
)
from tests.record_stream import make_record_stream
from tests.repository import EVENTS

BUCKETS = ("models", "uploads", "results")
ENVIRONMENT = {
    "MODELS_URL": "s3://models/models",
    "PROFILES_TABLE": "profiles",
    "BATCHES_TABLE": "batches",
    "DECISIONS_TABLE": "decisions",
    "CASES_TABLE": "cases",
    "UPLOADS_BUCKET": "uploads",
    "RESULTS_BUCKET": "results",
    "RESULTS_URL": "s3://results/scored",
    "RECORD_STREAM": "records",
    "RECORDS_URL": "s3://results/records",
    "LISTS_URL": "s3://results/lists",
    "PSEUDONYM_KEY": "a key of tests",
    "REPORTS_URL": "s3://results/drift",
    # What the operators' function finds beside these.
    "ACKNOWLEDGED_URL": "s3://results/acknowledged",
    "ALARM_PREFIX": "credit-",
    "PAGE_TOPIC": "arn:aws:sns:eu-west-3:123456789012:page",
    "API_ID": "abc123",
    "DASHBOARD": "credit-operation",
    "FAILED_BATCHES_QUEUE": "https://sqs.eu-west-3.amazonaws.com/123456789012/failed-batches",
    "FAILED_DRIFT_RUNS_QUEUE": "https://sqs.eu-west-3.amazonaws.com/123456789012/failed-runs",
    "BATCH_FUNCTION": "arn:aws:lambda:eu-west-3:123456789012:function:batch:live",
    "PROMOTER": "arn:aws:lambda:eu-west-3:123456789012:function:promoter:live",
    "BIG_FILES": "arn:aws:states:eu-west-3:123456789012:stateMachine:big-files",
    "POWERTOOLS_SERVICE_NAME": "score-api",
    "POWERTOOLS_METRICS_NAMESPACE": "CreditScoring",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Api:
    """Calls the handlers as API Gateway does; `operators` is that of the operators' routes."""

    module: ModuleType
    operators: ModuleType | None = None
    invocations: list[str] = field(default_factory=list)

    def send(self, event: dict[str, Any]) -> Reply:
        request_id = str(uuid4())
        self.invocations.append(request_id)
        context = SimpleNamespace(
            aws_request_id=request_id, function_name="score-api", memory_limit_in_mb=1769,
            invoked_function_arn="arn:aws:lambda:eu-west-3:123456789012:function:score-api",
        )  # fmt: skip
        answer = self._module_of(event).handler(deepcopy(event), context)
        json.dumps(answer, ensure_ascii=False).encode()  # as the runtime sends it
        is_json = "json" in answer["headers"]["Content-Type"]
        body = json.loads(answer["body"]) if is_json else answer["body"]
        return Reply(answer["statusCode"], answer["headers"], body)

    def _module_of(self, event: dict[str, Any]) -> ModuleType:
        if self.operators is None:
            return self.module
        method, path = event["requestContext"]["http"]["method"], event["rawPath"]
        return self.operators if is_for_operators(method, path) else self.module

    def get(self, name: str, **path: str) -> Reply:
        return self.send(get_event(name, **path))

    def post(self, name: str, body: object) -> Reply:
        """body : text as it stands, or what becomes JSON"""
        text = body if isinstance(body, str) else json.dumps(body)
        return self.send(read_event(name) | {"body": text})


def is_for_operators(method: str, path: str) -> bool:
    """As the gateway's routes are made: the path below the API's prefix."""
    from functions.score_api.operating_routes import ROUTES

    below = path.removeprefix("/api")
    return any(route.method == method and route.matches(below) for route in ROUTES)


def read_event(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"http_{name}.json").read_text())


def get_event(name: str, **path: str) -> dict[str, Any]:
    """One of the events, for another applicant or batch."""
    event = read_event(name)
    for parameter, value in path.items():
        old = event["pathParameters"][parameter]
        event["rawPath"] = event["rawPath"].replace(old, value)
        event["requestContext"]["http"]["path"] = event["rawPath"]
        event["pathParameters"][parameter] = value
    return event


@pytest.fixture(scope="module", autouse=True)
def own_clients() -> Iterator[None]:
    """Making a client takes longer than most tests: they share those made for this environment."""
    client.cache_clear()
    yield
    client.cache_clear()


@pytest.fixture
def unsent_counts() -> Iterator[None]:
    """For who answers requests without the handler, which sends their metrics: none are left."""
    from functions.score_api.http.outcomes import counts

    yield
    counts.clear()


@pytest.fixture
def aws(aws_account, monkeypatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for bucket in BUCKETS:
        where = {"LocationConstraint": "eu-west-3"}
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    make_record_stream("records", bucket="results")
    make_decision_table("decisions")
    make_case_table("cases")
    make_profile_table("profiles")
    create_batch_table()
    make_what_was_given_up()


def make_what_was_given_up() -> None:
    """The empty queues and the state machine that ENVIRONMENT names."""
    for name in ("failed-batches", "failed-runs"):
        client("sqs").create_queue(QueueName=name)
    client("stepfunctions").create_state_machine(
        name="big-files", definition="{}", roleArn="arn:aws:iam::123456789012:role/states"
    )


@pytest.fixture
def models(aws) -> Store:
    return open_store(ENVIRONMENT["MODELS_URL"])


@pytest.fixture
def profiles(aws) -> ProfileTable:
    return ProfileTable("profiles")


@pytest.fixture
def champion(models: Store, small_model: SmallModel):
    return small_model.publish(models)


@pytest.fixture
def api(champion) -> Api:
    return start_api()


def start_api() -> Api:
    """Import the function anew, as a cold start does."""
    for name in [name for name in sys.modules if name.startswith("functions.score_api")]:
        del sys.modules[name]
    module = importlib.import_module("functions.score_api.handler")
    gc.unfreeze()  # a test process imports it often
    return Api(module, importlib.import_module("functions.score_api.operator_handler"))


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on, by default so far that nobody may be answered without a look."""
    start = time.time
    shift = [0.0]
    monkeypatch.setattr("time.time", lambda: start() + shift[0])
    return lambda seconds=61: shift.__setitem__(0, shift[0] + seconds)


@pytest.fixture
def record() -> dict[str, Any]:
    """A complete random application, history included."""
    rng = np.random.default_rng(11)
    return draw_record(rng, "100002") | {"BUREAU_ACTIVE_CREDIT_COUNT": 3}


@pytest.fixture
def lists(aws) -> ApplicantLists:
    return ApplicantLists(open_store(ENVIRONMENT["LISTS_URL"]))


@pytest.fixture
def listed(profiles: ProfileTable, lists: ApplicantLists, models: Store, champion):
    """Call it with profiles: they are kept as an upload leaves them."""

    def keep(*given: Profile) -> None:
        put_listed(profiles, lists, load_model(models, champion.version), given)

    return keep


@pytest.fixture
def profile(profiles: ProfileTable, record) -> Profile:
    """The same applicant, as an upload left it."""
    from credit_scoring.contract.columns import HISTORY

    history = {name: value for name, value in record.items() if name in HISTORY}
    application = {name: value for name, value in record.items() if name not in HISTORY}
    profile = Profile("100002", "paris-01", application, history, "2026-11-20T08:00:00Z", "a.csv")
    profiles.put_many([profile])
    return profile


@pytest.fixture
def logs(capsys, caplog) -> "Logs":
    return Logs(capsys, caplog)


@dataclass
class Logs:
    """Everything the function wrote since the last look; `text` keeps all of it."""

    capsys: Any
    caplog: Any
    text: str = ""

    def read(self) -> list[dict[str, Any]]:
        captured = self.capsys.readouterr()
        self.text += captured.out + captured.err + self.caplog.text
        return [json.loads(line) for line in captured.out.splitlines() if line.startswith("{")]

    def lines(self) -> list[dict[str, Any]]:
        return [entry for entry in self.read() if "_aws" not in entry]

    def counts(self) -> dict[str, float]:
        """The metrics, by name."""
        found: dict[str, float] = {}
        for entry in self.read():
            for directive in entry.get("_aws", {}).get("CloudWatchMetrics", []):
                for metric in directive["Metrics"]:
                    values = entry[metric["Name"]]
                    found[metric["Name"]] = found.get(metric["Name"], 0) + sum(values)
        assert found.keys() <= {*EMITTED[SCORE_API]}, "a metric that no list names"
        return found


def damage(version: str) -> None:
    """One byte of the trees, in the middle."""
    store = open_store(ENVIRONMENT["MODELS_URL"])
    key = f"{version}/{FOREST}"
    data = bytearray(store.read(key))
    data[len(data) // 2] ^= 1
    store.write(key, bytes(data))


def escaped(batch: str) -> str:
    return quote(batch, safe="")


class Outage:
    """AWS out of reach from `begin` to `end`: it refuses connections, or takes them and is mute."""

    def __init__(self, monkeypatch, mute_port: int) -> None:
        self._monkeypatch, self._mute_port = monkeypatch, mute_port
        self._address = os.environ["AWS_ENDPOINT_URL"]
        monkeypatch.setattr("time.sleep", lambda _: None)  # botocore's pauses between attempts

    def begin(self, *, mute: bool = False) -> None:
        port = self._mute_port if mute else 9
        self._monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        client.cache_clear()

    def end(self) -> None:
        self._monkeypatch.setenv("AWS_ENDPOINT_URL", self._address)
        client.cache_clear()


@pytest.fixture
def outage(aws, monkeypatch) -> Iterator[Outage]:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        outage = Outage(monkeypatch, mute.getsockname()[1])
        yield outage
        outage.end()
