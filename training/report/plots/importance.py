"""What the model reads: weights of features and families, beeswarm, dependence."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import shap
from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.reasons.families import mean_absolute
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from training.explanations.explain import ExplainedRows
from training.report.plots.canvas import (
    BLUE,
    INK,
    LOW_TO_HIGH,
    MUTED,
    ORANGE,
    Plot,
    canvas,
    draw,
    in_percent,
    name_bars,
)
from training.report.words import percent

FEATURES_SHOWN = 20
SWARMS_SHOWN = 15
CATEGORIES_SHOWN = 12
_LONGEST_LABEL = 40
_LONGEST_TITLE = 30
_LONGEST_CATEGORY = 22


def plot_features(explanation: dict[str, Any]) -> Plot:
    """explanation : `asdict` of a GlobalExplanation, here and below"""
    shown = explanation["features"][:FEATURES_SHOWN]
    with canvas(0.6 + 0.27 * len(shown)) as (figure, axes):
        axes.barh(range(len(shown)), [each["share"] for each in shown], color=BLUE, height=0.7)
        name_bars(axes, [_shorten(each["label"]["en"]) for each in shown])
        in_percent(axes.xaxis)
        axes.set_xlabel("Share of all contributions")
        heaviest = "; ".join(f"{f['label']['en']} {percent(f['share'])}" for f in shown[:3])
        return draw(
            "importance_features",
            f"The {len(shown)} features that weigh most",
            f"Bar chart of features by their share of all contributions. Heaviest: {heaviest}.",
            figure,
        )


def plot_families(explanation: dict[str, Any]) -> Plot:
    shown = explanation["families"]
    with canvas(0.6 + 0.3 * len(shown)) as (figure, axes):
        axes.barh(range(len(shown)), [each["share"] for each in shown], color=BLUE, height=0.7)
        name_bars(axes, [f"{each['label']['en']} ({each['features']})" for each in shown])
        in_percent(axes.xaxis)
        axes.set_xlabel("Share of all contributions (in brackets: number of features)")
        heaviest = "; ".join(f"{f['label']['en']} {percent(f['share'])}" for f in shown[:3])
        return draw(
            "importance_families",
            "The families behind the reason codes",
            f"Bar chart of families of features by their weight. Heaviest: {heaviest}.",
            figure,
        )


def plot_beeswarm(rows: ExplainedRows, *, seed: int) -> Plot:
    """Each point is one applicant: where it lies is the contribution, its colour the value."""
    values = rows.contributions
    heaviest = np.argsort(-mean_absolute(values), kind="stable")[:SWARMS_SHOWN]
    names = [rows.schema.names[place] for place in heaviest]
    explained = shap.Explanation(
        values=values[:, heaviest],
        data=_shades(rows)[:, heaviest],
        feature_names=[_shorten(FEATURES[name].label_en) for name in names],
    )
    with canvas(0.9 + 0.36 * len(heaviest)) as (figure, axes), _drawn_by_shap(seed):
        shap.plots.beeswarm(
            explained,
            max_display=len(heaviest),
            order=np.arange(len(heaviest)),
            color=LOW_TO_HIGH,
            color_bar=False,
            ax=axes,
            plot_size=None,
            show=False,
            s=5,
        )
        axes.tick_params(axis="y", labelsize=10, length=0)
        axes.tick_params(axis="x", labelsize=10)
        axes.grid(visible=False)
        axes.set_xlabel("Contribution to the log-odds of default", fontsize=10)
        _colour_bar(figure, axes)
        return draw(
            "beeswarm",
            f"Contributions of the {len(names)} heaviest features, applicant by applicant",
            "Beeswarm: a row of points a feature, one point an applicant, to the right where the "
            "feature raises the probability of default. Colour runs from blue for low values to "
            "orange for high ones; grey is missing, or a category. From the top: "
            f"{'; '.join(explained.feature_names[:5])}.",
            figure,
        )


def plot_dependence(explanation: dict[str, Any], rows: ExplainedRows, *, seed: int) -> Plot:
    """Points of single applicants; of numbers, a line through the medians of the bins."""
    shown = explanation["dependence"]
    lines = max(1, (len(shown) + 1) // 2)
    with canvas(2.5 * lines, lines, 2, squeeze=False) as (figure, grid), _drawn_by_shap(seed):
        panels = grid.ravel()
        for dependence, axes in zip(shown, panels, strict=False):
            if dependence["is_category"]:
                _draw_categories(dependence, axes)
            else:
                _draw_number(dependence, rows, axes)
            axes.set_title(_shorten(dependence["label"]["en"], _LONGEST_TITLE))
        for axes in panels[len(shown) :]:
            axes.set_visible(False)
        figure.supylabel("Contribution to the log-odds of default", fontsize=10)
        return draw(
            "dependence",
            "How the contribution depends on the value",
            "Contribution against value for " + "; ".join(map(_tendency, shown)) + ".",
            figure,
        )


def _draw_number(dependence: dict[str, Any], rows: ExplainedRows, axes: Axes) -> None:
    place = rows.schema.names.index(dependence["name"])
    known = ~np.isnan(rows.features[:, place])
    bins = [each for each in dependence["bins"] if each["value"] is not None]
    scale, unit = _scale(dependence["name"], [each["value"] for each in bins])
    explained = shap.Explanation(
        values=rows.contributions[known, place],
        data=rows.features[known, place] / scale,
        feature_names=dependence["name"],
    )
    shap.plots.scatter(
        explained, color=MUTED, alpha=0.25, dot_size=5, hist=False, x_jitter=0, ax=axes, show=False
    )
    values = [each["value"] / scale for each in bins]
    axes.plot(values, [each["median"] for each in bins], color=ORANGE, label="median")
    for each in dependence["bins"]:
        if each["value"] is None:
            axes.axhline(each["median"], color=BLUE, linestyle="--", linewidth=1.2, label="missing")
    axes.set_xlabel(unit, fontsize=9)
    axes.set_ylabel("")
    axes.tick_params(labelsize=9)
    axes.legend(fontsize=8, loc="best")


def _scale(name: str, values: list[float]) -> tuple[float, str]:
    """What to divide values by, and the unit that they are then in."""
    match FEATURES[name].unit:
        case "days" | "signed_days":
            return (365.25, "years") if max(map(abs, values)) > 2 * 365.25 else (1.0, "days")
        case "currency":
            return 1000.0, "thousands"
    return 1.0, ""


def _draw_categories(dependence: dict[str, Any], axes: Axes) -> None:
    bins = _ends(dependence["bins"])
    middle = np.array([each["median"] for each in bins])
    ends = np.array([[each["low"], each["high"]] for each in bins]).T  # (2, categories)
    errors = np.abs(ends - middle)
    axes.errorbar(middle, range(len(bins)), xerr=errors, fmt="o", color=ORANGE, ecolor=MUTED)
    words = ["missing" if each["value"] is None else each["value"] for each in bins]
    axes.set_yticks(range(len(bins)), [_shorten(word, _LONGEST_CATEGORY) for word in words])
    axes.tick_params(labelsize=8)
    axes.set_xlabel("contribution", fontsize=9)


def _ends(bins: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of many categories those that lower the PD most and those that raise it most."""
    half = CATEGORIES_SHOWN // 2
    return bins if len(bins) <= CATEGORIES_SHOWN else [*bins[:half], *bins[-half:]]


