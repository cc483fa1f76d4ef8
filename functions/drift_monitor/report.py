"""The report that people look at, made by Evidently from the features as the model saw them.

Importing this module imports Evidently, which takes seconds: it happens after the verdict is out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
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
from functions.drift_monitor.stability import METHOD, movement

PD_COLUMN = "probability of default"
# Chance of a false alarm in all features together.
FALSE_ALARMS = 0.005
# Of all features: from here on Evidently speaks of dataset drift; nobody is called for it.
ALARMING_SHARE = 0.3

type Columns = Mapping[str, tuple[Codes, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ColumnVerdicts:
    """One feature by our rule and by Evidently's default.

    index, threshold : PSI over the reference's bins, and from where it has drifted
    default_score, default_method : what Evidently chooses for a column of this kind and size
    default_drifted : its verdict, by its own threshold
    """

    column: str
    index: float
    threshold: float
    default_method: str
    default_score: float
    default_drifted: bool

    @property
    def drifted(self) -> bool:
        return self.index > self.threshold


@dataclass(frozen=True, slots=True)
class DriftReport:
    """features : in the model's order"""

    html: bytes
    json: bytes
    features: list[ColumnVerdicts]


def compare(
    reference: ScoredRows,
    current: ScoredRows,
    *,
    names: Sequence[str],
    vocabularies: Mapping[str, Sequence[str]],
    introduction: str,
) -> DriftReport:
    """Measure how far every feature and the PD have moved.

    reference, current : n and m rows of the features `names`, at least one each
    vocabularies : for each categorical feature, its categories in code order
    introduction : Markdown that opens the HTML; a table of both verdicts follows it
    """
    binned = {
        name: bin_feature(before, now, vocabularies.get(name))
        for name, before, now in zip(names, reference.features.T, current.features.T, strict=True)
    }
    moves = {
        name: movement(*feature.counts, alpha=FALSE_ALARMS / len(names))
        for name, feature in binned.items()
    }
    defaults = _default_verdicts(reference, current, names, vocabularies)
    verdicts = [
        ColumnVerdicts(name, moves[name].index, moves[name].limit, *defaults[name])
        for name in names
    ]
    pd_move = movement(*_binned_pd(reference, current).counts, alpha=FALSE_ALARMS)
    thresholds = {v.column: v.threshold for v in verdicts} | {PD_COLUMN: pd_move.limit}
    snapshot = _run(
        _frame({name: (f.reference, f.labels) for name, f in binned.items()}, reference),
        _frame({name: (f.current, f.labels) for name, f in binned.items()}, current),
        thresholds=thresholds,
        introduction=introduction + _list(verdicts),
    )
    html = snapshot.get_html_str(as_iframe=False).encode()
    return DriftReport(html, snapshot.json().encode(), verdicts)


def _default_verdicts(
    reference: ScoredRows,
    current: ScoredRows,
    names: Sequence[str],
    vocabularies: Mapping[str, Sequence[str]],
) -> dict[str, tuple[str, float, bool]]:
    """What Evidently says when nobody tells it how: method, score, verdict by feature.

    A column that is empty on either side is left to us: Evidently cannot compare it.
    """
    full = [
        name
        for place, name in enumerate(names)
        if not (_is_empty(reference, place) or _is_empty(current, place))
    ]
    numbers = [name for name in full if name not in vocabularies]
    words = [name for name in full if name in vocabularies]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=words)
    sides = [
        Dataset.from_pandas(pd.DataFrame(rows.features, columns=list(names))[full], definition)
        for rows in (current, reference)
    ]
    snapshot = Report([ValueDrift(column=name) for name in full]).run(*sides)
    found = {name: ("", float("nan"), False) for name in names}
    for metric in snapshot.dict()["metrics"]:
        config = metric["config"]
        method, score = str(config.get("method") or ""), float(metric["value"])
        threshold = float(config.get("threshold") or _default_threshold(method))
        below = "p_value" in method
        drifted = bool(score < threshold if below else score >= threshold)
        found[config["column"]] = (method, score, drifted)
    return found


def _default_threshold(method: str) -> float:
    return 0.05 if "p_value" in method else 0.1


def _is_empty(rows: ScoredRows, place: int) -> bool:
    return bool(np.isnan(rows.features[:, place]).all())


def _list(verdicts: Sequence[ColumnVerdicts]) -> str:
    """Both verdicts of every feature that either calls drifted.

    A list: Evidently's Markdown knows no tables.
    """
    ours = sum(v.drifted for v in verdicts)
    theirs = sum(v.default_drifted for v in verdicts)
    lines = [
        "",
        f"Of {len(verdicts)} features **{ours}** have drifted by this rule and **{theirs}** by"
        " Evidently's default choice of test for columns of this kind and size.",
        "",
    ]
    lines += [
        f"- **{v.column}**: PSI {v.index:.3f}, limit {v.threshold:.3f}, drifted {_word(v.drifted)};"
        f" by Evidently's default ({v.default_method or 'nothing'}) {v.default_score:.3f},"
        f" drifted {_word(v.default_drifted)}"
        for v in sorted(verdicts, key=lambda v: -v.index)
        if v.drifted or v.default_drifted
    ]
    return "\n".join(lines) + "\n"


def _word(drifted: bool) -> str:
    return "yes" if drifted else "no"


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
                drift_share=ALARMING_SHARE,
            ),
        ]
    )
    return report.run(
        Dataset.from_pandas(current, definition), Dataset.from_pandas(reference, definition)
    )
