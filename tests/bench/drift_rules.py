"""What drifts between two sets of applications by each rule: ours, and the usual ones.

python -m tests.bench.drift_rules --models MODELS --data FOLDER

MODELS holds a champion trained on the application_train of FOLDER: its reference is one side, and
application_test of FOLDER, with the history of its applicants, the other. Evidently runs in its own
environment (`make test-drift` makes it).
"""

import argparse
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from credit_scoring.aws.storage import open_store
from credit_scoring.contract.applicants import Applicants, parse_text_columns
from credit_scoring.features import sent_values
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import Model, score_applicants
from scipy.stats import chi2_contingency, ks_2samp

from functions.drift_monitor.find import Comparison, Window, Yardstick
from functions.drift_monitor.judged import contributions_of
from functions.drift_monitor.monitor import load_reference
from functions.drift_monitor.raw_columns import RawColumns
from functions.drift_monitor.rows import ScoredRows
from tests.bench.reference_model import ROOT
from training.data.dataset import with_history
from training.data.load import read_text, require_table

EVIDENTLY = ROOT / "build" / "venvs" / "drift-test" / "bin" / "python"
SIGNIFICANT = 0.05
type Line = tuple[str, int, int]


def read_unlabelled(folder: Path) -> Applicants:
    """application_test with what the folder's tables know of its applicants."""
    columns: dict[str, list[str]] = {}
    for chunk in read_text(require_table(folder, "application_test")):
        for name, texts in chunk.items():
            columns.setdefault(name, []).extend(texts)
    return with_history(parse_text_columns(columns).applicants, folder)


def score(model: Model, applicants: Applicants) -> ScoredRows:
    scores = score_applicants(model, applicants)
    inputs = sent_values(applicants, model.schema.raw_numbers)
    features = scores.features.astype(np.float32)
    return ScoredRows(features, inputs, scores.default_probabilities)


def by_findings(model: Model, reference: ScoredRows, current: ScoredRows) -> tuple[Line, list[str]]:
    columns = RawColumns(model.schema)
    yardstick = Yardstick(columns, reference, contributions_of(model, reference))
    rows = len(current)
    window = Window(
        rows=current,
        contributions=contributions_of(model, current),
        sources=["application_test"],
        source_of=np.zeros(rows, np.intp),
        files=np.full(rows, "", object),
        of_everybody=np.ones(rows, np.bool_),
        refused={},
        scored={},
    )
    found = Comparison(yardstick, window).find()
    told = [f"{f.urgency}: {f.kind.value} {' and '.join(f.columns)}" for f in found]
    named = {name for f in found for name in f.columns}
    return ("findings (raw columns)", len(named & {*columns.names}), len(columns.names)), told


def by_p_values(model: Model, reference: ScoredRows, current: ScoredRows) -> Line:
    """Kolmogorov-Smirnov of numbers, chi-square of categories: the missing are left out."""
    found = 0
    for place, name in enumerate(model.schema.names):
        sides = [rows.features[:, place] for rows in (reference, current)]
        before, now = (values[~np.isnan(values)] for values in sides)
        if name in model.schema.vocabularies:
            found += _categories_differ(before, now)
        elif len(before) and len(now):
            found += ks_2samp(before, now).pvalue < SIGNIFICANT
    return ("Kolmogorov-Smirnov, chi-square: p < 0.05", int(found), len(model.schema))


def _categories_differ(before: np.ndarray, now: np.ndarray) -> bool:
    codes = np.unique(np.concatenate([before, now]))
    counts = np.array([[np.sum(side == code) for code in codes] for side in (before, now)])
    return len(codes) > 1 and bool(chi2_contingency(counts).pvalue < SIGNIFICANT)


def by_report(model: Model, reference: ScoredRows, current: ScoredRows) -> Iterator[Line]:
    """As Evidently's page tells: our index of each feature, and Evidently's own choice of test."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sides.npz"
        sides = {"reference": reference, "current": current}
        np.savez(file, **{f"{n}_{part}": getattr(rows, part) for n, rows in sides.items()
                          for part in ("features", "inputs", "default_probabilities")})  # fmt: skip
        schema = {"names": model.schema.names, "vocabularies": dict(model.schema.vocabularies)}
        command = [EVIDENTLY, "-m", "tests.bench.drift_rules_worker", file, json.dumps(schema)]
        layer = ROOT / "layers" / "credit_scoring" / "python"
        environment = os.environ | {"PYTHONPATH": str(layer)}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    yield "our index of each feature, beyond chance", told["ours"], told["features"]
    yield "PSI of 0.1 or more, over the same bins", told["moderate"], told["features"]
    yield "Evidently's default", told["evidently"], told["features"]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.drift_rules",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", required=True, help="folder of bundles")
    parser.add_argument("--data", type=Path, required=True, help="folder of the tables")
    options = parser.parse_args()
    store = open_store(options.models)
    model = load_champion(store)
    reference, _ = load_reference(store, model)
    current = score(model, read_unlabelled(options.data))
    print(f"{len(reference):,} rows of training, {len(current):,} of application_test")
    findings, told = by_findings(model, reference, current)
    lines = [findings, *by_report(model, reference, current)]
    for name, drifted, among in [*lines, by_p_values(model, reference, current)]:
        print(f"| {name} | {drifted} of {among} | {drifted / among:.0%} |")
    print(*told, sep="\n")


if __name__ == "__main__":
    main()
