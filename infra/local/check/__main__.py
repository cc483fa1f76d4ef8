"""Start the whole stack on free ports and drive it from outside; one JSON object at the end.

    python -m infra.local.check
    python -m infra.local.check --data DIR --csv FILE

Exit code 0 only if everything is right.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from credit_scoring.contract.columns import ID

from infra.local.check.journeys import journeys
from infra.local.check.observations import (
    DRIFT_ALARM,
    DRIFT_METRICS,
    Batch,
    alarm_states,
    count_profiles,
    drift_report_bytes,
    metric_names,
    predict,
    read_api,
    refuses_strangers,
    score_file,
)
from infra.local.check.reference import ExpectedScores, compute_reference
from infra.local.demo.building import Builder, DemoPlan
from infra.local.demo.command_line import add_plan_arguments, end_on_signals, told_in_one_sentence
from infra.local.demo.running import ADVISOR, BRANCH, Runner
from infra.local.demo.sequence import list_steps
from infra.local.demo.steps import DemoStep, run_steps
from infra.local.demo.target import DeployedStack, random_password
from infra.local.demo.uploads import Rows, find_source, read_given, read_sample, read_shares
from infra.local.errors import StackMisbehaves
from infra.local.ports import find_free_ports
from infra.local.processes import ProcessGroup

COMPARED: Final = 25  # applicants whose every way of being scored is compared


@dataclass
class Check:
    """Drives one target; `seen` fills up step by step."""

    target: DeployedStack
    body: bytes
    filename: str
    models: Path
    tables: Path
    applicants: Rows
    timeout: float = 600.0

    def __post_init__(self) -> None:
        self.seen: dict[str, Any] = {}
        self.wrong: list[str] = []
        self.username = f"check-{secrets.token_hex(4)}"
        self.token = ""

    def steps(self) -> list[DemoStep]:
        return [
            DemoStep("Compute what the file should score", self.compute_reference),
            DemoStep("Log in", self.log_in),
            DemoStep("Call without and with a token", self.check_login),
            DemoStep("Upload the file and read its result", self.check_file),
            DemoStep("Compare API, file and training", self.check_scores),
            DemoStep("Count the profiles", self.check_profiles),
            DemoStep("Run the drift monitor", self.check_drift),
            *(
                DemoStep(f"Go the way of {name}", partial(self.check_journey, name, way))
                for name, way in journeys(self.target, self.applicants).items()
            ),
            DemoStep("Read the alarms", self.check_alarms),
        ]

    def run(self) -> None:
        """Every step, as far as the stack lets it; what stops it is told and not right."""
        try:
            run_steps(self.steps())
        except StackMisbehaves as error:
            print(error, file=sys.stderr)
            self.wrong.append("the check was not finished")
        finally:
            self.close()

    def compute_reference(self) -> str:
        self.reference: ExpectedScores = compute_reference(self.body, self.models, self.tables)
        return f"{len(self.reference.applicants)} of {self.reference.rows} rows keep the contract"

    def log_in(self) -> str:
        password = random_password()
        self.target.create_user(self.username, password, groups=ADVISOR)
        self.token = self.target.log_in(self.username, password)
        return self.username

    def check_login(self) -> str:
        record = self.reference.applicants.record(0)
        self.note("login_required", refuses_strangers(self.target, self.token, record))
        return "401 without" if self.seen["login_required"] else "open to strangers"

    def check_file(self) -> str:
        self.batch: Batch = score_file(
            self.target, self.token, branch=BRANCH, filename=self.filename, body=self.body,
            timeout=self.timeout,
        )  # fmt: skip
        rows, scored = self.reference.rows, len(self.batch.default_probabilities)
        rejected = len(self.batch.rejects)
        self.note("csv_rows_in", rows, right=rows == scored + rejected)
        self.note("csv_scored", scored, right=scored > 0)
        causes = all(reject.get("cause") for reject in self.batch.rejects)
        self.note("csv_rejected", rejected, right=causes)
        return f"{rows} rows in, {scored} scored, {rejected} rejected"

    def check_scores(self) -> str:
        """Every row of the file, and some applicants in every way, to training's last bit."""
        same = self.batch.default_probabilities == self.reference.default_probabilities
        places = self.reference.some_rows(COMPARED)
        for place in places:
            record = self.reference.applicants.record(place)
            applicant_id = str(record[ID])
            expected = self.reference.default_probabilities[applicant_id]
            by_id = read_api(self.target, f"/applicants/{applicant_id}/score", self.token)
            by_value = predict(self.target, self.token, record)
            found = {answer["probability_of_default"] for answer in (by_id, by_value)}
            same = same and found == {expected}
            self.seen.setdefault("api_pd", by_value["probability_of_default"])
        self.note("api_equals_training", same)
        told = "equal" if same else "DIFFERENT"
        return f"{len(places)} applicants by API, all rows by file: {told}"

    def check_profiles(self) -> str:
        written = count_profiles(self.target, self.batch.default_probabilities)
        wanted = len(self.batch.default_probabilities)
        self.note("profiles_written", written, right=written == wanted)
        return f"{written} of {wanted}"

    def check_drift(self) -> str:
        summary = self.target.run_drift()
        size = drift_report_bytes(self.target)
        self.note("drift_report_bytes", size, right=size > 0)
        names = metric_names(self.target, "drift-monitor", timeout=60)
        self.note("drift_metrics", names, right=set(DRIFT_METRICS) <= set(names))
        return f"status {summary.get('status')}, {size / 1e6:.1f} MB, {len(names)} metrics"

    def check_journey(self, name: str, way: Callable[[], str]) -> str:
        seen = way()
        self.seen.setdefault("journeys", {})[name] = seen
        return seen

    def check_alarms(self) -> str:
        states = alarm_states(self.target, timeout=60)
        self.note("alarm_state", states, right=all_quiet(states))
        ringing = [name for name, state in states.items() if state == "ALARM"]
        return f"ringing: {', '.join(ringing) or 'none'}"

    def note(self, name: str, value: object, *, right: bool | None = None) -> None:
        """Keep what was seen; without `right`, the value itself says whether it is."""
        self.seen[name] = value
        if not (value if right is None else right):
            self.wrong.append(name)

    def close(self) -> None:
        if self.token:
            self.target.delete_user(self.username)


