"""Everything on this machine: build, train, synthesise, deploy, use once, and stay up.

    python -m infra.local.demo

A second start keeps what is built. Ctrl-C ends it and every process it started.
"""

from __future__ import annotations

import argparse
import sys
import time

from infra.local.demo.building import Builder, DemoPlan
from infra.local.demo.command_line import (
    add_plan_arguments,
    end_on_signals,
    told_in_one_sentence,
)
from infra.local.demo.running import ACCOUNTS, BRANCH, PASSWORD, SAMPLE, USERNAME, Runner
from infra.local.demo.sequence import list_steps, list_uses
from infra.local.demo.steps import run_steps
from infra.local.processes import ProcessGroup


def demo(plan: DemoPlan) -> None:
    """Run every step, say where everything is, and stay up until a signal."""
    started = time.monotonic()
    with ProcessGroup() as group:
        builder, runner = Builder(plan, group), Runner(plan, group)
        try:
            run_steps([*list_steps(builder, runner), *list_uses(runner)])
            print(farewell(runner, seconds=time.monotonic() - started), flush=True)
            runner.stay_up()
        finally:
            group.close(grace=5)


def farewell(running: Runner, *, seconds: float) -> str:
    others = [(name, groups) for name, groups in ACCOUNTS.items() if name != USERNAME]
    return f"""
Ready after {seconds:.0f} s. Everything is emulated on this machine; nothing reached AWS.

  Page      {running.target.page}
  Login     {USERNAME} / {PASSWORD}
            the same password: {", ".join(f"{name} ({groups[0]})" for name, groups in others)}
  Results   s3://{running.outputs["ResultsBucket"]}/scored/{BRANCH}/{SAMPLE}/
  Drift     s3://{running.outputs["ResultsBucket"]}/drift/
  Cloud     {running.access.endpoint} (key {running.access.access_key}, \
secret {running.access.secret_key}, region {running.access.region})
  Log       {running.log}

Ctrl-C ends it.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.demo",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_plan_arguments(parser)
    parser.add_argument("--port", type=int, default=8080, help="of the page (default: 8080)")
    parser.add_argument("--cloud-port", type=int, default=4566, help="of AWS (default: 4566)")
    options = parser.parse_args()
    plan = DemoPlan(
        home=options.home.resolve(),
        data=options.data.resolve() if options.data else None,
        applicants=options.applicants,
        port=options.port,
        emulator_port=options.cloud_port,
        has_past=options.data is None,
    )
    end_on_signals()
    try:
        with told_in_one_sentence():
            demo(plan)
    except KeyboardInterrupt:
        print("\nEnded.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
