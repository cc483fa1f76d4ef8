"""Plots have the same bytes from the same data, and words for those who do not see them."""

import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from tests.training.report.reports import make_finished
from training.report.plots import importance, quality
from training.report.plots.gallery import draw_plots

MOST_BYTES = 150_000
EXPECTED = [
    "ranking",
    "distribution",
    "cost_curve_3",
    "cost_curve_100",
    "bands",
    "reliability",
    "fairness",
    "importance_families",
    "importance_features",
    "beeswarm",
    "dependence",
    "comparison_models",
    "comparison_imbalance",
]


@pytest.fixture(scope="module")
def finished():
    return make_finished()


@pytest.fixture(scope="module")
def plots(finished):
    return draw_plots(finished.report, **finished.plotted)


def test_there_is_a_plot_of_everything_that_was_found(plots):
    assert [plot.name for plot in plots] == EXPECTED


def test_each_plot_is_a_small_image_that_can_be_read_on_a_page(plots):
    for plot in plots:
        image = Image.open(io.BytesIO(plot.png))
        assert image.format == "PNG"
        assert 1000 <= image.width <= 1400
        assert 150 <= image.height <= 2500
        assert len(plot.png) < MOST_BYTES
        assert len(np.unique(np.asarray(image.convert("L")))) > 5  # something is drawn


def test_each_plot_says_in_words_what_it_shows(plots, finished):
    for plot in plots:
        assert plot.title
        assert len(plot.alt) > 40
        assert "None" not in plot.alt
        assert "nan" not in plot.alt
    alt = {plot.name: plot.alt for plot in plots}
    assert f"{finished.report['metrics']['auc']:.4f}" in alt["ranking"]
    assert finished.report["explanations"]["features"][0]["label"]["en"] in alt["beeswarm"]


def test_no_plot_tells_when_or_by_what_it_was_made(plots):
    for plot in plots:
        assert Image.open(io.BytesIO(plot.png)).info.keys() <= {"dpi", "transparency"}
        assert not any(chunk in plot.png for chunk in (b"tEXt", b"iTXt", b"zTXt", b"tIME"))


def test_drawing_again_gives_the_same_bytes_and_leaves_no_trace(finished, plots):
    import matplotlib.pyplot as plt

    np.random.seed(5)
    before = np.random.get_state()[1].copy(), dict(matplotlib.rcParams), plt.get_fignums()
    assert draw_plots(finished.report, **finished.plotted) == plots
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])
    assert dict(matplotlib.rcParams) == before[1]
    assert plt.get_fignums() == before[2]


def test_what_was_not_measured_has_no_plot(finished):
    parts = ("cutoff", "bands", "calibration", "fairness", "explanations", "comparison")
    nothing = finished.report | dict.fromkeys(parts)
    assert _names(nothing, finished) == ["ranking", "distribution"]
    some = finished.report | dict.fromkeys(parts) | {"bands": finished.report["bands"]}
    assert _names(some, finished) == ["ranking", "distribution", "bands"]


def _names(report, finished):
    return [plot.name for plot in draw_plots(report, **finished.plotted)]


def test_a_repaired_calibration_is_drawn_before_and_after(finished):
    from training.report.plots.decisions import plot_reliability

    found = finished.report["calibration"]
    repaired = found | {"repaired": True, "after": found["after"] or found["before"]}
    assert plot_reliability(repaired).png != plot_reliability(found | {"repaired": False}).png


def test_a_feature_that_moves_nothing_can_be_drawn(finished):
    explanation = finished.report["explanations"] | {"dependence": []}
    assert importance.plot_dependence(explanation, finished.rows, seed=0).png


def test_one_pd_for_everybody_can_be_drawn(finished):
    pds = np.full(len(finished.defaulted), 0.3)
    metrics = finished.report["metrics"] | {"cutoff": 0.5}
    assert quality.plot_distribution(pds, finished.defaulted, metrics).png
    assert quality.plot_ranking(pds, finished.defaulted, metrics).png
