"""How often applicants of each group are accepted."""

from typing import Any

from matplotlib.axes import Axes

from training.evaluation.audit.fairness import FOUR_FIFTHS
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

_LONGEST_NAME = 28


def plot_approval(audit: dict[str, Any]) -> Plot:
    """audit : Audit"""
    shown = [
        (attribute, [group for group in attribute["groups"] if group["approval_rate"]])
        for attribute in audit["attributes"]
    ]
    shown = [(attribute, groups) for attribute, groups in shown if groups]
    sizes = [len(groups) + 1.6 for _, groups in shown]
    with canvas(
        0.5 + 0.27 * sum(sizes), len(shown), 1, sharex=True, squeeze=False,
        gridspec_kw={"height_ratios": sizes},
    ) as (figure, grid):  # fmt: skip
        for (attribute, groups), axes in zip(shown, grid.ravel(), strict=True):
            _draw_groups(attribute, groups, axes)
        in_percent(grid[-1, 0].xaxis)
        grid[-1, 0].set_xlabel("Approval rate (95 % interval); hollow: too few to judge")
        told = "; ".join(
            f"{attribute['label']}, lowest {attribute['lowest']}, highest {attribute['highest']}"
            for attribute, _ in shown
            if attribute["lowest"]
        )
        return draw(
            "fairness",
            "Approval rates by group, and four fifths of the highest (dashed)",
            f"Approval rate of each group with its interval. {told}.",
            figure,
        )


def _draw_groups(attribute: dict[str, Any], groups: list[dict[str, Any]], axes: Axes) -> None:
    for place, group in enumerate(groups):
        low, high = group["approval_rate"]["interval"]
        value = group["approval_rate"]["value"]
        axes.plot([low, high], [place, place], color=MUTED, linewidth=1.4)
        axes.plot(value, place, "o", color=BLUE, fillstyle="full" if group["judged"] else "none")
    highest = [g["approval_rate"]["value"] for g in groups if g["name"] == attribute["highest"]]
    if highest:
        axes.axvline(FOUR_FIFTHS * highest[0], color=ORANGE, linestyle="--", linewidth=1.2)
    name_bars(axes, [group["name"][:_LONGEST_NAME] for group in groups])
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.set_title(attribute["label"])
