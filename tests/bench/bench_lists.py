"""A search over the lists of applicants of ten branches: sorted, counted, by a rare filter.

The lists lie in an S3 of a process of its own (moto's server), a base and some parts a branch, as
files leave them; the process that searches is new, and does what the route does from the query to
the answer as JSON. The caller sees all branches, so that all lists are put together, too.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from credit_scoring.aws.storage import S3Store
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.stored.applicant_lists import ApplicantLists, ApplicantRows

from infra.local.processes import ProcessGroup
from tests.bench.bench_cold_start import BUCKET, CREDENTIALS, REGION, WHERE, s3_at, serve_s3
from tests.bench.measuring import Result, Settings, percentile
from tests.bench.reference_model import ROOT

ROWS, BRANCHES = 300_000, 10
# What a branch has beside its base: six files of a thousand applicants.
PARTS, ROWS_A_PART = 6, 1_000
CALLS, PROCESSES = 50, 3
YEAR_MS = 365 * 86_400_000


def run(settings: Settings) -> Iterator[Result]:
    count = settings.choose(ROWS, 80_000)
    calls, processes = settings.choose(CALLS, 5), settings.choose(PROCESSES, 1)
    with ProcessGroup() as group, serve_s3(group) as endpoint:
        client = s3_at(endpoint)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=WHERE)
        store = S3Store(BUCKET, "lists/", client)
        _fill(ApplicantLists(store), count)
        sizes = _sizes(client)
        found = []
        for _ in range(processes):
            found.append(_measure(endpoint, calls))
            store.delete("branch-00/parts/bench.npz")  # what the worker wrote
    yield from _results(found, sizes / count, f"{count:,} applicants, {BRANCHES} branches")


def draw_rows(rng: np.random.Generator, first: int, count: int, branch: str) -> ApplicantRows:
    """Applicants with ids from `first` on; digits as a form has them."""
    categories = [one.encode() for one in INPUTS[with_role("income_type")].categories]
    pds = rng.beta(1.2, 12, count)
    to_review = rng.random(count) < 0.1
    missing = rng.choice(4, count, p=[0.4, 0.3, 0.25, 0.05])
    shares = np.geomspace(1, 0.0005, len(categories))
    types = rng.choice(len(categories), count, p=shares / shares.sum())
    types[rng.random(count) < 0.0002] = categories.index(b"Businessman")
    ids = np.array([b"%06d" % number for number in range(first, first + count)])
    scored = np.full(count, YEAR_MS * 56)
    return ApplicantRows(
        ids=ids,
        branches=np.full(count, branch.encode()),
        updated=YEAR_MS * 56 - rng.integers(0, YEAR_MS, count),
        scored=scored,
        amounts=np.round(rng.lognormal(13, 0.7, count), 1),
        incomes=np.round(rng.lognormal(12, 0.6, count), -2),
        ages=np.floor(rng.uniform(20, 70, count)),
        income_types=np.array(categories)[types],
        missing_scores=missing.astype(np.int8),
        pds=pds,
        verdicts=np.where(to_review, 2, pds >= 0.1).astype(np.int8),
        bands=np.searchsorted([0.05, 0.1], pds, side="right").astype(np.int8),
        causes=to_review.astype(np.uint8),
        versions=np.full(count, b"0123456789ab"),
    )


def _fill(lists: ApplicantLists, count: int) -> None:
    rng = np.random.default_rng(11)
    own = count // BRANCHES
    in_base = own - PARTS * ROWS_A_PART
    for number in range(BRANCHES):
        branch, first = f"branch-{number:02}", 100_000 + number * own
        lists.add(branch, "base", draw_rows(rng, first, in_base, branch))
        lists.merge(branch, most_parts=0)
        for part in range(PARTS):
            start = first + in_base + part * ROWS_A_PART
            lists.add(branch, f"{part}", draw_rows(rng, start, ROWS_A_PART, branch))


def _sizes(client: Any) -> int:
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix="lists/")["Contents"]
    assert len(listed) == BRANCHES * (1 + PARTS)
    return sum(item["Size"] for item in listed)


def _measure(endpoint: str, calls: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.lists_worker", BUCKET, str(calls)]
    told = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}
    environment = os.environ | CREDENTIALS | told | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=Path(ROOT), env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _results(found: list[dict[str, Any]], on_disk: float, what: str) -> Iterator[Result]:
    rare, everything = found[0]["found"]["rare"], found[0]["found"]["all"]
    assert 0 < rare < everything / 1_000, f"{rare} of {everything} is not rare"
    what += f"; {len(found)} processes"
    files = BRANCHES * (1 + PARTS)
    once = {
        "first_look": f"the first LIST, its client made, {files} files read",
        "first_search": "the search after that look, which sorts by PD for the first time",
        "after_part": f"the search after a part of {ROWS_A_PART:,} rows was written",
    }
    for name, note in once.items():
        yield _taken(f"lists_{name}_ms", [one[name] for one in found], f"{what}; {note}")
    for name, total in (("rare", rare), ("all", everything)):
        times = [time for one in found for time in one["times"][name]]
        note = f"{what}, {len(times)} calls; by PD, {total:,} fit; against the 95th percentile"
        slow = percentile(sorted(elapsed for elapsed, _ in times), 0.95) * 1e3
        yield replace(_taken(f"lists_search_{name}_ms", times, note), against=slow)
    note = f"{what}; all columns; against compressed files"
    own = median(one["bytes_a_row"] for one in found)
    yield Result("lists_bytes_a_row", own, "bytes", on_disk, note)
    grown, peak = (median(one[name] for one in found) for name in ("megabytes", "peak_megabytes"))
    note = f"{what}; what the process grew by: lists of branches, all together, order by PD"
    yield Result("lists_memory_mb", grown, "MB", note=note)
    yield Result("lists_peak_memory_mb", peak, "MB", note=f"{what}; the most, after the part came")


def _taken(name: str, times: Sequence[Sequence[float]], note: str) -> Result:
    """times : seconds that passed, and those of the processor"""
    elapsed, worked = (median(one[place] for one in times) * 1e3 for place in (0, 1))
    return Result(name, elapsed, "ms", note=f"{note}; {worked:.0f} ms of processor time")
