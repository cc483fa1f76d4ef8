"""What a page, an alarm or a person needs of a run without opening the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.stability import METHOD, ColumnDrift
from functions.drift_monitor.window import Window

MEASURED, INSUFFICIENT = "measured", "insufficient"

type Summary = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run before anything is compared.

    rows : {"reference", "window", "reference_compared", "window_compared"}
    sources : rows in the window by who scored them
    """

    version: str
    window: Window
    measured_at: datetime
    rows: Mapping[str, int]
    sources: Mapping[str, int]


def insufficient_summary(run: Run, *, minimum_rows: int) -> Summary:
    """Too few scores for a verdict."""
    return {"status": INSUFFICIENT, **_facts(run), "minimum_rows": minimum_rows}


def measured_summary(
    run: Run,
    *,
    features: Sequence[ColumnDrift],
    importance: Mapping[str, float],
    default_probability: Summary,
) -> Summary:
    """The verdict; drifted features come by their importance to the model, then by score.

    importance : of each feature, where the bundle knows it; may be empty
    """
    drifted = [feature for feature in features if feature.drifted]
    drifted.sort(key=lambda feature: (-importance.get(feature.column, 0.0), -feature.score))
    return {
        "status": MEASURED,
        **_facts(run),
        "features": {
            "compared": len(features),
            "drifted": len(drifted),
            "drifted_share": len(drifted) / len(features),
        },
        "default_probability": default_probability,
        "drifted_features": [
            {
                "feature": feature.column,
                "importance": importance.get(feature.column),
                **_score(feature),
                "missing_in_reference": feature.missing_in_reference,
                "missing_in_window": feature.missing_in_window,
            }
            for feature in drifted
        ],
    }


def default_probability_summary(
    drift: ColumnDrift, *, reference: ScoredRows, current: ScoredRows, cutoff: float
) -> Summary:
    """How far the PD has moved, its means, and the shares of rows above the cut-off."""
    sides = {"reference": reference, "window": current}
    pds = {side: rows.default_probabilities for side, rows in sides.items()}
    return {
        **_score(drift),
        "drifted": drift.drifted,
        **{f"mean_in_{side}": float(np.mean(values)) for side, values in pds.items()},
        **{f"refused_in_{side}": float(np.mean(values >= cutoff)) for side, values in pds.items()},
    }


def _facts(run: Run) -> Summary:
    return {
        "format": 1,
        "measured_at": run.measured_at.astimezone(UTC).isoformat(timespec="seconds"),
        "model": {"version": run.version},
        "window": {
            "start": run.window.start.isoformat(),
            "end": run.window.end.isoformat(),
            "days": run.window.days,
        },
        "rows": dict(run.rows),
        "sources": dict(run.sources),
    }


def _score(drift: ColumnDrift) -> Summary:
    return {"method": METHOD, "score": drift.score, "threshold": drift.threshold}
