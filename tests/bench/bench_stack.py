"""Calls and a file through the whole local stack: gateway, authorizer, function, tables, records.

What AWS takes for its part is not in it, and what the emulator takes is: so each call is compared
with the shortest one of all, a health check that does nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from infra.local.check.observations import read_api, score_file
from infra.local.demo.building import Builder, DemoPlan
from infra.local.demo.running import BRANCH, PASSWORD, USERNAME, Runner
from infra.local.demo.sequence import list_steps
from infra.local.demo.steps import run_steps
from infra.local.demo.target import DeployedStack
from infra.local.demo.uploads import read_sample
from infra.local.ports import find_free_ports
from infra.local.processes import ProcessGroup
from tests.bench.bench_csv import MILLION, make_file
from tests.bench.measuring import Result, Settings, percentile, times_of_calls
from tests.bench.reference_model import ROOT

APPLICANTS = 4_000
CALLS, WARM_UP = 200, 10
VARIANTS = 10
ROWS = 50_000
SECONDS_FOR_A_FILE = 1_800.0


def run(settings: Settings) -> Iterator[Result]:
    port, emulator_port = find_free_ports(2)
    home = ROOT / "build" / "e2e"
    plan = DemoPlan(
        home=home, data=None, applicants=APPLICANTS, port=port, emulator_port=emulator_port
    )
    with ProcessGroup() as group:
        runner = Runner(plan, group)
        run_steps(list_steps(Builder(plan, group), runner))
        target = runner.target
        token = target.log_in(USERNAME, PASSWORD)
        sample = read_sample(plan.upload, 50)
        score_file(target, token, branch=BRANCH, filename="bench.csv", body=sample, timeout=120)
        yield from _calls(target, token, settings.choose(CALLS, 5))
        rows = MILLION if settings.million else settings.choose(ROWS, 5_000)
        yield _file(target, rows)


def _calls(target: DeployedStack, token: str, count: int) -> Iterator[Result]:
    calls = _list_calls(target, token)
    for call in calls.values():
        times_of_calls(call, WARM_UP)
    times = {name: times_of_calls(call, count) for name, call in calls.items()}
    for name, taken in times.items():
        late = percentile(taken, 0.95) * 1e3
        note = f"{count} warm calls, each on a connection of its own; 95 % within {late:.1f} ms"
        against = median(times["health"]) * 1e3
        yield Result(f"stack_{name}_ms", median(taken) * 1e3, "ms", against, f"{note}; emulated")


def _list_calls(target: DeployedStack, token: str) -> dict[str, Callable[[int], object]]:
    """Of an applicant who is refused: what the page asks of one."""
    [found] = read_api(target, "/applicants?decision=refuse&limit=1", token)["items"]
    applicant_id = found["applicant_id"]
    stored = read_api(target, f"/applicants/{applicant_id}", token)
    application = stored["application"]
    amounts = [application["AMT_CREDIT"] * (1 - step / 20) for step in range(1, VARIANTS + 1)]
    who = {"applicant_id": applicant_id}

    def post(path: str, body: object) -> Callable[[int], object]:
        return lambda _: _answered(target.call("POST", path, token=token, body=body))

    return {
        "health": lambda _: _answered(target.call("GET", "/health")),
        "score": post("/predict", application | stored["history"]),
        f"simulate_{VARIANTS}": post(
            "/simulate", who | {"changes": [{"AMT_CREDIT": amount} for amount in amounts]}
        ),
        "counter_offer": post("/counter-offer", who),
        "counterfactuals": post("/counterfactuals", who),
    }


def _answered(reply: Any) -> None:
    assert reply.status == 200, reply.body[:300]


def _file(target: DeployedStack, rows: int) -> Result:
    """From the upload to its receipt, which is written last."""
    content = make_file(rows).read_bytes()
    began = time.perf_counter()
    target.put_upload(f"uploads/{BRANCH}/bench-{rows}.csv", content)
    key = target.wait_for_result(f"scored/{BRANCH}/bench-{rows}.csv/", timeout=SECONDS_FOR_A_FILE)
    seconds = time.perf_counter() - began
    manifest = json.loads(target.read_result(key))
    assert manifest["scored"] == rows, manifest["causes"]
    note = f"{rows:,} rows, profiles and records included; emulated"
    return Result("stack_file_rows_per_second", rows / seconds, "rows/s", None, note)
