"""A list of steps, each told before it runs and timed after; what is built already is kept."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.errors import StepFailed
from infra.local.processes import ProcessGroup
from infra.repository import ROOT

UNCHANGED: Final = "unchanged"


@dataclass(frozen=True)
class DemoStep:
    """`run` does it and returns a few words about the outcome."""

    title: str
    run: Callable[[], str]


def run_steps(steps: Sequence[DemoStep]) -> None:
    """Run one after the other, telling each on standard error."""
    width = max(len(step.title) for step in steps)
    for number, step in enumerate(steps, start=1):
        print(f"[{number:2}/{len(steps)}] {step.title} ...", file=sys.stderr, flush=True)
        started = time.monotonic()
        outcome = step.run()
        seconds = f"{time.monotonic() - started:6.1f} s"
        print(f"{'':8}{step.title:<{width}} {seconds}  {outcome}", file=sys.stderr, flush=True)


def run_command(
    group: ProcessGroup,
    step: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run one of the project's commands, its words on our standard error.

    env : variables beside our own
    """
    everything = {**os.environ, **(env or {})}
    process = group.start(command, cwd=ROOT, env=everything, stdout=sys.stderr.fileno())
    if code := process.wait():
        told = " ".join(str(part) for part in command[:4])
        raise StepFailed(step, f"`{told}` ended with {code}; its own words are above")


def python(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", *arguments]


def digest_data(folder: Path) -> str:
    """SHA-256 over names, sizes and dates: data may have gigabytes."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        about = path.stat()
        digest.update(f"{path.name}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
    return digest.hexdigest()
