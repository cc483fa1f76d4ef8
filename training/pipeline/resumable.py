"""Steps that are not run again while what they depend on stays the same.

Each step has a folder of results in the work folder. It is written beside and renamed when the step
is done, with a key made of the step's settings, its code and the keys of the steps that it needs.
So a run that was stopped goes on where it was, and a changed setting repeats just what it touches.
"""

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.pipeline.fingerprint import digest_code

STAMP, BEGUN = "step.json", "begun"


@dataclass(frozen=True)
class Step[Settings]:
    """One part of a run.

    module : where its code is, for the key; needs : steps whose results it reads
    depends_on : what of the settings it reads, as JSON
    run : writes files into `work.results`, returns a few words about the outcome
    always : run it even when nothing changed, since its effect lies outside of the work folder
    """

    name: str
    summary: str
    module: str
    needs: tuple[str, ...]
    depends_on: Callable[[Settings], Any]
    run: Callable[["Work[Settings]"], str]
    always: bool = False


@dataclass
class Work[Settings]:
    """What a step is given.

    folder : of all results; results : where the running step writes
    memory : what steps of the same process share to spare themselves reading it again
    """

    settings: Settings
    folder: Path
    results: Path = field(default_factory=Path)
    memory: dict[str, Any] = field(default_factory=dict)

    def path(self, step: str, file: str) -> Path:
        """A file that an earlier step wrote."""
        return self.folder / step / file

    def read(self, step: str, file: str) -> Any:
        return json.loads(self.path(step, file).read_text(encoding="utf-8"))

    def write(self, file: str, content: object) -> None:
        text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)
        (self.results / file).write_text(text, encoding="utf-8")

    def seconds(self) -> dict[str, float]:
        """How long each finished step took when it last ran."""
        stamps = sorted(self.folder.glob(f"*/{STAMP}"))
        return {path.parent.name: json.loads(path.read_text())["seconds"] for path in stamps}


class Pipeline[Settings]:
    """Runs steps in their order."""

    def __init__(self, steps: Sequence[Step[Settings]], work: Work[Settings]) -> None:
        self.steps, self.work = steps, work
        self.keys = _keys(steps, work.settings)

    def run(self, *, until: str | None = None, again: Sequence[str] = ()) -> None:
        """Bring the steps up to date, up to and including `until`; `again` names some to repeat."""
        names = [step.name for step in self.steps]
        last = names.index(until) + 1 if until else len(names)
        width = max(map(len, names))
        ran: set[str] = set()
        for number, step in enumerate(self.steps[:last], start=1):
            head = f"[{number:2}/{last}] {step.name:<{width}}"
            stale = not self.is_current(step) or step.name in again or ran & {*step.needs}
            if not stale and not step.always:
                print(f"{head}  unchanged", file=sys.stderr)
                continue
            print(f"{head}  {step.summary} ...", file=sys.stderr, flush=True)
            outcome, seconds = self._run(step)
            ran |= {step.name} if stale else set()
            print(f"{'':{len(head)}}  {seconds:.1f} s  {outcome}", file=sys.stderr, flush=True)

    def is_current(self, step: Step[Settings]) -> bool:
        stamp = self.work.path(step.name, STAMP)
        return stamp.exists() and json.loads(stamp.read_text())["key"] == self.keys[step.name]

    def status(self) -> list[tuple[str, str, str]]:
        """Name, state and summary of each step."""
        return [(step.name, self._state(step), step.summary) for step in self.steps]

    def _state(self, step: Step[Settings]) -> str:
        stamp = self.work.path(step.name, STAMP)
        if not stamp.exists():
            return "to do"
        seconds = json.loads(stamp.read_text())["seconds"]
        return f"done in {seconds:.1f} s" if self.is_current(step) else "to do again"

    def _run(self, step: Step[Settings]) -> tuple[str, float]:
        place = self.work.folder / step.name
        self.work.results = place.with_suffix(".partial")
        self._clear(self.work.results, self.keys[step.name])
        started = time.monotonic()
        outcome = step.run(self.work)
        seconds = time.monotonic() - started
        self.work.write(STAMP, {"key": self.keys[step.name], "seconds": seconds})
        shutil.rmtree(place, ignore_errors=True)
        self.work.results.rename(place)
        return outcome, seconds

    @staticmethod
    def _clear(partial: Path, key: str) -> None:
        """Keep what a stopped run of the very same step left: a long step may go on from it."""
        begun = partial / BEGUN
        if not begun.exists() or begun.read_text() != key:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            begun.write_text(key)


def _keys[Settings](steps: Sequence[Step[Settings]], settings: Settings) -> Mapping[str, str]:
    keys: dict[str, str] = {}
    for step in steps:
        depends_on = {
            "settings": step.depends_on(settings),
            "code": digest_code(step.module),
            "needs": {name: keys[name] for name in step.needs},
        }
        keys[step.name] = hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()
    return keys
