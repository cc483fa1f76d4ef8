"""Plant faults into held-out applications: what rings, what is named, and what rings for nothing.

python -m tests.bench.planted --models MODELS --data HELD

MODELS holds the champion's bundle. HELD holds labelled applications that it never saw, with the
tables of their history if the model reads any. Prints the tables of docs/drift.md.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.bundle import load_champion
from numpy.typing import NDArray
from tqdm import tqdm

from functions.drift_monitor.finding import PAGE, TICKET, Finding
from functions.drift_monitor.monitor import load_reference
from tests.bench.planted.estimates import estimate_runs
from tests.bench.planted.faults import (
    INCOME,
    Fault,
    Told,
    edited,
    faults_of_columns,
    grade,
    named_faults,
)
from tests.bench.planted.speed import speed_run
from tests.bench.planted.windows import Laboratory
from training.data.dataset import load_dataset

SIZES, ROWS = (200, 1_000, 5_000), 5_000
GROWTH, WEEKS = 1.025, 20
TOLD_EVERY = 50


def open_laboratory(models: str, data: Path) -> tuple[Laboratory, NDArray[np.bool_]]:
    """What is planted into, and which of the applications held out defaulted.

    Raises SystemExit where the bundle holds no monitoring rows."""
    store = open_store(models)
    model = load_champion(store)
    reference, monitored = load_reference(store, model)
    if monitored is None:
        raise SystemExit(f"{model.version} was published without monitoring rows: train it anew.")
    held = load_dataset(data)
    return Laboratory(model, reference, monitored, held.applicants), held.defaulted


def quiet_runs(laboratory: Laboratory, rows: int, windows: int, seed: int) -> Iterator[str]:
    """One row of the table: how often nothing calls somebody, and what it says."""
    random = np.random.default_rng([seed, rows])
    pages = tickets = 0
    told: Counter[str] = Counter()
    for done in _progress(range(windows), f"nothing, {rows} rows"):
        if done and done % TOLD_EVERY == 0:  # whoever stops it knows so much
            print(f"  {rows} rows: {done} windows, {pages} pages, {tickets} tickets",
                  file=sys.stderr, flush=True)  # fmt: skip
        found = laboratory.unmoved(laboratory.draw(rows, random))
        pages += any(f.urgency == PAGE for f in found)
        tickets += any(f.urgency == TICKET for f in found)
        told.update(_name(f) for f in found)
    yield (
        f"| nothing, {rows:,} rows | {windows:,} | {pages} ({pages / windows:.1%}) |"
        f" {tickets} ({tickets / windows:.1%}) | {dict(told.most_common(5))} |"
    )


def planted_runs(
    laboratory: Laboratory, repeats: int, seed: int, most: int | None
) -> Iterator[str]:
    """most : columns that are emptied or made constant, at random; None: all"""
    random = np.random.default_rng([seed, ROWS, 1])
    for fault in named_faults():
        runs = [_run(laboratory, fault, random) for _ in _progress(range(repeats), fault.name)]
        yield _line(fault.name, runs)
    by_name: dict[str, list[tuple[Fault, Told, list[Finding]]]] = {}
    reference = laboratory.yardstick.reference
    every = list(faults_of_columns(reference))
    every = [every[place] for place in random.permutation(len(every))[:most]]
    for fault in _progress(every, "each column"):
        by_name.setdefault(fault.name, []).append(_run(laboratory, fault, random))
    for name, runs in by_name.items():
        yield _line(f"{name}, each of {len(runs)}", runs)


def slow_runs(laboratory: Laboratory, repeats: int, seed: int) -> Iterator[str]:
    """In which week an income that grows by 2.5 % a week is first told."""
    random = np.random.default_rng([seed, ROWS, 2])
    weeks = [_first_week(laboratory, random) for _ in _progress(range(repeats), "growing income")]
    yield f"| income + 2.5 % a week | {repeats} | told in weeks {sorted(weeks)} |"


def _first_week(laboratory: Laboratory, random: np.random.Generator) -> int:
    for week in range(1, WEEKS + 1):
        grown = Fault("", edited(INCOME, lambda v, week=week: v * GROWTH**week), (INCOME,))
        found = laboratory.planted(grown, laboratory.draw(ROWS, random))
        if any(f.columns == (INCOME,) for f in found):
            return week
    return WEEKS + 1


def _run(
    laboratory: Laboratory, fault: Fault, random: np.random.Generator
) -> tuple[Fault, Told, list[Finding]]:
    found = laboratory.planted(fault, laboratory.draw(ROWS, random))
    return fault, grade(fault, found, laboratory.yardstick.columns.names), found


def _line(name: str, runs: list[tuple[Fault, Told, list[Finding]]]) -> str:
    """The shares, then what was told where something was wrong."""
    parts = ("rang", "column_first", "source_named", "nothing_else")
    counts = [sum(getattr(told, part) for _, told, _ in runs) for part in parts]
    wrong = [(fault, found) for fault, told, found in runs if not told.is_right]
    for fault, found in wrong[:40]:
        text = "; ".join(map(_name, found[:4])) or "nothing"
        print(f"  {name}: {', '.join(fault.columns)}: {text}", file=sys.stderr)
    return f"| {name} | {len(runs)} | {' | '.join(map(str, counts))} |"


def _name(finding: Finding) -> str:
    psi = finding.measures.get("psi")
    how = f" {psi:.2f}>{finding.measures['threshold']:.2f}" if psi else ""
    return f"{finding.kind.value} {'+'.join(finding.columns)}@{finding.source or 'everywhere'}{how}"


def _progress[T](what, name: str) -> Iterator[T]:
    return tqdm(what, desc=name, leave=False, disable=None)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.planted",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", required=True, help="folder of bundles")
    parser.add_argument("--data", type=Path, required=True, help="applications held out")
    parser.add_argument("--windows", type=int, default=1_000, help="of each size, unmoved")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="their rows")
    parser.add_argument("--repeats", type=int, default=20, help="of each fault; 0: none")
    parser.add_argument("--estimates", type=int, default=20, help="windows with known outcomes")
    parser.add_argument("--columns", type=int, help="to empty or level at most (default: all)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    laboratory, defaulted = open_laboratory(options.models, options.data)
    schema = laboratory.model.schema
    names = laboratory.yardstick.columns.names
    print(f"{len(schema)} features of {len(names)} raw columns,"
          f" reference {len(laboratory.reference):,} rows,"
          f" held out {len(laboratory.held):,}", flush=True)  # fmt: skip
    for line in speed_run(laboratory, options.seed):
        print(line, flush=True)
    if options.repeats:
        for line in planted_runs(laboratory, options.repeats, options.seed, options.columns):
            print(line, flush=True)
        for line in slow_runs(laboratory, max(options.repeats // 4, 1), options.seed):
            print(line, flush=True)
    if options.estimates:
        for line in estimate_runs(laboratory, defaulted, options.estimates, options.seed):
            print(line, flush=True)
    for rows in options.sizes:
        for line in quiet_runs(laboratory, rows, options.windows, options.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
