"""Every plot that a report has figures for, in the order of the card."""

from collections.abc import Iterator
from typing import Any

from credit_scoring.arrays import Flags, Numbers

from training.explanations.explain import ExplainedRows
from training.report.plots import comparisons, decisions, groups, importance, quality
from training.report.plots.canvas import Plot


def draw_plots(
    report: dict[str, Any], *, rows: ExplainedRows, default_probabilities: Numbers, defaulted: Flags
) -> list[Plot]:
    """Plots of a finished run.

    report : the run's JSON; parts that were left out are None and have no plot
    rows : applicants for the points of beeswarm and dependence (`explain.explain_rows`)
    default_probabilities, defaulted : (n,), each PD by a model that did not see the row
    """
    return [*_of_quality(report, default_probabilities, defaulted), *_of_meaning(report, rows)]


def _of_quality(report: dict[str, Any], pds: Numbers, defaulted: Flags) -> Iterator[Plot]:
    yield quality.plot_ranking(pds, defaulted, report["metrics"])
    yield quality.plot_distribution(pds, defaulted, report["metrics"])
    if report.get("cutoff"):
        yield from map(decisions.plot_costs, report["cutoff"]["curves"].values())
    if report.get("bands"):
        yield decisions.plot_bands(report["bands"])
    if report.get("calibration"):
        yield decisions.plot_reliability(report["calibration"])


def _of_meaning(report: dict[str, Any], rows: ExplainedRows) -> Iterator[Plot]:
    if report.get("fairness"):
        yield groups.plot_approval(report["fairness"])
    if report.get("explanations"):
        seed = report["recipe"]["seed"]
        yield importance.plot_families(report["explanations"])
        yield importance.plot_features(report["explanations"])
        yield importance.plot_beeswarm(rows, seed=seed)
        yield importance.plot_dependence(report["explanations"], rows, seed=seed)
    if report.get("comparison"):
        yield comparisons.plot_models(report["comparison"]["models"])
        yield comparisons.plot_imbalance(report["comparison"]["imbalance"])
