"""What a page, an alarm or a person needs of a run without opening the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from credit_scoring.decision import accepts

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


def introduce(run: Run) -> str:
    """What the reader of the report must know first, as Markdown."""
    rows = run.rows
    return f"""# Drift of model {run.version}

**{run.window}** (UTC): {rows["window"]:,} applicants were scored, {rows["window_compared"]:,} of
them are compared (*current*) with {rows["reference_compared"]:,} of the model's training data
(*reference*).

Every feature is cut at the deciles of the reference; missing values are a bin of their own. The
score is the population stability index: below 0.1 stable, 0.1 to 0.25 a moderate shift, above 0.25
a major one. The first chart shows the probability of default in the order of scoring.
"""


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

    importance : of each feature, its mean absolute contribution in log-odds
    """
    drifted = [feature for feature in features if feature.drifted]
    drifted.sort(key=lambda feature: (-importance[feature.column], -feature.score))
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
                "importance": importance[feature.column],
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
        **{
            f"refused_in_{side}": float(np.mean(~accepts(values, cutoff=cutoff)))
            for side, values in pds.items()
        },
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
