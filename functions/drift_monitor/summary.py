"""What a page, an alarm or a person needs of a run without opening the report."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from credit_scoring.decision import accepts
from numpy.typing import NDArray

from functions.drift_monitor.finding import Finding
from functions.drift_monitor.judged import Judgement
from functions.drift_monitor.message import sentence
from functions.drift_monitor.performance import Performance
from functions.drift_monitor.scopes import EVERYWHERE
from functions.drift_monitor.window import Window

MEASURED, INSUFFICIENT = "measured", "insufficient"
FORMAT = 2

type Summary = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run before anything is compared.

    rows : {"reference", "window", "window_compared"}; sources : applicants by who sent them
    last_verdict : the day up to which the newest verdict before this run looked, if there is one
    told : keys of the findings that people were told of by then
    """

    version: str
    window: Window
    measured_at: datetime
    rows: Mapping[str, int]
    sources: Mapping[str, int]
    last_verdict: date | None = None
    told: Sequence[Sequence[str]] = ()


def introduce(run: Run) -> str:
    """What the reader of the report must know first, as Markdown."""
    rows = run.rows
    return f"""# Drift of model {run.version}

**{run.window}**: {rows["window"]:,} applicants were scored, {rows["window_compared"]:,} of
them are compared (*current*) with {rows["reference"]:,} of the model's training data
(*reference*).

Every feature is cut at the deciles of the reference; missing values are a bin of their own. The
score is the population stability index: below 0.1 stable, 0.1 to 0.25 a moderate shift, above 0.25
a major one. The first chart shows the probability of default in the order of scoring. Who is
called, and for what, is decided by the findings of summary.json, not by this page.
"""


def insufficient_summary(run: Run, *, minimum_rows: int, reason: str) -> Summary:
    """No verdict: too few scores, or a bundle without what findings need."""
    return {
        "status": INSUFFICIENT,
        "reason": reason,
        **_facts(run),
        "minimum_rows": minimum_rows,
        "last_verdict": run.last_verdict.isoformat() if run.last_verdict else None,
    }


def measured_summary(
    run: Run,
    judgement: Judgement,
    *,
    cutoff: float,
    reference_pds: NDArray[np.float64],
    window_pds: NDArray[np.float64],
) -> Summary:
    """The verdict; findings come by urgency and weight."""
    return {
        "status": MEASURED,
        **_facts(run),
        "last_verdict": run.window.end.isoformat(),
        "findings": [_finding(finding) for finding in judgement.found],
        "estimated": {
            "note": "From PDs alone: blind to applicants who default more often than their like.",
            "reference_cost": judgement.reference_cost,
            "everywhere": _performance(judgement.performance[EVERYWHERE]),
            "by_source": {
                source: _performance(of_source)
                for source, of_source in judgement.performance.items()
                if source != EVERYWHERE
            },
        },
        "default_probability": _default_probability(reference_pds, window_pds, cutoff),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "urgency": finding.urgency,
        "columns": list(finding.columns),
        "source": finding.source,
        "files": list(finding.files),
        "rows": finding.rows,
        "severity": round(finding.severity, 4),
        "standing": finding.is_standing,
        "acknowledged_until": _day(finding.acknowledged_until),
        "measures": {name: _plain(value) for name, value in finding.measures.items()},
        "text": sentence(finding),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _performance(performance: Performance) -> dict[str, Any]:
    return {
        name: {part: _plain(value) for part, value in estimate.items()}
        for name, estimate in asdict(performance).items()
    }


def _plain(value: Any) -> Any:
    """As JSON keeps it: it knows neither numpy's numbers nor NaN."""
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else round(float(value), 6)
    return value


def _default_probability(
    reference: NDArray[np.float64], window: NDArray[np.float64], cutoff: float
) -> dict[str, float]:
    sides: Sequence[tuple[str, NDArray[np.float64]]] = (
        ("reference", reference),
        ("window", window),
    )
    means = {f"mean_in_{side}": float(np.mean(values)) for side, values in sides}
    refused = {
        f"refused_in_{side}": float(np.mean(~accepts(values, cutoff=cutoff)))
        for side, values in sides
    }
    return means | refused


def _facts(run: Run) -> Summary:
    return {
        "format": FORMAT,
        "measured_at": run.measured_at.astimezone(UTC).isoformat(timespec="seconds"),
        "model": {"version": run.version},
        "window": {
            "start": run.window.start.isoformat(),
            "end": run.window.end.isoformat(),
            "days": run.window.days,
        },
        "nightly": run.window.is_nightly,
        "rows": dict(run.rows),
        "sources": dict(run.sources),
        "told": [list(key) for key in run.told],
    }