def _shades(rows: ExplainedRows) -> Numbers:
    """Values as ranks in [0, 1], so that one rich applicant does not fade all others.

    Categories have no order to show and become NaN, which is drawn grey.
    """
    shades = np.full(rows.features.shape, np.nan)
    for place, name in enumerate(rows.schema.names):
        values = rows.features[:, place]
        known = ~np.isnan(values)
        if name not in rows.schema.vocabularies and known.any():
            ascending = np.sort(values[known])
            shades[known, place] = np.searchsorted(ascending, values[known]) / known.sum()
    return shades


@contextmanager
def _drawn_by_shap(seed: int) -> Iterator[None]:
    """shap scatters points by numpy's global generator and leaves figures with pyplot."""
    state, before = np.random.get_state(), set(plt.get_fignums())
    np.random.seed(seed)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "All-NaN slice")  # a category has no shades
            yield
    finally:
        np.random.set_state(state)
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


def _colour_bar(figure: Any, axes: Axes) -> None:
    bar = figure.colorbar(ScalarMappable(cmap=LOW_TO_HIGH), ax=axes, ticks=[0, 1], aspect=50)
    bar.ax.set_yticklabels(["low", "high"], color=INK)
    bar.ax.tick_params(length=0, labelsize=9)
    bar.set_label("Value of the feature", labelpad=-14)
    bar.outline.set_visible(False)


def _tendency(dependence: dict[str, Any]) -> str:
    label: str = dependence["label"]["en"]
    known = [each for each in dependence["bins"] if each["value"] is not None]
    if len(known) < 2:
        return label
    if dependence["is_category"]:
        return f"{label} (lowest for {known[0]['value']}, highest for {known[-1]['value']})"
    way = "rises" if known[-1]["median"] > known[0]["median"] else "falls"
    return f"{label} ({way} from {known[0]['median']:+.2f} to {known[-1]['median']:+.2f})"


def _shorten(text: str, longest: int = _LONGEST_LABEL) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
