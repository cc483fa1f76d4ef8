"""Scores one file as the function does, and says what it took; the bench starts it.

python -m tests.bench.csv_worker FILE MODELS
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from credit_scoring.artifact import load_champion
from credit_scoring.features import build_features
from credit_scoring.profiles import Profile, ProfileTable
from credit_scoring.scoring import Model
from credit_scoring.storage import FolderStore

from functions.batch_scorer.batch import Batch
from functions.batch_scorer.manifest import finished_manifest
from functions.batch_scorer.old_reading import read_table
from functions.batch_scorer.upload import Upload

type Measures = dict[str, float]

PARTS = ("parse", "score", "results", "profiles", "records", "rest")


@dataclass(frozen=True)
class ForgetfulTable(ProfileTable):
    """Knows nobody and keeps nothing; what DynamoDB would be sent is made all the same."""

    def get_many(self, applicant_ids: Sequence[str]) -> dict[str, Profile]:
        return {}

    def put_many(self, profiles: Sequence[Profile]) -> None:
        for profile in profiles:
            profile.to_item()


class Clock:
    """Adds up the seconds spent in some functions, by part."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PARTS, 0.0)

    def watch(self, owner: Any, name: str, part: str) -> None:
        work = getattr(owner, name)

        def timed(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*args, **named)
            finally:
                self.seconds[part] += time.perf_counter() - began

        setattr(owner, name, timed)


def contend(file: Path, models: Path) -> Measures:
    """Seconds, by part and of the kernel alone; and the peak memory before that."""
    model = load_champion(FolderStore(models))
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="bench-csv-") as scratch:
        batch = _make_batch(model, Path(scratch), file)
        _watch(clock, batch)
        began = time.perf_counter()
        batch.score(read_table(file.read_bytes()))
        batch.write()
        batch.write_manifest(finished_manifest(batch, seconds=1.0))
        seconds = time.perf_counter() - began
    assert batch.rejected == 0, batch.causes.most_common(3)
    clock.seconds["rest"] = seconds - sum(clock.seconds.values())
    megabytes = _peak_megabytes()
    kernel = _kernel_seconds(model, batch.scored)
    return {"seconds": seconds, "megabytes": megabytes, "kernel": kernel, **clock.seconds}


def _make_batch(model: Model, scratch: Path, file: Path) -> Batch:
    upload = Upload(
        bucket="uploads", key=f"uploads/bench/{file.name}", version_id="v", size=0,
        branch="bench", filename=file.name, at=datetime(2026, 1, 31, tzinfo=UTC),
    )  # fmt: skip
    stores = FolderStore(scratch / "results"), FolderStore(scratch / "records")
    return Batch(
        upload, model, results=stores[0], records=stores[1],
        profiles=ForgetfulTable("profiles"),
    )  # fmt: skip


def _watch(clock: Clock, batch: Batch) -> None:
    from functions.batch_scorer import batch as module

    # Reasons are worded while their line is written.
    clock.watch(batch._scores, "add", "results")
    clock.watch(batch, "_parse", "parse")
    clock.watch(module, "score_applicants", "score")
    clock.watch(batch, "_keep_profiles", "profiles")
    clock.watch(batch, "_keep_records", "records")


def _kernel_seconds(model: Model, rows: int) -> float:
    """Contributions of as many rows at once, from a bundle that was just read."""
    from tests.bench.reference_model import draw_applicants  # brings LightGBM: after the peak

    matrix = build_features(draw_applicants(rows, seed=10), model.schema)
    forest = replace(model.forest)
    began = time.perf_counter()
    forest.contributions(matrix)
    return time.perf_counter() - began


def _peak_megabytes() -> float:
    """Of this program; getrusage would count what the process was before it became this one."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(contend(Path(sys.argv[1]), Path(sys.argv[2]))))
