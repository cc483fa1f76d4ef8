"""A branch's file from end to end: read, validate, features, scores, reasons, results written.

The function's own code (plan, chunks, finish) with a folder for S3 and a DynamoDB that keeps
nothing: what is measured is our work, not a network. A profile is still made, packed and signed
for every applicant, and a record kept for drift monitoring: a line of its own says what all that
takes. Every measurement runs in a process of its own, because a peak of
memory belongs to a process; LightGBM and pandas are not in it. On one core, one thing after the
other; a line of its own says what all cores make of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from credit_scoring.contract.columns import ID, INPUTS

from tests.bench.csv_worker import PARTS, Measures
from tests.bench.measuring import Result, Settings
from tests.bench.reference_model import (
    FOLDER,
    ROOT,
    draw_applicants,
    recipe,
    reference_model,
)

ROWS, MILLION = 50_000, 1_000_000
ROWS_DRAWN_AT_ONCE = 5_000
REPEATS = 3
SHARE_GOAL, GROWTH_GOAL = 0.6, 1.1


def run(settings: Settings) -> Iterator[Result]:
    rows, repeats = settings.choose(ROWS, 5_000), settings.choose(REPEATS, 1)
    file = make_file(rows)
    found = [_measure(file) for _ in range(repeats)]
    middle = {name: median(one[name] for one in found) for name in found[0]}
    yield from _speed(rows, middle, file)
    yield from _cores(rows, middle, file, repeats)
    yield from _cutter(middle, _measure(file, "python"))
    yield from _memory(rows, middle["megabytes"], settings)


def _speed(rows: int, middle: Measures, file: Path) -> Iterator[Result]:
    kernel = rows / middle["kernel"]
    size = file.stat().st_size / 1e6
    note = f"1 core; {rows:,} applicants, {len(INPUTS_SENT)} columns, {size:.0f} MB"
    what = "against the kernel alone on the same rows, tables included"
    everything = rows / middle["seconds"]
    scored = rows / (middle["seconds"] - middle["profiles"] - middle["records"])
    yield Result(
        "csv_rows_per_second", scored, "rows/s", kernel,
        f"{note}; read, validated, features, contributions, reasons, written; {what}; "
        f"goal {SHARE_GOAL:.0%}",
    )  # fmt: skip
    note = f"{note}; and every profile packed and signed (not sent), records kept; {what}"
    yield Result("csv_all_rows_per_second", everything, "rows/s", kernel, note)
    for part in PARTS:
        note = f"share of {middle['seconds']:.1f} s"
        yield Result(f"csv_seconds_{part}", middle[part], "s", middle["seconds"], note)


def _cores(rows: int, alone: Measures, file: Path, repeats: int) -> Iterator[Result]:
    """What stays of a chunk is written while the next one is scored."""
    cores = len(os.sched_getaffinity(0))
    if cores == 1:
        return
    found = [_measure(file, threads=cores) for _ in range(repeats)]
    together, kernel = (rows / median(one[name] for one in found) for name in ("seconds", "kernel"))
    note = f"{cores} cores; everything; against the kernel alone on as many"
    yield Result("csv_all_rows_per_second_on_cores", together, "rows/s", kernel, note)
    note = f"{cores} cores; everything; against one core"
    yield Result("csv_cores", together, "rows/s", rows / alone["seconds"], note)


def _cutter(compiled: Measures, python: Measures) -> Iterator[Result]:
    """What reading in C saves: of the reading itself, and of the whole file."""
    note = "scan and parse, cut in C against in Python, otherwise the same"
    reading = (one["scan"] + one["parse"] for one in (compiled, python))
    yield Result("csv_seconds_read_in_c", next(reading), "s", next(reading), note)
    note = "the whole file, profiles and records included; likewise"
    yield Result("csv_seconds_with_c", compiled["seconds"], "s", python["seconds"], note)


def _memory(rows: int, megabytes: float, settings: Settings) -> Iterator[Result]:
    """How the peak grows with the file."""
    fewer = rows // 10
    less = _measure(make_file(fewer))["megabytes"]
    note = f"peak resident memory with {rows:,} rows against {fewer:,}"
    yield Result("csv_memory_growth_tenfold", megabytes, "MB", less, note)
    if not settings.million:
        note = f"not measured: {MILLION:,} rows need --million"
        yield Result("csv_memory_growth", None, "MB", megabytes, note)
        return
    most = _measure(make_file(MILLION))
    note = f"peak resident memory with {MILLION:,} rows against {rows:,}; goal {GROWTH_GOAL}"
    yield Result("csv_memory_growth", most["megabytes"], "MB", megabytes, note)
    note = f"the whole file of {MILLION:,} rows, one core"
    yield Result("csv_million_seconds", most["seconds"], "s", None, note)


INPUTS_SENT = [ID, *draw_applicants(0, seed=0).columns]


def make_file(rows: int) -> Path:
    """Made once; the texts are what a spreadsheet would hold."""
    path = FOLDER / f"applicants-{recipe()}-{rows}.csv"
    if not path.is_file():
        print(f"writing {path.name} ...", file=sys.stderr, flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(INPUTS_SENT) + "\n")
            for start in range(0, rows, ROWS_DRAWN_AT_ONCE):
                count = min(ROWS_DRAWN_AT_ONCE, rows - start)
                file.writelines(_lines(count, start))
        unfinished.replace(path)
    return path


def _lines(count: int, start: int) -> Iterator[str]:
    applicants = draw_applicants(count, seed=10 + start, first_id=100_000 + start)
    texts = [_texts(name, values) for name, values in applicants.columns.items()]
    return (",".join(fields) + "\n" for fields in zip(applicants.ids, *texts, strict=True))


def _texts(name: str, values: np.ndarray) -> Sequence[str]:
    if INPUTS[name].is_category:
        words = [_quoted(word) for word in (*INPUTS[name].categories, "")]
        return [words[code] for code in values]
    return ["" if value != value else f"{value:.12g}" for value in values.tolist()]


def _quoted(word: str) -> str:
    return f'"{word}"' if "," in word else word


def measure_file(rows: int, *, threads: int) -> Measures:
    return _measure(make_file(rows), threads=threads)


def _measure(file: Path, *options: str, threads: int = 1) -> Measures:
    """In a new process, on as many cores as threads."""
    models = reference_model().folder
    limits = dict.fromkeys(THREADS, str(threads))
    environment = {**os.environ, **limits, "PYTHONPATH": str(ROOT)}
    options = options if threads == 1 else (*options, "cores")
    command = [sys.executable, "-m", "tests.bench.csv_worker", str(file), str(models), *options]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    measures: Measures = json.loads(done.stdout)
    return measures


THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
