"""Measure speed and memory beside the peers; print a table and write build/bench.json.

python -m tests.bench                 everything, a quarter of an hour on an idle machine
python -m tests.bench kernel single   some of it
python -m tests.bench --quick         small sizes: that it runs, not how fast
python -m tests.bench kernel --keep   and keep the figures, for later runs to be compared with
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from tests.bench import (
    bench_bundle,
    bench_cold_start,
    bench_csv,
    bench_drift,
    bench_kernel,
    bench_lists,
    bench_power,
    bench_single,
    bench_stack,
    bench_what_if,
)
from tests.bench.figures import FIGURES, compare, keep_figures
from tests.bench.machine import (
    describe_libraries,
    describe_load,
    describe_machine,
    is_busy,
    processor_kind,
)
from tests.bench.measuring import Result, Settings
from tests.bench.reference_model import ROOT

OUTPUT = ROOT / "build" / "bench.json"
QUICK_APPLICANTS, APPLICANTS = 2_000, 30_751


def run_history(settings: Settings) -> Iterator[Result]:
    from tests.bench import bench_history

    lines = bench_history.run(settings.choose(APPLICANTS, QUICK_APPLICANTS))
    for line in lines:  # its own ratio says how many times better; here it is value / against
        yield Result(**{name: value for name, value in line.items() if name != "ratio"})


BENCHES: dict[str, Callable[[Settings], Iterable[Result]]] = {
    "bundle": bench_bundle.run,
    "single": bench_single.run,
    "kernel": bench_kernel.run,
    "what_if": bench_what_if.run,
    "lists": bench_lists.run,
    "cold_start": bench_cold_start.run,
    "csv": bench_csv.run,
    "drift": bench_drift.run,
    "history": run_history,
    "stack": bench_stack.run,
    "power": bench_power.run,
}


def measure(names: Iterable[str], settings: Settings) -> list[Result]:
    """Show what runs now and every result as soon as it is there."""
    results: list[Result] = []
    with tqdm(list(names), unit="bench", file=sys.stderr) as bar:
        for name in bar:
            bar.set_description(name)
            for result in BENCHES[name](settings):
                tqdm.write(_line(result), file=sys.stderr)
                results.append(result)
    return results


def _line(result: Result) -> str:
    numbers = (result.value, result.against, result.ratio)
    shown = " ".join(f"{_number(number):>12}" for number in numbers)
    return f"{result.name:<42} {shown}  {result.unit}"


def _number(number: float | None) -> str:
    if number is None:
        return "-"
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.4g}"


def print_table(results: Iterable[Result], header: list[str]) -> None:
    print(*header, "", sep="\n")
    print(f"{'':<42} {'value':>12} {'against':>12} {'ratio':>12}  unit")
    for result in results:
        print(_line(result))


def write_json(path: Path, results: Iterable[Result], machine: str) -> None:
    lines = [result.content() for result in results]
    noted = [line | {"note": f"{line['note']}; {machine}"} for line in lines]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"of: {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, few repeats")
    parser.add_argument("--million", action="store_true", help="also a file of 1,000,000 rows")
    parser.add_argument("--out", type=Path, default=OUTPUT, help="default: build/bench.json")
    parser.add_argument("--keep", action="store_true", help="keep them in tests/bench/figures.json")
    options = parser.parse_args()
    if options.keep and options.quick:
        parser.error("what --quick measures is not worth keeping")
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    return options


def main() -> None:
    options = read_options()
    settings = Settings(quick=options.quick, million=options.million)
    load, busy = describe_load(), is_busy()
    machine = f"{describe_machine()}, {load}"
    results = measure(options.names or list(BENCHES), settings)
    print_table(results, [machine, describe_libraries()])
    write_json(options.out, results, f"{machine}; {describe_libraries()}")
    comparable = [result for result in results if result.ratio is not None or not busy]
    if not options.quick:
        print("", *compare(comparable, processor=processor_kind()), sep="\n")
    if options.keep:
        described = f"{load}, {describe_libraries()}"
        keep_figures(comparable, processor=processor_kind(), described=described, path=FIGURES)


if __name__ == "__main__":
    main()
