"""Scores one file as the function does, and says what it took; the bench starts it.

python -m tests.bench.csv_worker FILE MODELS [cores] [python]

On one core, one thing after the other, so that the parts add up; with `cores` as the function does
it, on as many as there are. With `python` the file is cut by the reference in Python instead of its
twin in C.
"""

import json
import math
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from credit_scoring.aws import signed_calls
from credit_scoring.aws.http_calls import HttpResponse
from credit_scoring.aws.storage import FolderStore
from credit_scoring.errors import BatchNotFound
from credit_scoring.features import build_features
from credit_scoring.reading.cutting import compiled
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import Model
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.batches import BatchRecord, BatchTable
from credit_scoring.stored.profiles import ProfileTable
from credit_scoring.stored.pseudonyms import Pseudonyms
from credit_scoring.trees.explainer import Explainer

from functions.batch_scorer import run
from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.upload import Upload

PROFILES = "profiles"

type Measures = dict[str, float]

PARTS = ("scan", "parse", "score", "lines", "profiles", "records", "assembly", "rest")


def forget_everything() -> None:
    """A DynamoDB that knows nobody and keeps nothing: requests are made, signed, and not sent."""
    for name, value in (
        ("REGION", "eu-west-3"),
        ("ACCESS_KEY_ID", "a"),
        ("SECRET_ACCESS_KEY", "b"),
    ):
        os.environ[f"AWS_{name}"] = value
    nothing = json.dumps({"Responses": {PROFILES: []}, "UnprocessedItems": {}}).encode()

    def answer(*_: Any) -> HttpResponse:
        return HttpResponse(200, {}, nothing)

    signed_calls.connections.exchange = answer  # type: ignore[method-assign]


class SilentTable(BatchTable):
    """Of batches that nobody follows."""

    def get(self, branch: str, batch: str) -> BatchRecord:
        raise BatchNotFound(batch)

    def put_queued(self, record: BatchRecord) -> None:
        """Nobody waits."""

    start = finish = put_queued

    def add_done(self, record: BatchRecord, *, rows: int) -> None:
        """Nobody counts."""


class AtOnce(Executor):
    """Does what it is asked before it says that it will."""

    def submit[Found](
        self, function: Callable[..., Found], /, *args: Any, **named: Any
    ) -> Future[Found]:
        done: Future[Found] = Future()
        done.set_result(function(*args, **named))
        return done


def use_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    run.ThreadPoolExecutor = lambda _: AtOnce()  # type: ignore[attr-defined]


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
    _watch(clock)
    forget_everything()
    with tempfile.TemporaryDirectory(prefix="bench-csv-") as scratch:
        resources = _make_resources(Path(scratch), file, models)
        resources.model(model.version, model.sha256)  # as an instance has it that was called before
        began = time.perf_counter()
        manifest = run.score_upload(_upload(file), resources, lambda: math.inf)
        seconds = time.perf_counter() - began
    assert manifest is not None
    assert manifest["rejected"] == 0, manifest["causes"][:3]
    clock.seconds["rest"] = seconds - sum(clock.seconds.values())
    megabytes = _peak_megabytes()
    kernel = _kernel_seconds(model, manifest["scored"])
    return {"seconds": seconds, "megabytes": megabytes, "kernel": kernel, **clock.seconds}


def _upload(file: Path) -> Upload:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    return Upload("uploads", file.name, "v", branch="bench", filename=file.name, at=at)


def _make_resources(scratch: Path, file: Path, models: Path) -> BatchResources:
    return BatchResources(
        pseudonyms=Pseudonyms("a key of the bench"),
        uploads=FolderStore(file.parent),
        results=FolderStore(scratch / "results"),
        work=FolderStore(scratch / "work"),
        records=FolderStore(scratch / "records"),
        lists=ApplicantLists(FolderStore(scratch / "lists")),
        models=FolderStore(models),
        profiles=ProfileTable(PROFILES),
        batches=SilentTable("batches"),
    )


def _watch(clock: Clock) -> None:
    from functions.batch_scorer import finish, plan, score_chunk

    clock.watch(plan, "scan_text", "scan")
    clock.watch(score_chunk, "read_chunk", "parse")
    clock.watch(score_chunk, "score_applicants", "score")
    clock.watch(score_chunk, "score_lines", "lines")  # reasons are worded here
    clock.watch(score_chunk, "keep_profiles", "profiles")
    clock.watch(score_chunk, "keep_records", "records")
    clock.watch(finish, "assemble", "assembly")


def _kernel_seconds(model: Model, rows: int) -> float:
    """Contributions of as many rows at once, from a bundle that was just read."""
    from tests.bench.reference_model import draw_applicants  # brings LightGBM: after the peak

    matrix = build_features(draw_applicants(rows, seed=10), model.schema)
    explainer = Explainer(model.forest)
    began = time.perf_counter()
    explainer.contributions(matrix)
    return time.perf_counter() - began


def _peak_megabytes() -> float:
    """Of this program; getrusage would count what the process was before it became this one."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    if "cores" not in sys.argv[3:]:
        use_one_core()
    if "python" in sys.argv[3:]:
        compiled.library = lambda: None
    print(json.dumps(contend(Path(sys.argv[1]), Path(sys.argv[2]))))
