"""Evidently's verdicts beside ours, in the environment that has Evidently; `drift_rules` starts it.

python -m tests.bench.drift_rules_worker SIDES SCHEMA
"""

import json
import sys

import numpy as np

from functions.drift_monitor.report import compare
from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.stability import MODERATE

PARTS = ("features", "inputs", "default_probabilities")


def main(file: str, schema_text: str) -> None:
    arrays, schema = np.load(file), json.loads(schema_text)
    sides = [
        ScoredRows(*(arrays[f"{name}_{part}"] for part in PARTS))
        for name in ("reference", "current")
    ]
    report = compare(
        *sides, names=schema["names"], vocabularies=schema["vocabularies"], introduction=""
    )
    told = {
        "features": len(report.features),
        "ours": sum(feature.drifted for feature in report.features),
        "moderate": sum(feature.index >= MODERATE for feature in report.features),
        "evidently": sum(feature.default_drifted for feature in report.features),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
