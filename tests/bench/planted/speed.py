"""How long a window of the largest size is judged."""

import resource
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

from functions.drift_monitor.judged import judge
from functions.drift_monitor.records.reading import OF_ALL_SOURCES, OF_EVERYBODY, WindowRecords
from tests.bench.planted.faults import branch_name, file_name
from tests.bench.planted.windows import Laboratory

SOURCES = 30


def speed_run(laboratory: Laboratory, seed: int) -> Iterator[str]:
    """As many rows as are ever compared, drawn again and again from those held out."""
    random = np.random.default_rng([seed, OF_ALL_SOURCES])
    drawn = random.integers(0, len(laboratory.held), OF_ALL_SOURCES)
    source_of = random.integers(0, SOURCES, OF_ALL_SOURCES)
    totals = dict(Counter(map(branch_name, source_of.tolist())))
    window = WindowRecords(
        rows=laboratory.scored[drawn],
        sources=[branch_name(number) for number in range(SOURCES)],
        source_of=source_of,
        files=np.array([file_name(number) for number in source_of], object),
        of_everybody=np.arange(OF_ALL_SOURCES) < OF_EVERYBODY,
        totals=totals,
        scored=totals,
        refused={},
        refused_files={},
    )
    clock, computing = time.perf_counter(), time.process_time()
    judge(laboratory.model, laboratory.reference, laboratory.monitored, window, [])
    clock, computing = time.perf_counter() - clock, time.process_time() - computing
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"| judging {OF_ALL_SOURCES:,} rows from {SOURCES} sources | {clock:.1f} s |"
        f" {computing:.1f} s of computing | {peak:,.0f} MB at most, all of this command |"
    )
