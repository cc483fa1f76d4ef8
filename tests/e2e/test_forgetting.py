"""An applicant who was everywhere is found before `make forget`, after it where a rule says so."""

import csv
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
def planted(target, token, upload):
    """Both everywhere; a night's records are compacted, a later score has only just arrived."""
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
def traces(target, planted):
    secret = target.access.client("secretsmanager").get_secret_value(
        SecretId=target.outputs["PseudonymSecretArn"]
    )
    pseudonyms = Pseudonyms(secret["SecretString"])
    found = [Traces(target, who, int(pseudonyms.of([who])[0])) for who in (WHO, SOMEBODY_ELSE)]
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
    assert {name: int(count) for name, count in counts.items() if name != "scores"} == {
        "cases": 1, "lists": 1, "profiles": 1,
    }  # fmt: skip
    # One of the file, two of the API's at least.
    assert int(counts["scores"]) >= 3
    assert "Kept by rule: 1 decisions." in forgotten


def test_afterwards_nothing_that_serves_knows_them(forgotten, traces):
    assert current(traces[0].find()) == BY_AGE | BY_RULE


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
