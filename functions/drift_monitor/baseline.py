"""The four weeks before a window: what was found then, and how columns stood.

A shift that has been told for four weeks and goes no further is standing: it stays in the summary,
but nobody is called for it again.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from credit_scoring.arrays import compressed, read_arrays
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMismatch, ObjectNotFound

from functions.drift_monitor.chance import normal_limit
from functions.drift_monitor.earlier import is_nightly, read_summary
from functions.drift_monitor.faults import NEW_CATEGORY_SHARE, REFUSED_SHARE
from functions.drift_monitor.finding import PAGE, ExactKey, Finding, Kind, exact_key
from functions.drift_monitor.performance import COST_RISE
from functions.drift_monitor.raw_columns import RawColumns
from functions.drift_monitor.scopes import EVERYWHERE, Histogram
from functions.drift_monitor.shifts import PD_COLUMN
from functions.drift_monitor.stability import movement

WEEKS = 4
# What goes further by as much again as makes a finding, by the measure that says so.
_FURTHER = {
    Kind.REFUSED: ("share", REFUSED_SHARE),
    Kind.CATEGORY: ("share", NEW_CATEGORY_SHARE),
    Kind.COST: ("rise", COST_RISE),
}
HISTOGRAMS = "histograms.npz"


@dataclass(frozen=True)
class Run:
    """An earlier run of the same model.

    measures : of its findings, by their key
    histograms : source -> rows in each bin, by column; EVERYWHERE is all of them
    """

    measures: Mapping[ExactKey, Mapping[str, Any]]
    histograms: Mapping[str, Sequence[Histogram]]


def histograms_bytes(
    sources: Sequence[str], histograms: Sequence[Histogram], everywhere: Sequence[Histogram]
) -> bytes:
    """histograms : by column, (sources, bins); everywhere : by column, (bins,)"""
    names = np.array([*sources, EVERYWHERE])
    arrays = {
        f"column_{n}": np.vstack([of_sources, of_all])
        for n, (of_sources, of_all) in enumerate(zip(histograms, everywhere, strict=True))
    }
    return compressed({"sources": names} | arrays)


def read_baseline(reports: Store, *, version: str, start: date) -> list[Run]:
    """What the nightly run of each of the four weeks before `start` saw, where there is one."""
    days = [start - timedelta(days=1 + 7 * week) for week in range(WEEKS)]
    return [run for day in days if (run := _read_nightly(reports, day, version))]


def _read_nightly(reports: Store, day: date, version: str) -> Run | None:
    """The newest one: who looks back at a day, later, may have asked for other days before it."""
    ending = "/summary.json"
    keys = [key for key in reports.list(f"date={day}/") if key.endswith(ending)]
    for key in reversed(keys):
        summary = read_summary(reports, key)
        if summary is not None and is_nightly(summary):
            return _read(reports, key.removesuffix(ending), summary, version)
    return None


def _read(reports: Store, folder: str, summary: Mapping[str, Any], version: str) -> Run | None:
    if summary.get("model", {}).get("version") != version:
        return None
    try:
        arrays = read_arrays(HISTOGRAMS, reports.read(f"{folder}/{HISTOGRAMS}"))
    except (ObjectNotFound, ArtifactMismatch):
        return None
    count = len(arrays) - 1
    by_source = {
        str(source): [arrays[f"column_{n}"][row] for n in range(count)]
        for row, source in enumerate(arrays["sources"])
    }
    measures = {_key(each): each.get("measures", {}) for each in summary.get("findings", ())}
    return Run(measures, by_source)


def _key(finding: Mapping[str, Any]) -> ExactKey:
    columns, measures = tuple(finding["columns"]), finding.get("measures", {})
    return exact_key(finding["kind"], finding["source"], columns, measures)


def mark_standing(
    found: Iterable[Finding],
    now: Mapping[str, Sequence[Histogram]],
    baseline: Sequence[Run],
    columns: RawColumns,
    *,
    alpha: float,
) -> list[Finding]:
    """Say of each finding whether it is nothing new.

    now : as `Run.histograms`; alpha : chance of taking an unmoved column for one that moved on
    """
    return [
        replace(finding, is_standing=_is_standing(finding, now, baseline, columns, alpha))
        for finding in found
    ]


def _measures_more(finding: Finding, before: Sequence[Mapping[str, Any]], alpha: float) -> bool:
    """Whether it goes further in what no histogram shows: rows at the door, costs."""
    now = finding.measures
    if finding.columns == (PD_COLUMN,):  # whose histograms are not kept
        name, step = "psi", now["threshold"]
    elif finding.kind in _FURTHER:
        name, step = _FURTHER[finding.kind]
    else:
        return False
    most = max(measures.get(name) or 0.0 for measures in before)
    if "refused" in now:
        sent = now["refused"] / now["share"]
        noise = math.sqrt(now["share"] * (1 - now["share"]) / sent + most * (1 - most) / sent)
        step = max(step, normal_limit(alpha) * noise)
    return bool(now[name] >= most + step)


def _is_standing(
    finding: Finding,
    now: Mapping[str, Sequence[Histogram]],
    baseline: Sequence[Run],
    columns: RawColumns,
    alpha: float,
) -> bool:
    if len(baseline) < WEEKS or not all(finding.exact_key in run.measures for run in baseline):
        return False
    if _measures_more(finding, [run.measures[finding.exact_key] for run in baseline], alpha):
        return False
    places = [columns.names.index(name) for name in finding.columns if name in columns.names]
    runs = [run.histograms[finding.source] for run in baseline if finding.source in run.histograms]
    if not runs or finding.source not in now:
        return finding.urgency != PAGE
    return not any(
        movement(
            sum((run[place] for run in runs), np.zeros_like(now[finding.source][place])),
            now[finding.source][place],
            alpha=alpha,
        ).is_moved
        for place in places
    )
