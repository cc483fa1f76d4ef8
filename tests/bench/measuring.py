"""What a bench reports, and how it takes its times."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from threadpoolctl import threadpool_limits

type Contenders = Mapping[str, Callable[[], object]]


@dataclass(frozen=True)
class Settings:
    """quick : small sizes and few repeats, to see that everything runs
    million : also the file of a million applicants
    """

    quick: bool = False
    million: bool = False

    def choose[T](self, usual: T, quick: T) -> T:
        return quick if self.quick else usual


@dataclass(frozen=True)
class Result:
    """One line of the table; `value` and `against` are in one unit, and None is not measured."""

    name: str
    value: float | None
    unit: str
    against: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """value / against: above 1 is better for a rate, below 1 for a time or a size."""
        return self.value / self.against if self.value is not None and self.against else None

    def content(self) -> dict[str, object]:
        measured = {"value": self.value, "against": self.against, "ratio": self.ratio}
        rounded = {name: _round(number) for name, number in measured.items()}
        return {"name": self.name, "unit": self.unit, "note": self.note} | rounded


def _round(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.5g}")


@contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """Hold numpy, OpenMP and our own kernel to so many threads."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = str(threads)
    try:
        with threadpool_limits(threads):
            yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_seconds(contenders: Contenders, *, repeats: int) -> dict[str, float]:
    """In turns, so that a machine that is busy for a while slows all of them."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, work in contenders.items():
            times[name].append(seconds_of(work))
    return {name: median(taken) for name, taken in times.items()}


def times_of_calls(call: Callable[[int], object], count: int) -> list[float]:
    """Seconds of each of `count` calls, sorted; `call` gets their numbers."""
    return sorted(seconds_of(lambda n=n: call(n)) for n in range(count))


def percentile(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]
