"""Take each permission of each role away, one at a time, and see what fails without it.

    python -m infra.local.permissions
    python -m infra.local.permissions --roles Promoter Renewer
    python -m infra.local.permissions --new --write  # what was granted since the last run
    python -m infra.local.permissions --write  # the table of docs/security.md anew

A stack is started for it on free ports, on this machine: emulated. Exit code 1 if a permission is
superfluous; nothing is then written.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from infra.local.demo.building import Builder, DemoPlan
from infra.local.demo.command_line import end_on_signals, told_in_one_sentence
from infra.local.demo.life import Life
from infra.local.demo.running import Runner
from infra.local.demo.sequence import list_steps
from infra.local.demo.steps import DemoStep, run_steps
from infra.local.deployment.deploy import only_stack
from infra.local.deployment.template import read_template
from infra.local.permissions.exercises.promoting import live_version
from infra.local.permissions.granted import Permission, list_permissions
from infra.local.permissions.page import PAGE, Key, read_proven, renew, write_proven
from infra.local.permissions.proving import Proof, prove
from infra.local.permissions.removal import Policies
from infra.local.permissions.roles import ROLES
from infra.local.permissions.stage import Stage
from infra.local.permissions.unasked import why_unasked
from infra.local.permissions.workers import require_processes
from infra.local.ports import find_free_ports
from infra.local.processes import ProcessGroup
from infra.repository import ROOT

APPLICANTS = 4_000  # enough to train on, quick to make
# Seconds after which a renewal that was refused has tried again.
_QUIET = 12.0


def run(
    plan: DemoPlan, roles: Sequence[str], *, known: Collection[Key]
) -> tuple[list[Permission], list[Proof]]:
    """All permissions of the template, and what became of those of these roles.

    known : permissions that are not tried again
    """
    with ProcessGroup() as group:
        builder, runner = Builder(plan, group), Runner(plan, group)
        try:
            run_steps([*list_steps(builder, runner), *first_uses(runner)])
            stack = only_stack(plan.assembly)
            template = read_template(plan.assembly / f"{stack}.template.json")
            permissions = list_permissions(template)
            tried = [p for p in permissions if p.key not in known and not why_unasked(p)]
            by_role = {role: [p for p in tried if p.role == role] for role in roles}
            asked = {role: some for role, some in by_role.items() if some}
            policies = Policies(runner.access, stack, template)
            return permissions, prove(Stage(runner), policies, asked)
        finally:
            group.close(grace=5)


def first_uses(runner: Runner) -> list[DemoStep]:
    return [
        DemoStep("Promote the newer model", Life(runner).promote),
        DemoStep("Wait for its snapshots", lambda: wait_for_snapshot(runner)),
        DemoStep("Score a sample file", runner.score_sample),
    ]


def wait_for_snapshot(runner: Runner) -> str:
    """Until no renewal moves the alias any more: it would meet those of the exercises."""
    stage = Stage(runner)
    version, since = live_version(stage), time.monotonic()
    while time.monotonic() - since < _QUIET:
        time.sleep(1)
        if (found := live_version(stage)) != version:
            version, since = found, time.monotonic()
    return f"version {version} serves"


def make_plan(home: Path) -> DemoPlan:
    port, emulator_port = find_free_ports(2)
    return DemoPlan(
        home=home.resolve(),
        data=None,
        applicants=APPLICANTS,
        port=port,
        emulator_port=emulator_port,
        has_past=True,
        cloud_name="permissions",
    )


def conclude(permissions: Sequence[Permission], proofs: Sequence[Proof], *, write: bool) -> int:
    """Tell it; the exit code."""
    fails = {proof.permission.key: proof.fails for proof in proofs}
    superfluous = [proof.permission for proof in proofs if not proof.fails]
    print(f"\n{write_proven(permissions, fails)}\n")
    print(f"{len(proofs)} permissions tried, {len(superfluous)} superfluous")
    for permission in superfluous:
        print(f"superfluous: {permission}")
    if superfluous:
        return 1
    if write:
        page = renew(PAGE.read_text(encoding="utf-8"), permissions, fails)
        PAGE.write_text(page, encoding="utf-8")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.permissions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--roles", nargs="+", default=list(ROLES), choices=list(ROLES), metavar="ROLE",
        help=f"default: all of {', '.join(ROLES)}",
    )  # fmt: skip
    parser.add_argument(
        "--new", action="store_true", help="only those of which docs/security.md has no row yet"
    )
    parser.add_argument("--write", action="store_true", help="the table into docs/security.md")
    parser.add_argument(
        "--home", type=Path, default=ROOT / "build" / "e2e", help="where it keeps its files"
    )
    options = parser.parse_args()
    end_on_signals()
    try:
        with told_in_one_sentence():
            require_processes()
            known: Collection[Key] = (
                read_proven(PAGE.read_text(encoding="utf-8")) if options.new else ()
            )
            permissions, proofs = run(make_plan(options.home), options.roles, known=known)
    except KeyboardInterrupt:
        print("\nEnded.", file=sys.stderr)
        return 1
    return conclude(permissions, proofs, write=options.write)


if __name__ == "__main__":
    sys.exit(main())
