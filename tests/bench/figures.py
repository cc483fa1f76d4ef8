"""Figures of earlier runs, kept by kind of processor, and what of a new run is worse than they are.

A figure is worse when it is beyond the worst of the kept ones by more than NOISE. Ratios of two
times taken in turns are compared where there are any: they bear a busy machine, figures do not, and
on one they are neither compared nor kept.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.measuring import Result

FIGURES = Path(__file__).with_name("figures.json")
# Ratios of two runs an hour apart differed by a twentieth; where runs differ more, several that are
# kept tell.
NOISE = 0.15
# Runs kept of a kind of processor: the newest ones.
MOST_RUNS = 5

type Kept = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Change:
    """expected : the worst and the best of the kept ones, worst first"""

    name: str
    unit: str
    found: float
    expected: tuple[float, float]
    times: float  # as good as the worst or the best: below 1 is worse

    def __str__(self) -> str:
        worst, best = self.expected
        kept = f"{worst:.4g}" if worst == best else f"{worst:.4g} to {best:.4g}"
        return f"{self.name}: {self.found:.4g} {self.unit}, kept {kept} ({self.times:.2f} times)"


def read_figures(path: Path = FIGURES) -> Kept:
    """Runs by kind of processor, oldest first."""
    kept: Kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return kept


def keep_figures(results: Iterable[Result], *, processor: str, described: str, path: Path) -> None:
    """Add a run; a part of a bench counts for itself."""
    kept = read_figures(path)
    run = {
        "day": datetime.now(UTC).date().isoformat(),
        "described": described,
        "figures": {r.name: list(figure) for r in results if (figure := figure_of(r))},
    }
    kept[processor] = [*kept.get(processor, []), run][-MOST_RUNS:]
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def figure_of(result: Result) -> tuple[float, str] | None:
    """The number that is compared and its unit; a ratio where there is one."""
    if result.value is None or (not higher_is_better(result.unit) and result.value <= 0):
        return None
    if result.ratio is None:
        return _rounded(result.value), result.unit
    return _rounded(result.ratio), f"ratio of {result.unit}"


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")


def higher_is_better(unit: str) -> bool:
    """Rates: rows/s. All else is a time, a size or a difference."""
    return unit.endswith("/s")


def changes(results: Iterable[Result], runs: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """What is worse than every kept run, or better than each, by more than noise."""
    runs = list(runs)
    for result in results:
        figure = figure_of(result)
        known = [run["figures"][result.name] for run in runs if result.name in run["figures"]]
        numbers = [number for number, unit in known if figure and unit == figure[1]]
        if not figure or not numbers:
            continue
        found, unit = figure
        sign = 1 if higher_is_better(unit) else -1
        ordered = sorted(numbers, key=lambda number: sign * number)
        worst, best = ((found / number) ** sign for number in (ordered[0], ordered[-1]))
        if worst < 1 / (1 + NOISE) or best > 1 + NOISE:
            times = worst if worst < 1 else best
            yield Change(result.name, unit, found, (ordered[0], ordered[-1]), times)


def compare(results: Iterable[Result], *, processor: str, path: Path = FIGURES) -> list[str]:
    """Lines to print below the table."""
    runs = read_figures(path).get(processor, [])
    if not runs:
        return [f"No figures are kept of {processor}: --keep adds these."]
    found = list(changes(results, runs))
    days = f"{len(runs)} kept {'run' if len(runs) == 1 else 'runs'} of {processor}"
    lines = [f"Compared with {days}, the newest of {runs[-1]['day']} ({runs[-1]['described']}):"]
    for title, some in (
        ("slower or larger by more than noise", [c for c in found if c.times < 1]),
        ("better by more than noise", [c for c in found if c.times > 1]),
    ):
        lines += [f"{title}: {'nothing' if not some else ''}".rstrip(), *(f"  {c}" for c in some)]
    return lines
