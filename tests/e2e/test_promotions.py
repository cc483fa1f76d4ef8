"""A promotion through the real API: by two people, in force within a minute, and taken back."""

import os
import subprocess
import sys
import time

import pytest

from infra.local.demo.running import PASSWORD

# What a training would publish, in a moment: the same trees with a stricter cut-off.
PUBLISH = """
import sys
from dataclasses import replace
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.bundle import load_champion, load_reference, save_bundle
store = open_store(sys.argv[1])
model = load_champion(store)
stricter = replace(model, cutoff=model.cutoff * 0.9)
print(save_bundle(store, stricter, reference=load_reference(store, model.version))[0])
"""
IN_FORCE_SECONDS = 60


@pytest.fixture(scope="module")
def people(target):
    """Tokens of two operators and a data scientist."""
    roles = {"ops-one": "operator", "ops-two": "operator", "lab": "data-scientist"}
    for name, role in roles.items():
        target.create_user(name, PASSWORD, groups=(role,))
    return [target.log_in(name, PASSWORD) for name in roles]


@pytest.fixture(scope="module")
def challenger(target):
    command = [sys.executable, "-c", PUBLISH, target.outputs["ModelsUrl"]]
    environment = os.environ | target.access.environment
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def serving(target, token):
    return target.call("GET", "/model", token=token).json()["version"]


def wait_for(target, token, version):
    end = time.monotonic() + IN_FORCE_SECONDS
    while serving(target, token) != version:
        assert time.monotonic() < end, f"{version} does not serve after {IN_FORCE_SECONDS} s"
        time.sleep(1)


def test_two_people_promote_one_rolls_back_and_all_of_it_is_in_the_history(
    target, people, challenger
):
    one, two, lab = people
    before = serving(target, one)
    said = {"version": challenger, "kind": "promotion", "reason": "Stricter.", "over": before}
    assert target.call("POST", "/promotions", token=lab, body=said).status == 403
    proposed = target.call("POST", "/promotions", token=one, body=said)
    assert (proposed.status, proposed.json()["outcome"]) == (202, "proposed")
    approval = f"/promotions/{proposed.json()['proposal']['id']}/approval"
    reason = {"reason": "Seen and accepted."}
    assert target.call("POST", approval, token=one, body=reason).status == 403
    assert serving(target, one) == before
    assert target.call("POST", approval, token=two, body=reason).json()["outcome"] == "serves"
    wait_for(target, one, challenger)
    again = target.call("POST", "/promotions", token=two, body=said | {"version": before})
    assert again.status == 409, "somebody who looked before the change is told"
    back = {"version": before, "kind": "rollback", "reason": "Too strict.", "over": challenger}
    assert target.call("POST", "/promotions", token=two, body=back).status == 201
    wait_for(target, one, before)
    history = target.call("GET", "/promotions", token=lab).json()["history"]
    assert [(e["version"], e["kind"], e["promoted_by"]) for e in history[:2]] == [
        (before, "rollback", "ops-two"),
        (challenger, "promotion", "ops-one"),
    ]
    assert "Approved by ops-two" in history[1]["reason"]


def test_the_operators_see_the_alarms_of_this_stack_and_its_traffic(target, people):
    alarms = target.call("GET", "/alarms", token=people[0]).json()["items"]
    assert {"ScoreApiErrors", "MissingColumns", "CanaryFails"} & {a["name"] for a in alarms}
    assert len(alarms) > 20
    assert all(alarm["runbook"] for alarm in alarms)
    told = target.call("GET", f"/alarms/{alarms[0]['name']}/history", token=people[0])
    assert told.status == 200
    traffic = target.call("GET", "/traffic?hours=3", token=people[0]).json()
    sums = {s["name"]: sum(v or 0 for v in s["values"]) for s in traffic["series"]}
    assert sums["requests"] > 0
    given_up = target.call("GET", "/given-up", token=people[0]).json()
    assert given_up["waiting"].keys() == {"batch", "drift"}
