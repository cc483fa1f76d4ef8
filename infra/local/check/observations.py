"""What a deployed stack does, seen from outside through its public interfaces.

Works on any DeployedStack: the local cloud, or a stack on AWS.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credit_scoring.metrics import NAMESPACE, Metric

from infra.local.demo.target import DeployedStack, Reply, request
from infra.local.errors import StackMisbehaves

DRIFT_METRICS: Final = (Metric.DRIFT_RUNS, Metric.SCORES_IN_WINDOW)
DRIFT_ALARM: Final = "DriftMissing"
_POLL: Final = 0.25  # seconds


@dataclass(frozen=True)
class Batch:
    """What became of one file. `default_probabilities` : by applicant id, as the file has them."""

    name: str
    manifest: Mapping[str, Any]
    default_probabilities: Mapping[str, float]
    rejects: list[Mapping[str, str]]


def unexpected(what: str, reply: Reply) -> StackMisbehaves:
    return StackMisbehaves(f"{what} answered {reply.status}: {reply.body[:300]!r}")


def refuses_strangers(target: DeployedStack, token: str, record: Mapping[str, object]) -> bool:
    """True when every protected route wants a token, a genuine one."""
    forged = token[:-10] + ("A" * 10 if not token.endswith("A" * 10) else "B" * 10)
    calls = [
        ("POST", "/predict", dict(record)),
        ("GET", "/model", None),
        ("GET", "/model/card", None),
        ("GET", "/applicants", None),
        ("GET", "/batches", None),
    ]
    return all(
        target.call(method, path, token=given, body=body).status == 401
        for method, path, body in calls
        for given in ("", forged, "no.token.atall")
    )


def read_api(target: DeployedStack, path: str, token: str) -> Any:
    reply = target.call("GET", path, token=token)
    if reply.status != 200:
        raise unexpected(f"GET {path}", reply)
    return reply.json()


def predict(target: DeployedStack, token: str, record: Mapping[str, object]) -> Any:
    reply = target.call("POST", "/predict", token=token, body=dict(record))
    if reply.status != 200:
        raise unexpected("POST /predict", reply)
    return reply.json()


def score_file(
    target: DeployedStack, token: str, *, branch: str, filename: str, body: bytes, timeout: float
) -> Batch:
    """Upload a file as the page does and read its result as the page does."""
    place = {"branch": branch, "filename": filename, "bytes": len(body)}
    reply = target.call("POST", "/uploads", token=token, body=place)
    if reply.status not in (200,):
        raise unexpected("POST /uploads", reply)
    upload = reply.json()
    put = request(upload["method"], upload["url"], body, upload["headers"])
    if put.status != 200:
        raise unexpected("the presigned upload", put)
    result = follow_batch(target, token, upload["batch"], timeout=timeout)
    return Batch(
        name=upload["batch"],
        manifest=result["manifest"],
        default_probabilities=read_scores(download(result["scores_url"])),
        rejects=list(csv.DictReader(io.StringIO(download(result["rejects_url"]).decode()))),
    )


def follow_batch(target: DeployedStack, token: str, batch: str, *, timeout: float) -> Any:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        result = read_api(target, f"/batches/{batch}", token)
        if result["status"] in ("finished", "failed"):
            return result
        time.sleep(_POLL)
    raise StackMisbehaves(f"Batch {batch} is not over after {timeout:.0f} s.")


def download(url: str) -> bytes:
    """A presigned file."""
    reply = request("GET", url, b"", {})
    if reply.status != 200:
        raise unexpected("a presigned download", reply)
    return reply.body


def read_scores(text: bytes) -> dict[str, float]:
    """PD by applicant id; a float is read back to the last bit."""
    rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    return {row["applicant_id"]: float(row["probability_of_default"]) for row in rows}


def count_profiles(target: DeployedStack, ids: Iterable[str]) -> int:
    """How many of these applicants have a profile."""
    dynamodb, table = target.access.client("dynamodb"), target.outputs["ProfilesTable"]
    wanted = [{"applicant_id": {"S": applicant_id}} for applicant_id in ids]
    found = 0
    for start in range(0, len(wanted), 100):
        request_items = {
            table: {"Keys": wanted[start : start + 100], "ProjectionExpression": "applicant_id"}
        }
        while request_items:
            answer = dynamodb.batch_get_item(RequestItems=request_items)
            found += len(answer["Responses"].get(table, []))
            request_items = answer.get("UnprocessedKeys", {})
    return found


def drift_report_bytes(target: DeployedStack) -> int:
    """The size of the report that the newest run wrote."""
    keys = [key for key in target.result_keys("drift/") if key.endswith("/report.html")]
    return len(target.read_result(max(keys))) if keys else 0


def metric_names(target: DeployedStack, service: str, *, timeout: float) -> list[str]:
    """The metrics of one service, waiting for the drift monitor's to arrive."""
    cloudwatch, end = target.access.client("cloudwatch"), time.monotonic() + timeout
    names: set[str] = set()
    while not names.issuperset(DRIFT_METRICS) and time.monotonic() < end:
        pages = cloudwatch.get_paginator("list_metrics").paginate(
            Namespace=NAMESPACE, Dimensions=[{"Name": "service", "Value": service}]
        )
        names = {metric["MetricName"] for page in pages for metric in page["Metrics"]}
        time.sleep(_POLL)
    return sorted(names)


def alarm_states(target: DeployedStack, *, timeout: float) -> dict[str, str]:
    """Every alarm's state, waiting until the one on missing drift runs has gone quiet."""
    prefix, end = target.outputs["AlarmPrefix"], time.monotonic() + timeout
    while True:
        states = _read_states(target, prefix)
        quiet = any(name.endswith(DRIFT_ALARM) and s == "OK" for name, s in states.items())
        if quiet or time.monotonic() > end:
            return states
        time.sleep(_POLL)


def _read_states(target: DeployedStack, prefix: str) -> dict[str, str]:
    pages = target.access.client("cloudwatch").get_paginator("describe_alarms")
    found = pages.paginate(AlarmNamePrefix=prefix)
    alarms = [alarm for page in found for alarm in page["MetricAlarms"]]
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms}
