"""Compare scored applicants with the model's reference dataset, with Evidently.

Importing this module imports Evidently, which takes seconds: the handler does it inside the call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from functions.drift_monitor.bins import BinnedFeature, Codes, bin_feature
from functions.drift_monitor.evidently_parts import (
    DataDefinition,
    DataDriftPreset,
    Dataset,
    Introduction,
    Report,
    Snapshot,
    ValueDrift,
)
from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.stability import METHOD, ColumnDrift, drift_threshold

PD_COLUMN = "probability of default"

type Columns = Mapping[str, tuple[Codes, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class DriftReport:
    """features : in the model's order; default_probability : the PD itself."""

    html: bytes
    json: bytes
    features: list[ColumnDrift]
    default_probability: ColumnDrift


def compare(
    reference: ScoredRows,
    current: ScoredRows,
    *,
    names: Sequence[str],
    vocabularies: Mapping[str, Sequence[str]],
    introduction: str,
    alarming_share: float,
) -> DriftReport:
    """Measure how far every feature and the PD have moved.

    reference, current : n and m rows of the features `names`, at least one each
    vocabularies : for each categorical feature, its categories in code order
    introduction : Markdown that opens the HTML
    alarming_share : share of drifted features from which the HTML speaks of dataset drift
    """
    binned = {
        name: bin_feature(before, now, vocabularies.get(name))
        for name, before, now in zip(names, reference.features.T, current.features.T, strict=True)
    }
    thresholds = {name: drift_threshold(*feature.counts) for name, feature in binned.items()}
    thresholds[PD_COLUMN] = drift_threshold(*_binned_pd(reference, current).counts)
    snapshot = _run(
        _frame({name: (f.reference, f.labels) for name, f in binned.items()}, reference),
        _frame({name: (f.current, f.labels) for name, f in binned.items()}, current),
        thresholds=thresholds,
        introduction=introduction,
        alarming_share=alarming_share,
    )
    return _read(snapshot, binned, thresholds)


def _binned_pd(reference: ScoredRows, current: ScoredRows) -> BinnedFeature:
    return bin_feature(reference.default_probabilities, current.default_probabilities)


def _frame(columns: Columns, rows: ScoredRows) -> pd.DataFrame:
    """Binned features as categories, which take one byte a value, and the PD as a number."""
    frame = {
        name: pd.Categorical.from_codes(codes, labels) for name, (codes, labels) in columns.items()
    }
    return pd.DataFrame({**frame, PD_COLUMN: rows.default_probabilities})


def _run(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    *,
    thresholds: Mapping[str, float],
    introduction: str,
    alarming_share: float,
) -> Snapshot:
    features = [name for name in thresholds if name != PD_COLUMN]
    definition = DataDefinition(numerical_columns=[PD_COLUMN], categorical_columns=features)
    report = Report(
        [
            Introduction(text=introduction),
            ValueDrift(column=PD_COLUMN, method=METHOD, threshold=thresholds[PD_COLUMN]),
            DataDriftPreset(
                columns=features,
                method=METHOD,
                per_column_threshold=dict(thresholds),
                drift_share=alarming_share,
            ),
        ]
    )
    return report.run(
        Dataset.from_pandas(current, definition), Dataset.from_pandas(reference, definition)
    )


def _read(
    snapshot: Snapshot, binned: Mapping[str, BinnedFeature], thresholds: Mapping[str, float]
) -> DriftReport:
    scores = {
        metric["config"]["column"]: float(metric["value"])
        for metric in snapshot.dict()["metrics"]
        if "column" in metric["config"]
    }
    return DriftReport(
        html=snapshot.get_html_str(as_iframe=False).encode(),
        json=snapshot.json().encode(),
        features=[
            ColumnDrift(name, scores[name], thresholds[name], *feature.missing_shares)
            for name, feature in binned.items()
        ],
        default_probability=ColumnDrift(PD_COLUMN, scores[PD_COLUMN], thresholds[PD_COLUMN]),
    )
