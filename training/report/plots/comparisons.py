"""Models, and ways to treat the rarity of defaults, side by side."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from training.report.plots.canvas import (
    BLUE,
    MUTED,
    ORANGE,
    Plot,
    canvas,
    draw,
    in_percent,
    name_bars,
)


def plot_models(candidates: list[dict[str, Any]]) -> Plot:
    """candidates : of class Candidate, here and below"""
    # A model that knows nothing would squeeze all others into a corner.
    shown = [each for each in candidates if (each["figures"]["auc"] or 0) > 0.51]
    return _plot(shown, "comparison_models", "Models better than chance, on the same folds")


def plot_imbalance(candidates: list[dict[str, Any]]) -> Plot:
    return _plot(candidates, "comparison_imbalance", "Ways to treat the rarity of defaults")


def _plot(candidates: list[dict[str, Any]], name: str, title: str) -> Plot:
    with canvas(1.0 + 0.42 * len(candidates), 1, 3, sharey=True) as (figure, (left, middle, right)):
        _draw_aucs(candidates, left)
        costs = [each["figures"]["business_cost_per_applicant"] for each in candidates]
        middle.barh(range(len(candidates)), costs, color=BLUE, height=0.55)
        middle.set_xlabel("Cost per applicant")
        errors = [each["figures"]["ece"] for each in candidates]
        right.barh(range(len(candidates)), errors, color=BLUE, height=0.55)
        right.set_xlabel("Calibration error")
        in_percent(right.xaxis)
        name_bars(left, [each["name"] for each in candidates])
        for axes in (middle, right):
            axes.tick_params(axis="y", length=0)
            axes.grid(visible=False, axis="y")
        told = "; ".join(
            f"{each['name']} {np.mean(each['figures']['auc_by_fold']):.4f} and {cost:.3f}"
            for each, cost in zip(candidates, costs, strict=True)
        )
        return draw(
            name,
            title,
            "Mean AUC with that of each fold, business cost and calibration error. AUC and cost: "
            f"{told}.",
            figure,
        )


def _draw_aucs(candidates: list[dict[str, Any]], axes: Axes) -> None:
    for place, each in enumerate(candidates):
        folds = np.array(each["figures"]["auc_by_fold"])
        axes.plot(folds, np.full(len(folds), place), "|", color=MUTED, markersize=9)
        axes.plot(folds.mean(), place, "o", color=ORANGE)
    axes.set_xlabel("AUC (mean; lines: folds)")
    axes.locator_params(axis="x", nbins=4)
