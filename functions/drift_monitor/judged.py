"""A window that was judged: what was found, estimated and measured, ready to be told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from credit_scoring.population.monitoring import MonitoringRows
from credit_scoring.population.outcome_calibration import OutcomeCalibration
from credit_scoring.scoring import Model

from functions.drift_monitor.baseline import Run, histograms_bytes, mark_standing
from functions.drift_monitor.find import FALSE_TICKETS, Comparison, Window, Yardstick
from functions.drift_monitor.finding import AT_THE_DOOR, Finding, Kind
from functions.drift_monitor.performance import (
    Decisions,
    Performance,
    estimate,
    has_cost_risen,
)
from functions.drift_monitor.raw_columns import RawColumns
from functions.drift_monitor.records.reading import WindowRecords
from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.scopes import EVERYWHERE


@dataclass(frozen=True)
class Judgement:
    """found : urgent and heavy ones first
    performance : by source, EVERYWHERE first
    reference_cost : expected per applicant, in refused good payers
    histograms : for the nights to come
    """

    found: Sequence[Finding]
    performance: Mapping[str, Performance]
    reference_cost: float
    histograms: bytes


def judge(
    model: Model,
    reference: ScoredRows,
    monitoring: MonitoringRows,
    records: WindowRecords,
    baseline: Sequence[Run],
) -> Judgement:
    """Compare a window with its model's reference and with the four weeks before."""
    columns = RawColumns(model.schema)
    yardstick = Yardstick(columns, reference, contributions_of(model, reference))
    window = Window(
        rows=records.rows,
        contributions=contributions_of(model, records.rows),
        sources=records.sources,
        source_of=records.source_of,
        files=records.files,
        of_everybody=records.of_everybody,
        refused=records.refused,
        scored=records.scored,
        refused_files=records.refused_files,
    )
    comparison = Comparison(yardstick, window)
    calibration = monitoring.calibration
    decisions = Decisions(model.cutoff, model.cost_ratio)
    costs = expected_costs(monitoring, decisions)
    found = comparison.find()
    found += cost_rise(found, window, calibration, decisions, costs)
    now = comparison.named_histograms()
    alpha = FALSE_TICKETS / max(len(found), 1)
    found = mark_standing(found, now, baseline, columns, alpha=alpha)
    return Judgement(
        found=found,
        performance=dict(_performances(window, comparison, calibration, decisions)),
        reference_cost=float(costs.mean()),
        histograms=histograms_bytes(records.sources, comparison.histograms, now[EVERYWHERE]),
    )


def expected_costs(monitoring: MonitoringRows, decisions: Decisions) -> np.ndarray:
    """Of each row of the reference, by models that never saw it (m,)."""
    calibrated = monitoring.calibration.calibrated(monitoring.held_out)
    return decisions.expected_costs(monitoring.held_out, calibrated)


def contributions_of(model: Model, rows: ScoredRows) -> np.ndarray:
    """float64 (n, F), log-odds."""
    _, contributions = model.explainer.contributions(rows.features.astype(np.float64))
    return contributions


def cost_rise(
    found: Sequence[Finding],
    window: Window,
    calibration: OutcomeCalibration,
    decisions: Decisions,
    before: np.ndarray,
) -> list[Finding]:
    """Nothing where a fault explains it, and without whom one explains: one cause calls once.

    Rows that were refused explain nothing of those that were scored.
    """
    faulty = {f.source for f in found if f.kind not in (Kind.POPULATION, *AT_THE_DOOR)}
    if EVERYWHERE in faulty:
        return []
    sound = [place for place, name in enumerate(window.sources) if name not in faulty]
    rows = window.of_everybody & np.isin(window.source_of, sound)
    pds = window.rows.default_probabilities[rows]
    if not len(pds):
        return []
    now = decisions.expected_costs(pds, calibration.calibrated(pds))
    if not has_cost_risen(before, now):
        return []
    rise = float(now.mean() / before.mean() - 1)
    columns = [name for f in found if f.kind is Kind.POPULATION for name in f.columns]
    return [
        Finding(Kind.COST, tuple(columns), EVERYWHERE, len(pds), measures={"rise": rise}),
    ]


def _performances(
    window: Window, comparison: Comparison, calibration: OutcomeCalibration, decisions: Decisions
) -> Iterator[tuple[str, Performance]]:
    pds = window.rows.default_probabilities
    yield EVERYWHERE, estimate(pds[window.of_everybody], calibration, decisions)
    for place in comparison.big_sources:
        rows = window.source_of == place
        yield window.sources[place], estimate(pds[rows], calibration, decisions)
