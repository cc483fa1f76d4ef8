"""Everything on this machine: build, train, synthesise, deploy, use once, and stay up.

    python -m infra.local.demo

A second start keeps what is built. Ctrl-C ends it and every process it started.
"""

from __future__ import annotations

import argparse
import errno
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from credit_scoring.errors import CreditScoringError

from infra.local.building import Builder, Plan
from infra.local.errors import LocalCloudFailed
from infra.local.processes import ProcessGroup
from infra.local.running import BRANCH, PASSWORD, SAMPLE, USERNAME, Runner
from infra.local.steps import ROOT, Step, run_steps

HOME: Final = ROOT / "build" / "demo"


def list_steps(builder: Builder, runner: Runner) -> list[Step]:
    """The demo from the first step to the last."""
    return [
        Step("Look for tools, ports and space", builder.check_machine),
        Step("Make the functions' environments", builder.make_environments),
        Step("Build the layers and functions", builder.build_layers),
        Step("Fetch the page's libraries", builder.build_page),
        Step("Generate the sample data", builder.make_data),
        Step("Train a model", builder.train),
        Step("Synthesise the CDK template", builder.synthesise),
        Step("Start the local cloud", runner.start_emulator),
        Step("Deploy the template", runner.deploy),
        Step("Compare it with the template", runner.compare),
        Step("Publish the model", runner.publish_model),
        Step("Publish what past credits tell", runner.publish_histories),
        Step("Publish the page", runner.publish_page),
        Step("Open its address", runner.start_proxy),
        Step("Create a test advisor", runner.create_advisor),
        Step("Score a sample file", runner.score_sample),
        Step("Run the drift monitor", runner.run_drift),
    ]


def demo(plan: Plan) -> None:
    """Run every step, say where everything is, and stay up until a signal."""
    started = time.monotonic()
    with ProcessGroup() as group:
        builder, runner = Builder(plan, group), Runner(plan, group)
        try:
            run_steps(list_steps(builder, runner))
            print(farewell(runner, seconds=time.monotonic() - started), flush=True)
            runner.stay_up()
        finally:
            group.close(grace=5)


def farewell(running: Runner, *, seconds: float) -> str:
    return f"""
Ready after {seconds:.0f} s. Everything is emulated on this machine; nothing reached AWS.

  Page      {running.target.page}
  Login     {USERNAME} / {PASSWORD}
  Results   s3://{running.outputs["ResultsBucket"]}/scored/{BRANCH}/{SAMPLE}/
  Drift     s3://{running.outputs["ResultsBucket"]}/drift/
  Cloud     {running.access.endpoint} (key {running.access.access_key}, \
secret {running.access.secret_key}, region {running.access.region})
  Log       {running.log}

Ctrl-C ends it.
"""


def end_on_signals() -> None:
    """Ctrl-C, SIGTERM and SIGHUP end it alike, even where a script started it in the background."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


@contextmanager
def told_in_one_sentence() -> Iterator[None]:
    """Turn what a user can repair into one sentence and exit code 1."""
    try:
        yield
    except (LocalCloudFailed, CreditScoringError) as error:
        raise SystemExit(f"\n{error}") from None
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise SystemExit("\nThe disk is full: free some space and start again.") from None


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, help="a folder with Home Credit tables (default: generated ones)"
    )
    parser.add_argument(
        "--applicants", type=int, default=20_000, help="to generate (default: 20000)"
    )
    parser.add_argument("--home", type=Path, default=HOME, help="where it keeps its files")


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
    plan = Plan(
        home=options.home.resolve(),
        data=options.data.resolve() if options.data else None,
        applicants=options.applicants,
        port=options.port,
        emulator_port=options.cloud_port,
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
