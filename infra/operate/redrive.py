"""Finish what was given up: events in the batch queue, and big files whose execution failed.

    python -m infra.operate.redrive --list              what there is; nothing changes
    python -m infra.operate.redrive                     send everything again, on AWS
    python -m infra.operate.redrive --port 4566         on the local cloud

Repair the cause first. Every step of a batch is kept as it is done, so what runs again does only
what is missing. A message is deleted when Lambda has taken its event, and not before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from functions.score_api.routes.given_up.failed_events import (
    FailedEvent,
    read_failed_events,
    release,
    send_again,
)
from functions.score_api.routes.given_up.failed_executions import (
    FailedExecution,
    list_failed_executions,
    run_again,
)
from infra.access import Access
from infra.operate.deployed_stack import find_stack, name_stack

ALIAS = "live"  # infra.stack_parts.lambda_functions would start the CDK's own process to say it


def redrive(outputs: Mapping[str, str], access: Access, *, dry_run: bool) -> int:
    """Send every event and execution again, telling each; how many could not be."""
    return redrive_events(outputs, access, dry_run=dry_run) + redrive_executions(
        outputs, access, dry_run=dry_run
    )


def redrive_events(outputs: Mapping[str, str], access: Access, *, dry_run: bool) -> int:
    queue, function = outputs["BatchFailuresQueueUrl"], f"{outputs['BatchScorerFunction']}:{ALIAS}"
    # All of them first: what fails once more comes back, and is for the next time.
    seen: list[FailedEvent] = list(read_failed_events(queue, access))
    left = 0
    try:
        for event in seen:
            sent = not dry_run and send_again(event, function=function, queue=queue, clients=access)
            left += not sent
            print(f"event      {event}: {_told(dry_run, sent)}")
    finally:
        release([event for event in seen if not event.deleted], queue=queue, clients=access)
    print(f"{len(seen)} events, {len(seen) - left} sent again")
    return 0 if dry_run else left


def redrive_executions(outputs: Mapping[str, str], access: Access, *, dry_run: bool) -> int:
    failed: list[FailedExecution] = list_failed_executions(outputs["BigFilesArn"], access)
    for execution in failed:
        told = "would run again" if dry_run else run_again(execution, access)
        print(f"execution  {execution}: {told}")
    print(f"{len(failed)} executions, {0 if dry_run else len(failed)} run again")
    return 0


def _told(dry_run: bool, sent: bool) -> str:
    if dry_run:
        return "would be sent again"
    return "sent again" if sent else "left in the queue: it holds no event of the function"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operate.redrive",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--dry-run", "--list", action="store_true", help="tell what there is and change nothing"
    )
    name_stack(parser)
    return parser.parse_args(arguments)


def main() -> int:
    options = parse()
    try:
        access, outputs = find_stack(options)
        return 1 if redrive(outputs, access, dry_run=options.dry_run) else 0
    except (FileNotFoundError, BotoCoreError, ClientError) as error:
        print(f"infra.operate.redrive: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
