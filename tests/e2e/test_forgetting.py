"""An applicant who was everywhere is found before `make forget`, after it where a rule says so."""

import base64
import csv
import gzip
import io
import json
import subprocess
import time

import pytest
from credit_scoring.stored.pseudonyms import Pseudonyms

from infra.local.demo.running import BRANCH
from tests.e2e.traces import Traces
from tests.repository import ROOT

pytestmark = pytest.mark.local_cloud("its commands are told the emulator's port")

# Not of digits alone, which a long number may hold by chance.
WHO, SOMEBODY_ELSE = "FORGET-ME-4711007", "KEEP-ME-4711008"
# Everywhere that serves. Files go by age, decisions stay: docs/operations.md.
SERVING = {"profiles", "cases", "lists", "records"}
BY_AGE = {"uploads", "scored", "work"}
BY_RULE = {"decisions"}
# Where records lie that no table holds.
ASIDE = ("records/damaged/lines/e2e.gz", "records/undelivered/processing-failed/e2e")


def two_applicants(upload):
    """A file of two people whom nobody else sent, and a second line of each, which is refused."""
    rows = list(csv.DictReader(io.StringIO(upload.decode())))[:2]
    for row, applicant_id in zip(rows, (WHO, SOMEBODY_ELSE), strict=True):
        row["SK_ID_CURR"] = applicant_id
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, *rows])
    return out.getvalue().encode()


def decide(target, token, applicant_id):
    """Claimed, scored by the API, decided: a case, a record of the stream, a decision."""
    path = f"/applicants/{applicant_id}"
    assert target.call("PUT", f"{path}/claim", token=token).status == 200
    score = target.call("GET", f"{path}/score", token=token).json()
    body = {
        "applicant_id": applicant_id, "decision": "refuse", "override_reason": "Essai",
        "model_version": score["model"]["version"],
    }  # fmt: skip
    reply = target.call("POST", "/decisions", token=token, body=body)
    assert reply.status == 201, reply.body


@pytest.fixture(scope="module")
def pseudonyms(target):
    """Of each of the two, as records keep it."""
    secret = target.access.client("secretsmanager").get_secret_value(
        SecretId=target.outputs["PseudonymSecretArn"]
    )
    both = [WHO, SOMEBODY_ELSE]
    found = Pseudonyms(secret["SecretString"]).of(both).view("int64").tolist()
    return dict(zip(both, found, strict=True))


def set_aside(target, pseudonyms):
    """Records of both that could not be read, or not be delivered."""
    lines = [
        json.dumps({"kind": "score", "applicant": each}, separators=(",", ":")).encode() + b"\n"
        for each in pseudonyms.values()
    ]
    half_a_line = lines[1][:-2] + b",\n"
    given_up = b"".join(
        json.dumps({"errorCode": "x", "rawData": base64.b64encode(line).decode()}).encode() + b"\n"
        for line in lines
    )
    s3, bucket = target.access.client("s3"), target.outputs["ResultsBucket"]
    damaged = gzip.compress(b"".join(lines) + half_a_line)
    for key, data in zip(ASIDE, (damaged, given_up), strict=True):
        s3.put_object(Bucket=bucket, Key=key, Body=data)


@pytest.fixture(scope="module")
def planted(target, token, upload, pseudonyms):
    """Both everywhere; a night's records are compacted, a later score has only just arrived."""
    set_aside(target, pseudonyms)
    prefix = f"scored/{BRANCH}/forget.csv/"
    target.put_upload(f"uploads/{BRANCH}/forget.csv", two_applicants(upload))
    manifest = json.loads(target.read_result(target.wait_for_result(prefix, timeout=120)))
    assert (manifest["scored"], manifest["rejected"]) == (2, 2)
    for applicant_id in (WHO, SOMEBODY_ELSE):
        decide(target, token, applicant_id)
    target.run_drift()
    for applicant_id in (WHO, SOMEBODY_ELSE):
        target.call("GET", f"/applicants/{applicant_id}/score", token=token)


@pytest.fixture(scope="module")
def traces(target, planted, pseudonyms):
    found = [Traces(target, who, number % 2**64) for who, number in pseudonyms.items()]
    assert all(each.remember_scores() >= 2 for each in found)
    return found


@pytest.fixture(scope="module")
def before(traces):
    return [each.find() for each in traces]


def make(target, runner, command):
    port = f"PORT={runner.plan.emulator_port}"
    done = subprocess.run(
        ["make", "-s", command, f"APPLICANT={WHO}", port], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def forgotten(target, runner, before):
    """What the command says of itself."""
    return make(target, runner, "forget")


def current(places):
    return {place for place in places if not place.startswith("old ")}


def test_before_both_are_everywhere_but_in_no_log(before):
    for places in before:
        assert current(places) == SERVING | BY_AGE | BY_RULE


def test_the_command_says_how_much_it_deleted(forgotten):
    counts = dict(part.split()[::-1] for part in forgotten.split(". ")[0][9:].split(", "))
    tables = {name: int(count) for name, count in counts.items() if name[0] != "s"}
    assert tables == {"cases": 1, "lists": 1, "profiles": 1}
    # One of the file, two of the API's at least.
    assert int(counts["scores"]) >= 3
    assert int(counts["set_aside"]) >= 2
    assert "Kept by rule: 1 decisions." in forgotten


def test_afterwards_nothing_that_serves_knows_them(forgotten, traces):
    assert current(traces[0].find()) == BY_AGE | BY_RULE


def test_what_no_table_held_is_searched_too_and_keeps_everybody_else(forgotten, target, pseudonyms):
    damaged, given_up = (target.read_result(key) for key in ASIDE)
    records = [json.loads(line)["rawData"] for line in given_up.splitlines()]
    for text in (gzip.decompress(damaged), b"".join(map(base64.b64decode, records))):
        assert str(pseudonyms[WHO]).encode() not in text
        assert str(pseudonyms[SOMEBODY_ELSE]).encode() in text


def test_old_versions_are_left_only_where_they_go_by_age(forgotten, traces):
    old = {place for place in traces[0].find() if place.startswith("old ")}
    assert old <= {"old lists", "old records"}


def test_nobody_else_is_missing(forgotten, before, traces):
    assert current(traces[1].find()) == current(before[1])


def test_the_api_and_the_operator_no_longer_find_them(forgotten, target, token, runner):
    end = time.monotonic() + 30
    while True:
        found = target.call("GET", f"/applicants?query={WHO}", token=token).json()
        if not found["items"] or time.monotonic() > end:
            break
        time.sleep(1)
    assert found["total"] == 0
    assert target.call("GET", f"/applicants/{WHO}", token=token).status == 404
    shown = json.loads(make(target, runner, "applicant"))
    assert (shown["profile"], shown["listed_in"], shown["cases"]) == (None, [], [])
    assert len(shown["decisions"]) == 1
    # Whoever still may read the decision reads it.
    assert target.call("GET", f"/applicants/{SOMEBODY_ELSE}", token=token).status == 200
