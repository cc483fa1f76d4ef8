"""Calibrate, choose the cut-off, and measure, all on PDs of rows that the models never saw."""

from dataclasses import asdict

import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.decision import default_probabilities

from training.data.split import is_for_tuning
from training.evaluation.audit.fairness import ATTRIBUTES
from training.evaluation.audit.group_rates import JUDGED_FROM, Texts, groups_of
from training.evaluation.calibration import PlattScaling, calibrate
from training.evaluation.cutoff import (
    band_edges,
    choose_cutoff,
    cost_curve,
    policy_grid,
    risk_bands,
    theoretical_cutoff,
)
from training.evaluation.evaluate import measure
from training.evaluation.statistics import bootstrap_intervals
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import validate
from training.pipeline.steps.shared import prepared_rows
from training.pipeline.steps.tune import is_tuned

SUMMARY = "measure.json"
# Curves that every card shows, beside the one of the run's own ratio.
COST_RATIOS = (10.0, 100.0)


def depends_on(settings: RunSettings) -> object:
    return settings.cost_ratio


def run(work: Work[RunSettings]) -> str:
    rows, seed = measured_rows(work), work.settings.recipe.seed
    ratio = work.settings.cost_ratio
    defaulted, margins = prepared_rows(work).defaulted[rows], _held_out_margins(work)[rows]
    calibration = calibrate(margins, defaulted, seed=seed)
    pds = default_probabilities(calibration.repair.apply(margins))
    cutoff = choose_cutoff(pds, defaulted, cost_ratio=ratio)
    metrics = measure(pds, defaulted, cutoff=cutoff, cost_ratio=ratio)
    intervals = bootstrap_intervals(pds, defaulted, cutoff=cutoff, cost_ratio=ratio, seed=seed)
    aucs = work.read("validate", validate.SUMMARY)["auc_by_fold"]
    bands = risk_bands(pds, defaulted, edges=band_edges(cutoff))
    work.write(
        SUMMARY,
        {
            "metrics": metrics | {"auc_by_fold": aucs, "intervals": intervals},
            "cutoff": {
                "cost_ratio": ratio,
                "cutoff": cutoff,
                "theoretical": theoretical_cutoff(ratio),
                "curves": _curves(pds, defaulted, ratio, seed),
                "grid": policy_grid(pds, defaulted, _groups(work, rows), cutoff=cutoff),
            },
            "bands": [asdict(band) for band in bands],
            "calibration": asdict(calibration),
        },
    )
    cost, everybody = metrics["business_cost_per_applicant"], metrics["business_cost_approve_all"]
    return f"AUC {metrics['auc']:.4f}, cost {cost / everybody:.3f} of accepting everybody"


def measured_rows(work: Work[RunSettings]) -> Indices:
    """All; or, where parameters were tuned, the half on which they were not."""
    prepared = prepared_rows(work)
    if not is_tuned(work):
        return prepared.everybody
    return np.flatnonzero(~is_for_tuning(prepared.dataset.applicants.ids))


def read_repair(work: Work[RunSettings]) -> PlattScaling:
    return PlattScaling(**work.read("measure", SUMMARY)["calibration"]["repair"])


def read_cutoff(work: Work[RunSettings]) -> float:
    return float(work.read("measure", SUMMARY)["cutoff"]["cutoff"])


def held_out_pds(work: Work[RunSettings]) -> Numbers:
    """Repaired PDs, float64 (n,), each by the fold that did not see the row."""
    return default_probabilities(held_out_margins(work))


def held_out_margins(work: Work[RunSettings]) -> Numbers:
    """The same in log-odds."""
    return read_repair(work).apply(_held_out_margins(work))


def _held_out_margins(work: Work[RunSettings]) -> Numbers:
    margins: Numbers = np.load(work.path("validate", validate.MARGINS), allow_pickle=False)
    return margins


def _groups(work: Work[RunSettings], rows: Indices) -> dict[str, tuple[Texts, list[str]]]:
    """Of the audited attributes, the groups that are large enough to be judged."""
    applicants = prepared_rows(work).dataset.applicants.take(rows)
    found = {}
    for attribute in ATTRIBUTES:
        of_row, names = groups_of(applicants, attribute)
        found[attribute] = of_row, [n for n in names if np.sum(of_row == n) >= JUDGED_FROM]
    return found


def _curves(pds: Numbers, defaulted: Flags, ratio: float, seed: int) -> dict[str, object]:
    return {
        f"{each:g}": asdict(cost_curve(pds, defaulted, cost_ratio=each, seed=seed))
        for each in sorted({*COST_RATIOS, ratio})
    }
