"""A list of steps, each told before it runs and timed after; what is built already is kept."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.errors import StepFailed
from infra.local.processes import ProcessGroup
from infra.repository import ROOT

UNCHANGED: Final = "unchanged"
_NOT_INPUT: Final = frozenset({"__pycache__", "node_modules", "vendor"})


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


class Stamps:
    """Remembers from which inputs something was built: for the same ones it is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_current(self, name: str, digest: str, *, result: Path) -> bool:
        stamp = self._folder / name
        return result.exists() and stamp.is_file() and stamp.read_text() == digest

    def write(self, name: str, digest: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_text(digest)


def digest_files(inputs: Iterable[Path], *words: str) -> str:
    """SHA-256 over the names and contents of files and folders."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in _files(inputs):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def digest_data(folder: Path) -> str:
    """SHA-256 over names, sizes and dates: data may have gigabytes."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        about = path.stat()
        digest.update(f"{path.name}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _files(inputs: Iterable[Path]) -> Iterable[Path]:
    for path in inputs:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            if file.is_file() and not _NOT_INPUT & set(file.relative_to(ROOT).parts):
                yield file
