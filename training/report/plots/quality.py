"""How well the PDs rank applicants and how true they are."""

from typing import Any

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from training.report.plots.canvas import (
    BLUE,
    MUTED,
    ORANGE,
    Plot,
    canvas,
    draw,
    in_percent,
)
from training.report.words import percent

_DRAWN_POINTS = 1000
_BARS = 50


def plot_ranking(pds: Numbers, defaulted: Flags, metrics: dict[str, Any]) -> Plot:
    """ROC beside precision and recall; pds, defaulted : (n,)"""
    with canvas(3.5, 1, 2) as (figure, (left, right)):
        _draw_roc(pds, defaulted, metrics, left)
        _draw_precision(pds, defaulted, metrics, right)
        return draw(
            "ranking",
            "How well the model ranks applicants",
            f"ROC curve, with an AUC of {metrics['auc']:.4f}, against the diagonal of chance; and "
            f"precision by recall against the default rate of {percent(defaulted.mean())}. The "
            f"cut-off of {percent(metrics['cutoff'], 2)} refuses {percent(metrics['recall'])} of "
            "the defaulters.",
            figure,
        )


def _draw_roc(pds: Numbers, defaulted: Flags, metrics: dict[str, Any], axes: Any) -> None:
    good_refused, bad_refused, _ = roc_curve(defaulted, pds)
    points = _thin(len(good_refused))
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle=":", linewidth=1.2, label="chance")
    axes.plot(good_refused[points], bad_refused[points], color=BLUE, label="model")
    refused = pds >= metrics["cutoff"]
    axes.plot(refused[~defaulted].mean(), refused[defaulted].mean(), "o", color=ORANGE)
    axes.annotate(
        "cut-off",
        (refused[~defaulted].mean(), refused[defaulted].mean()),
        xytext=(8, -10),
        textcoords="offset points",
        color=ORANGE,
    )
    axes.set(
        title=f"ROC, AUC {metrics['auc']:.4f}",
        xlabel="Good payers refused",
        ylabel="Defaulters refused",
    )
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.legend(loc="lower right")


def _draw_precision(pds: Numbers, defaulted: Flags, metrics: dict[str, Any], axes: Any) -> None:
    precision, recall, _ = precision_recall_curve(defaulted, pds)
    # The first few refusals make precision jump between 0 and 1 and say nothing.
    steady = recall >= 0.01
    precision, recall = precision[steady], recall[steady]
    points = _thin(len(recall))
    axes.axhline(defaulted.mean(), color=MUTED, linestyle=":", linewidth=1.2, label="chance")
    axes.plot(recall[points], precision[points], color=BLUE, label="model")
    refused = pds >= metrics["cutoff"]
    if refused.any():
        axes.plot(refused[defaulted].mean(), defaulted[refused].mean(), "o", color=ORANGE)
    axes.set(
        title="Precision and recall", xlabel="Defaulters refused", ylabel="Defaulters among refused"
    )
    axes.set_ylim(0, None)
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.legend(loc="upper right")


def plot_distribution(pds: Numbers, defaulted: Flags, metrics: dict[str, Any]) -> Plot:
    """Where PDs of good payers and of defaulters lie, and how far the two are apart (KS)."""
    with canvas(3.3, 1, 2) as (figure, (left, right)):
        _draw_densities(pds, defaulted, metrics["cutoff"], left)
        _draw_shares_below(pds, defaulted, metrics, right)
        return draw(
            "distribution",
            "PDs by outcome",
            "Histograms of the PDs of good payers and of defaulters; and the share of each below a "
            f"PD, at most {percent(metrics['ks'])} apart (KS). The cut-off is "
            f"{percent(metrics['cutoff'], 2)}.",
            figure,
        )


def _draw_densities(pds: Numbers, defaulted: Flags, cutoff: float, axes: Any) -> None:
    edges = np.linspace(0, np.quantile(pds, 0.99), _BARS + 1)
    kinds = ((~defaulted, BLUE, "good payers"), (defaulted, ORANGE, "defaulters"))
    for rows, colour, label in kinds:
        own = np.minimum(pds[rows], edges[-1])  # the last bar holds all beyond
        shares = np.histogram(own, edges)[0] / max(1, len(own))
        axes.stairs(shares, edges, color=colour, linewidth=1.6, label=label)
        axes.stairs(shares, edges, color=colour, fill=True, alpha=0.15)
    _mark_cutoff(axes, cutoff)
    axes.set(title="Distribution", xlabel="PD (last bar: all beyond)", ylabel="Share of each group")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.legend(loc="upper right")


def _draw_shares_below(pds: Numbers, defaulted: Flags, metrics: dict[str, Any], axes: Any) -> None:
    grid = np.quantile(pds, np.linspace(0, 0.99, _DRAWN_POINTS))
    good, bad = (_share_below(grid, pds[rows]) for rows in (~defaulted, defaulted))
    widest = int(np.argmax(good - bad))
    axes.plot(grid, good, color=BLUE, label="good payers")
    axes.plot(grid, bad, color=ORANGE, label="defaulters")
    axes.vlines(grid[widest], bad[widest], good[widest], color=MUTED, linestyle="--", linewidth=1.2)
    axes.set(title=f"Share below, KS {percent(metrics['ks'])}", xlabel="PD", ylabel="Share below")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.legend(loc="lower right")


def _share_below(grid: Numbers, pds: Numbers) -> Numbers:
    return np.searchsorted(np.sort(pds), grid, side="right") / max(1, len(pds))


def _mark_cutoff(axes: Any, cutoff: float) -> None:
    axes.axvline(cutoff, color=MUTED, linestyle="--", linewidth=1.2)
    axes.annotate(
        f"cut-off {percent(cutoff)}",
        (cutoff, 0.6),
        xycoords=("data", "axes fraction"),
        xytext=(5, 0),
        textcoords="offset points",
        color=MUTED,
    )


def _thin(count: int) -> NDArray[np.intp]:
    """Places of at most _DRAWN_POINTS of many points, both ends included."""
    return np.unique(np.linspace(0, count - 1, _DRAWN_POINTS).astype(np.intp))