def all_quiet(states: Mapping[str, str]) -> bool:
    """Nothing failed and the drift monitor ran; that data drifted may be true."""
    failed = [n for n, s in states.items() if s == "ALARM" and n.endswith(("Errors", "Failures"))]
    ran = [s for n, s in states.items() if n.endswith(DRIFT_ALARM)]
    return not failed and ran == ["OK"]


def check_demo(plan: DemoPlan) -> int:
    """Build and run the demo's stack, check it, print what was seen; the exit code."""
    started = time.monotonic()
    with ProcessGroup() as group:
        builder, runner = Builder(plan, group), Runner(plan, group)
        try:
            run_steps(list_steps(builder, runner))
            check = make_check(plan, runner.target)
            check.run()
        finally:
            group.close(grace=5)
    seconds = round(time.monotonic() - started, 1)
    return conclude(check, seconds)


def conclude(check: Check, seconds: float) -> int:
    for name in check.wrong:
        print(f"not right: {name}", file=sys.stderr)
    print(json.dumps({**check.seen, "seconds": seconds}), flush=True)
    return 1 if check.wrong else 0


def make_check(plan: DemoPlan, target: DeployedStack) -> Check:
    """The given file as it is, or the first applicants of the tables."""
    name, body = read_given(plan.csv) if plan.csv else ("check.csv", read_sample(plan.upload))
    return Check(
        target,
        body=body,
        filename=name,
        models=plan.models,
        tables=plan.tables,
        applicants=read_shares(find_source(plan.tables))[0],
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_plan_arguments(parser)
    parser.add_argument("--csv", type=Path, help="the file to upload (default: test applicants)")
    options = parser.parse_args()
    port, emulator_port = find_free_ports(2)
    plan = DemoPlan(
        home=options.home.resolve(),
        data=options.data.resolve() if options.data else None,
        applicants=options.applicants,
        port=port,
        emulator_port=emulator_port,
        csv=options.csv.resolve() if options.csv else None,
        cloud_name="check",
    )
    end_on_signals()
    try:
        with told_in_one_sentence():
            return check_demo(plan)
    except KeyboardInterrupt:
        print("\nEnded.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
