"""What memory a function should have: time and price at several, as its processor grows with it.

A process is held to the share of a processor that Lambda would give it. The API's function starts
and answers in the real runtime client; a file is scored from folder to folder, with as many threads
as the function would have processors.
"""

from collections.abc import Iterator
from math import ceil
from statistics import median

from functions.batch_scorer.cost import LAMBDA_GB_SECOND
from infra.local.environments import make_environment
from infra.local.lambda_runtime.function import Function
from infra.local.processes import ProcessGroup
from layers.build import build
from layers.targets import find_target
from tests.bench.bench_cold_start import fill, make_event, our_function, serve_s3, start, warm_call
from tests.bench.bench_csv import make_file, measure_file
from tests.bench.measuring import Result, Settings
from tests.bench.processor_quota import MB_A_PROCESSOR, NoQuota, as_with_memory
from tests.bench.reference_model import ROOT, reference_model

# The last is two processors: all that this bench's machines have.
MEMORY_MB = (512, 1_024, 1_769, 2_048, 3_008, 3_538)
STARTS, CALLS, ROWS = 5, 60, 25_000
_MILLION = 1e6


def run(settings: Settings) -> Iterator[Result]:
    memories = settings.choose(MEMORY_MB, MEMORY_MB[-2:])
    starts, calls = settings.choose(STARTS, 1), settings.choose(CALLS, 5)
    rows = settings.choose(ROWS, 5_000)
    reference = reference_model()
    make_file(rows)
    build(ROOT / "build", find_target("host"))
    make_environment("runtime")
    with ProcessGroup() as group, serve_s3(group) as endpoint:
        fill(endpoint, reference)
        function = our_function(endpoint)
        for memory in memories:
            try:
                with as_with_memory(memory):
                    yield from _score(memory, function, group, starts, calls)
                    yield _file(memory, rows)
            except NoQuota as why:
                yield Result(f"power_{memory}_mb", None, "ms", None, f"not measured: {why}")
                return


def _score(
    memory: int, function: Function, group: ProcessGroup, starts: int, calls: int
) -> Iterator[Result]:
    event = make_event()
    start(function, group, event)
    cold = median(start(function, group, event).seconds for _ in range(starts))
    yield Result(f"power_{memory}_mb_cold_start", cold, "s", None, f"median of {starts}")
    seconds = warm_call(function, group, calls)
    price = _dollars(memory, seconds)
    note = f"median of {calls} calls; {price:.3f} dollars a million of them"
    yield Result(f"power_{memory}_mb_score", seconds * 1e3, "ms", None, note)


def _file(memory: int, rows: int) -> Result:
    seconds = measure_file(rows, threads=ceil(memory / MB_A_PROCESSOR))["seconds"]
    price = _dollars(memory, seconds / rows)
    note = f"{rows:,} rows; {price:.4f} dollars a million of them"
    return Result(f"power_{memory}_mb_file", rows / seconds, "rows/s", None, note)


def _dollars(memory: int, seconds: float) -> float:
    return _MILLION * seconds * memory / 1024 * LAMBDA_GB_SECOND
