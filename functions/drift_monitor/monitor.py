"""One run: load both sides, compare them if there is enough to compare, publish."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import Model

from functions.drift_monitor.load import Side, load_reference, load_window
from functions.drift_monitor.publish import publish, run_folder
from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.summary import (
    Run,
    Summary,
    default_probability_summary,
    insufficient_summary,
    introduce,
    measured_summary,
)
from functions.drift_monitor.window import Window

# More rows would not change the second decimal of any score; this bounds memory and time.
COMPARED_ROWS = 20_000
# Of all features: from here on the report speaks of dataset drift.
ALARMING_SHARE = 0.3
EXPLAINED_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Stores:
    """Where bundles and score records are read, and where reports are written."""

    models: Store
    records: Store
    reports: Store


def measure_drift(stores: Stores, *, window: Window, now: datetime, minimum_rows: int) -> Summary:
    """Measure how far the champion's applicants of the window are from its reference dataset.

    Raises ArtifactMissing or ArtifactMismatch when the champion cannot be used, StorageUnavailable
    when the storage does not answer: nothing is then published.
    """
    model = load_champion(stores.models)
    reference = load_reference(stores.models, model, limit=COMPARED_ROWS)
    current = load_window(stores.records, model, window, limit=COMPARED_ROWS)
    run = _describe(model, window, now, reference, current)
    files: dict[str, bytes] = {}
    if current.total < minimum_rows:
        summary = insufficient_summary(run, minimum_rows=minimum_rows)
    else:
        summary, files = _compare(run, model, reference.rows, current.rows)
    return publish(
        stores.reports,
        summary,
        folder=run_folder(window, now=now),
        files=files,
        newest=not window.looks_back,
    )


def _describe(model: Model, window: Window, now: datetime, reference: Side, current: Side) -> Run:
    rows = {
        "reference": reference.total,
        "window": current.total,
        "reference_compared": len(reference.rows),
        "window_compared": len(current.rows),
    }
    return Run(model.version, window, now, rows=rows, sources=current.sources)


def _compare(
    run: Run, model: Model, reference: ScoredRows, current: ScoredRows
) -> tuple[Summary, dict[str, bytes]]:
    # Evidently takes seconds to import, more than a Lambda may take to start.
    from functions.drift_monitor.report import compare  # noqa: PLC0415

    report = compare(
        reference,
        current,
        names=model.schema.names,
        vocabularies=model.schema.vocabularies,
        introduction=introduce(run),
        alarming_share=ALARMING_SHARE,
    )
    summary = measured_summary(
        run,
        features=report.features,
        importance=_importance(model, reference),
        default_probability=default_probability_summary(
            report.default_probability, reference=reference, current=current, cutoff=model.cutoff
        ),
    )
    return summary, {"report.html": report.html, "report.json": report.json}


def _importance(model: Model, reference: ScoredRows) -> dict[str, float]:
    """Mean absolute contribution of each feature, in log-odds."""
    features = reference.features[:EXPLAINED_ROWS].astype(np.float64)
    _, contributions = model.explainer.contributions(features)
    means = np.mean(np.abs(contributions), axis=0)
    return dict(zip(model.schema.names, means.tolist(), strict=True))
