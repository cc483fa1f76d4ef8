"""Does a night's work as the drift monitor does; the bench starts it.

python -m tests.bench.drift_worker FOLDER
"""

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
from credit_scoring.aws.storage import FolderStore
from credit_scoring.features import sent_values
from credit_scoring.population.monitoring import MonitoringRows
from credit_scoring.population.outcome_calibration import OutcomeCalibration
from credit_scoring.scoring import Model, score_applicants

from functions.drift_monitor.judged import judge
from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.records.layout import scores_key, values_folder
from functions.drift_monitor.records.reading import read_window
from functions.drift_monitor.rows import ScoredRows
from tests.bench.bench_drift import DAY
from tests.bench.reference_model import draw_applicants, reference_model

REFERENCE_ROWS = 10_000


def main(folder: str) -> None:
    records = FolderStore(Path(folder) / "records")
    model = reference_model().model
    compacted = _seconds(lambda: compact(records))
    slim = (records.folder / scores_key(DAY)).stat().st_size
    kept = slim + sum((records.folder / key).stat().st_size for key in _parts(records, model))
    _repeat_days(records, model)
    start = DAY - timedelta(days=6)
    began = time.perf_counter()
    window = read_window(records, model.schema, model.version, start=start, end=DAY)
    read = time.perf_counter() - began
    reference, monitored = _reference(model)
    judged = _seconds(lambda: judge(model, reference, monitored, window, []))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        "compact": compacted, "bytes": kept, "slim": slim, "read": read, "judge": judged,
        "judged": len(window.rows), "columns": window.rows.inputs.shape[1],
        "features": len(model.schema), "sources": len(window.sources), "peak": peak,
    }  # fmt: skip
    print(json.dumps(told))


def _parts(records: FolderStore, model: Model) -> list[str]:
    return list(records.list(values_folder(DAY, model.version)))


def _seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _repeat_days(records: FolderStore, model: Model) -> None:
    """Six days before the last, of other scores of other applicants."""
    for days in range(1, 7):
        day = DAY - timedelta(days=days)
        scores = (scores_key(DAY), f"applicant + {days}000000000 AS applicant, ")
        for key, changed in (scores, *((part, "") for part in _parts(records, model))):
            old = records.folder / key
            new = records.folder / key.replace(str(DAY), str(day))
            new.parent.mkdir(parents=True, exist_ok=True)
            duckdb.sql(
                f"COPY (SELECT * REPLACE ({changed}'{days}-' || score_id AS score_id)"
                f" FROM read_parquet('{old}', hive_partitioning = false))"
                f" TO '{new}' (FORMAT parquet, COMPRESSION zstd)"
            )


def _reference(model: Model) -> tuple[ScoredRows, MonitoringRows]:
    applicants = draw_applicants(REFERENCE_ROWS, seed=6)
    scores = score_applicants(model, applicants)
    inputs, pds = sent_values(applicants, model.schema.raw_numbers), scores.default_probabilities
    defaulted = np.random.default_rng(7).random(len(pds)) < pds
    known = OutcomeCalibration.of_outcomes(pds, defaulted)
    rows = ScoredRows(scores.features.astype(np.float32), inputs, pds)
    return rows, MonitoringRows(inputs, defaulted, pds, known.coefficients, known.covariance)


if __name__ == "__main__":
    main(sys.argv[1])
