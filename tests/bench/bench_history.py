"""History features by the SQL in DuckDB against pandas: the same features, and what is usual.

All read the same generated tables (a tenth of the published size by default), each in a process of
its own, in turns. The tuned pandas gives the same values, which must agree; the usual one (groupby
a table, functions per group) gives features of its own. A time is that of reading the files and
computing, without starting Python and importing; the best of the rounds counts, for both.

    python -m tests.bench.bench_history
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from credit_scoring.contract.columns import HISTORY
from numpy.typing import NDArray

TENTH = 30_751
ROUNDS = 3

type Measures = dict[str, float]


def run(applicants: int = TENTH) -> list[dict[str, object]]:
    """Measure, and check that both give the same values.

    applicants : rows of application_train to generate; the secondary tables follow

    Returns one dict per measure: value (DuckDB), against (pandas), ratio (against / value).
    Raises AssertionError when a value differs by more than one in a million.
    """
    with TemporaryDirectory(prefix="bench-history-") as scratch:
        folder = Path(scratch)
        sizes = ["--applicants", str(applicants), "--out", str(folder / "tables")]
        _python("training", "sample-data", *sizes)
        rounds = [{name: _measure(name, folder) for name in CONTENDERS} for _ in range(ROUNDS)]
        _assert_equal(folder)
    best = {
        name: {unit: min(one[name][unit] for one in rounds) for unit in rounds[0][name]}
        for name in CONTENDERS
    }
    return [
        _result(name, unit, what, applicants, best, against)
        for against in ("pandas", "usual")
        for name, unit, what in (
            ("history_seconds", "s", "wall time, all cores"),
            ("history_cpu_seconds", "s", "processor time"),
            ("history_peak_memory", "MB", "peak resident memory"),
        )
    ]


def _result(
    name: str, unit: str, what: str, applicants: int, best: dict[str, Measures], peer: str
) -> dict[str, object]:
    value, against = best["duckdb"][name], best[peer][name]
    note = (
        f"{what}; {len(HISTORY)} features of six tables for {applicants} applicants and a sixth; "
        f"best of {ROUNDS}; against {PEERS[peer]}"
    )
    return {
        "name": name if peer == "pandas" else f"{name}_{peer}",
        "value": round(value, 2),
        "unit": unit,
        "against": round(against, 2),
        "ratio": round(against / value, 2),
        "note": note,
    }


def _measure(contender: str, folder: Path) -> Measures:
    """In a new process, because a peak of memory belongs to a process."""
    measures: Measures = json.loads(_python("tests.bench.bench_history", contender, str(folder)))
    return measures


def _python(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


def _contend(contender: str, folder: Path) -> Measures:
    """Compute, keep the values beside the tables, and say what it took."""
    compute = CONTENDERS[contender]()
    before, start = _cpu_seconds(), time.perf_counter()
    ids, columns = compute(folder / "tables")
    measures = {
        "history_seconds": time.perf_counter() - start,
        "history_cpu_seconds": _cpu_seconds() - before,
        "history_peak_memory": _peak_megabytes(),
    }
    np.savez(folder / f"{contender}.npz", ids=ids, **columns)
    return measures


type Compute = Callable[[Path], tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]]


def _duckdb() -> Compute:
    from training.data.load import history_features

    def compute(tables: Path) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
        ids, columns = history_features(tables)
        return np.array(ids, np.int64), columns

    return compute


def _pandas() -> Compute:
    from tests.bench.pandas_history import history_in_pandas

    def compute(tables: Path) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
        frame = history_in_pandas(tables)
        return frame.index.to_numpy(), {name: frame[name].to_numpy(np.float64) for name in frame}

    return compute


def _usual() -> Compute:
    from tests.bench.usual_history import history_as_usual

    def compute(tables: Path) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
        frame = history_as_usual(tables)
        return frame.index.to_numpy(), {}

    return compute


PEERS = {
    "pandas": "tuned pandas with the same values",
    "usual": "pandas as it is usually written: a groupby a table, functions per group",
}
# Each imports what it needs and no more: the other's library would count as its memory.
CONTENDERS: dict[str, Callable[[], Compute]] = {
    "duckdb": _duckdb,
    "pandas": _pandas,
    "usual": _usual,
}


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_megabytes() -> float:
    """Of this program; getrusage would count what the process was before it became this program."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def _assert_equal(folder: Path) -> None:
    with np.load(folder / "duckdb.npz") as ours, np.load(folder / "pandas.npz") as theirs:
        places, other = np.argsort(ours["ids"]), np.argsort(theirs["ids"])
        assert np.array_equal(ours["ids"][places], theirs["ids"][other])
        assert set(ours) == set(theirs) == {"ids", *HISTORY}
        for name in HISTORY:
            left, right = ours[name][places], theirs[name][other]
            assert np.allclose(left, right, rtol=1e-6, atol=1e-6, equal_nan=True), name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("contender", nargs="?", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("folder", nargs="?", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--applicants", type=int, default=TENTH, help=f"default: {TENTH}")
    args = parser.parse_args()
    result = _contend(args.contender, args.folder) if args.contender else run(args.applicants)
    print(json.dumps(result, indent=None if args.contender else 2))


if __name__ == "__main__":
    main()
