"""What a cut-off costs, and whether PDs, bands and groups come out as promised.

Every function reads a part of the report (`asdict` of the class that its docstring names).
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from training.report.plots.canvas import (
    BLUE,
    INK,
    MUTED,
    ORANGE,
    PALE_BLUE,
    Plot,
    canvas,
    draw,
    in_percent,
    name_bars,
)
from training.report.words import percent


def plot_costs(curve: dict[str, Any]) -> Plot:
    """curve : CostCurve"""
    ratio = f"{curve['cost_ratio']:g}"
    with canvas(3.7, 1, 2, sharey=True) as (figure, (left, right)):
        _draw_costs(curve, "cutoffs", "cutoff", left)
        _draw_costs(curve, "approval_rates", "approval_rate", right)
        left.set(title=f"Cost ratio {ratio}", xlabel="Cut-off (PD)", ylabel="Cost per applicant")
        left.set_xlim(0, _last_cutoff_worth_showing(curve))
        right.set(xlabel="Approval rate")
        left.set_ylim(0, _highest_cost_worth_showing(curve))
        figure.legend(
            *left.get_legend_handles_labels(),
            loc="outside lower center",
            ncols=4,
            fontsize=9,
            columnspacing=1.4,
            handlelength=1.4,
        )
        return draw(
            f"cost_curve_{ratio}",
            f"Business cost by cut-off when a default costs {ratio} times a lost customer",
            "Cost per applicant against cut-off, and against approval rate, with its interval. "
            f"Cheapest: {_point(curve, 'best')}. Theoretical: {_point(curve, 'theoretical')}. "
            f"Everybody approved: {curve['approve_all_cost']:.3f}.",
            figure,
        )


def _point(curve: dict[str, Any], kind: str) -> str:
    cutoff, approved = curve[f"{kind}_cutoff"], curve[f"{kind}_approval_rate"]
    cost = curve[f"{kind}_cost"]
    return f"{cost:.3f} at a cut-off of {percent(cutoff, 2)}, with {percent(approved)} approved"


def _draw_costs(curve: dict[str, Any], along: str, mark: str, axes: Axes) -> None:
    axes.fill_between(curve[along], curve["lows"], curve["highs"], color=PALE_BLUE, linewidth=0)
    axes.plot(curve[along], curve["costs"], color=BLUE, label="cost (95 % interval)")
    everybody = curve["approve_all_cost"]
    axes.axhline(everybody, color=MUTED, linestyle=":", linewidth=1.2, label="approve everybody")
    for kind, style, colour in (("best", "o", ORANGE), ("theoretical", "D", INK)):
        point = (curve[f"{kind}_{mark}"], curve[f"{kind}_cost"])
        cutoff = percent(curve[f"{kind}_cutoff"], 2)
        label = f"{'cheapest' if kind == 'best' else kind}: {cutoff}"
        axes.axvline(point[0], color=colour, linestyle="--", linewidth=0.9)
        axes.plot(*point, style, color=colour, markersize=6, linestyle="none", label=label)
    in_percent(axes.xaxis)


def _last_cutoff_worth_showing(curve: dict[str, Any]) -> float:
    """Some PDs are near one; up there little happens, and the best cut-off would be at the edge."""
    both = max(curve["best_cutoff"], curve["theoretical_cutoff"])
    cutoffs, rates = np.array(curve["cutoffs"]), np.array(curve["approval_rates"])
    nearly_all = cutoffs[np.searchsorted(rates, 0.95).clip(max=len(cutoffs) - 1)]
    return float(min(1.0, max(1.5 * both, min(nearly_all, 4 * both))))


def _highest_cost_worth_showing(curve: dict[str, Any]) -> float:
    """At a high ratio approving everybody costs so much that the rest would be a flat line."""
    whole = 1.15 * max(curve["approve_all_cost"], curve["refuse_all_cost"])
    return float(min(whole, 3 * max(curve["best_cost"], curve["theoretical_cost"])))


def plot_reliability(calibration: dict[str, Any]) -> Plot:
    """calibration : Calibration; before and after a repair, or the same on two scales"""
    before, after = calibration["before"], calibration["after"]
    shown = after if calibration["repaired"] else before
    with canvas(3.6, 1, 2) as (figure, (left, right)):
        _draw_reliability(before, left)
        _draw_reliability(shown, right, logarithmic=not calibration["repaired"])
        left.set_title("Before repair" if calibration["repaired"] else "All PDs")
        right.set_title("After repair" if calibration["repaired"] else "Low PDs spread out")
        return draw(
            "reliability",
            "Reliability: default rates observed against PDs foretold",
            f"{len(shown['bins'])} groups of equally many applicants, their observed default rates "
            f"with intervals against their mean PDs; on the diagonal calibration is perfect. Mean "
            f"distance from it (ECE) {shown['ece']:.4f}.",
            figure,
        )


def _draw_reliability(figures: dict[str, Any], axes: Axes, *, logarithmic: bool = False) -> None:
    bins = figures["bins"]
    pds = np.array([each["mean_pd"] for each in bins])
    rates = np.array([each["default_rate"] for each in bins])
    ends = np.array([each["default_rate_interval"] for each in bins]).T  # (2, bins)
    axes.axline((0.001, 0.001), (1.0, 1.0), color=MUTED, linestyle=":", linewidth=1.2)
    axes.errorbar(
        pds, rates, yerr=np.abs(ends - rates), fmt="o", color=BLUE, ecolor=MUTED, elinewidth=1.2
    )
    highest = 1.08 * float(max(pds.max(), ends[1].max()))
    if logarithmic:
        lowest = float(min(pds.min(), rates[rates > 0].min(initial=1.0), 0.1))
        axes.set(xscale="log", yscale="log", xlim=(lowest / 2, 1), ylim=(lowest / 2, 1))
    else:
        axes.set(xlim=(0, highest), ylim=(0, highest))
    axes.set(xlabel="Mean PD of the group", ylabel="Observed default rate")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)


def plot_bands(bands: list[dict[str, Any]]) -> Plot:
    """bands : of class Band"""
    names = [f"{each['name']}\n{percent(each['low'])} to {percent(each['high'])}" for each in bands]
    rates = [each["default_rate"] or 0.0 for each in bands]
    ends = [each["default_rate_interval"] or (0.0, 0.0) for each in bands]
    errors = np.abs(np.array(ends).T - np.array(rates))  # (2, bands)
    with canvas(0.9 + 0.55 * len(bands), 1, 2, sharey=True) as (figure, (left, right)):
        left.barh(range(len(bands)), [each["share"] for each in bands], color=PALE_BLUE, height=0.6)
        left.set_xlabel("Share of applicants")
        right.barh(range(len(bands)), rates, xerr=errors, color=BLUE, ecolor=INK, height=0.6)
        expected = [each["mean_pd"] or 0.0 for each in bands]
        right.plot(expected, range(len(bands)), "D", color=ORANGE, label="mean PD", clip_on=False)
        right.set_xlabel("Observed default rate")
        right.legend(loc="upper right")
        name_bars(left, names)
        right.tick_params(axis="y", length=0)
        right.grid(visible=False, axis="y")
        for axes in (left, right):
            in_percent(axes.xaxis)
        told = "; ".join(
            f"{each['name']} {percent(rate)} of {percent(each['share'])} of applicants"
            for each, rate in zip(bands, rates, strict=True)
        )
        return draw("bands", "Risk bands", f"Default rates by risk band: {told}.", figure)
