"""Operators of a running stack see its alarms, its traffic and what was given up."""

import pytest

from infra.local.demo.running import PASSWORD


@pytest.fixture(scope="module")
def operator(target):
    target.create_user("watching", PASSWORD, groups=("operator",))
    return target.log_in("watching", PASSWORD)


def test_the_operators_see_the_alarms_of_this_stack_and_its_traffic(target, operator):
    alarms = target.call("GET", "/alarms", token=operator).json()["items"]
    assert {"ScoreApiErrors", "MissingColumns", "CanaryFails"} & {a["name"] for a in alarms}
    assert len(alarms) > 20
    assert all(alarm["runbook"] for alarm in alarms)
    told = target.call("GET", f"/alarms/{alarms[0]['name']}/history", token=operator)
    assert told.status == 200
    traffic = target.call("GET", "/traffic?hours=3", token=operator).json()
    sums = {s["name"]: sum(v or 0 for v in s["values"]) for s in traffic["series"]}
    assert {"requests", "latency_p95", "scored_rows"} <= sums.keys()
    given_up = target.call("GET", "/given-up", token=operator).json()
    assert given_up["waiting"].keys() == {"batch", "drift"}
