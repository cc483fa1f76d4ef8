"""PDs that are wrong are seen and mended; explanations still make the margin afterwards."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from credit_scoring.trees.explainer import Explainer
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from training.evaluation.calibration import (
    PlattScaling,
    calibrate,
    calibrated_booster,
    decompose_brier,
    fit_platt_scaling,
    measure_calibration,
    needs_repair,
    repaired,
)
from training.evaluation.evaluate import expected_calibration_error
from training.evaluation.log_odds import fit_log_odds
from training.evaluation.statistics import equal_count_bins
from training.fitting.compile import compile_forest, verify_forest

REPAIR = PlattScaling(slope=0.83, intercept=-0.21)


def draw(n, *, slope=1.0, intercept=0.0, seed=0):
    """Margins, and outcomes whose true log-odds are slope * margin + intercept."""
    rng = np.random.default_rng(seed)
    margins = rng.normal(-2.7, 0.9, n)
    return margins, rng.random(n) < default_probabilities(slope * margins + intercept)


def test_right_pds_are_left_as_they_are():
    repaired_ones = [calibrate(*draw(8000, seed=seed), seed=0).repaired for seed in range(40)]
    assert sum(repaired_ones) <= 4  # one in twenty by chance

    found = calibrate(*draw(8000), seed=0)
    assert found.repair == PlattScaling(1, 0)
    assert "no more than chance" in found.reason
    margins = draw(10)[0]
    assert (found.repair.apply(margins) == margins).all()


@pytest.mark.parametrize(("slope", "intercept"), [(0.7, -0.5), (1.4, 0.9), (1, 0.4)])
def test_wrong_pds_are_mended(slope, intercept):
    margins, defaulted = draw(20_000, slope=slope, intercept=intercept)
    found = calibrate(margins, defaulted, seed=0)
    assert found.repaired
    assert found.after.ece < found.before.ece
    assert found.after.brier < found.before.brier
    assert found.repair.slope == pytest.approx(slope, abs=0.1)
    assert found.repair.intercept == pytest.approx(intercept, abs=0.25)
    assert found.reason.startswith("Repaired")
    new, outcomes = draw(20_000, slope=slope, intercept=intercept, seed=1)
    pds = default_probabilities(found.repair.apply(new))
    assert expected_calibration_error(pds, outcomes) < 0.01


def test_an_error_too_small_to_matter_is_not_mended():
    margins, defaulted = draw(400_000, slope=1.03, intercept=0.08)
    found = calibrate(margins, defaulted, seed=0)
    assert found.before.log_odds.p_value < 0.05
    assert not found.repaired
    assert "too small to matter" in found.reason


def test_the_repair_must_hold_on_rows_it_was_not_fitted_on():
    before = measure_calibration(*draw(5000, slope=0.7))
    assert needs_repair(before, measure_calibration(*draw(5000)))
    assert not needs_repair(before, before)


@pytest.mark.parametrize("defaults", [0, 100])
def test_outcomes_of_one_kind_are_measured_but_set_no_repair(defaults):
    margins, defaulted = np.linspace(-4, 0, 100), np.arange(100) < defaults
    found = calibrate(margins, defaulted, seed=0)
    assert not found.repaired
    assert found.before.log_odds is None
    json.dumps(asdict(found), allow_nan=False)
    with pytest.raises(DatasetError, match="of one kind"):
        fit_platt_scaling(margins, defaulted)


def test_outcomes_that_are_parted_perfectly_set_no_slope():
    margins = np.linspace(-4, 4, 100)
    assert fit_log_odds(margins, margins > 0) is None
    assert fit_log_odds(np.zeros(100), margins > 0) is None


def test_the_fit_is_scikit_learns_and_its_errors_are_those_of_resampling():
    margins, defaulted = draw(3000, slope=0.8, intercept=0.2)
    found = fit_log_odds(margins, defaulted)

    def theirs(rows):
        model = LogisticRegression(C=np.inf, tol=1e-10).fit(margins[rows, None], defaulted[rows])
        return model.coef_[0, 0], model.intercept_[0]

    assert (found.slope, found.intercept) == pytest.approx(theirs(np.arange(3000)), abs=1e-5)
    rng = np.random.default_rng(1)
    drawn = [theirs(rng.integers(3000, size=3000)) for _ in range(200)]
    halves = [
        (high - low) / 2 / 1.96 for low, high in (found.slope_interval, found.intercept_interval)
    ]
    assert halves == pytest.approx(list(np.std(drawn, axis=0)), rel=0.2)


def test_the_test_of_right_pds_rejects_as_often_as_announced():
    p_values = [fit_log_odds(*draw(1500, seed=seed)).p_value for seed in range(300)]
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.035)
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.06)


def test_figures_agree_with_those_of_the_evaluation():
    margins, defaulted = draw(5000, slope=0.9)
    pds = default_probabilities(margins)
    found = measure_calibration(margins, defaulted)
    assert found.ece == pytest.approx(expected_calibration_error(pds, defaulted))
    assert found.brier == pytest.approx(brier_score_loss(defaulted, pds))
    assert sum(point.applicants for point in found.bins) == 5000
    assert [point.mean_pd for point in found.bins] == sorted(p.mean_pd for p in found.bins)
    for point in found.bins:
        low, high = point.default_rate_interval
        assert low <= point.default_rate <= high


@given(
    pds=st.lists(st.sampled_from([0.0, 0.1, 0.1, 0.6]) | st.floats(0, 1), min_size=2, max_size=60),
    seed=st.integers(0, 99),
)
def test_the_parts_of_the_brier_score_make_it_up(pds, seed):
    pds = np.array(pds)
    defaulted = np.random.default_rng(seed).random(len(pds)) < 0.3
    parts = decompose_brier(pds, defaulted, equal_count_bins(pds))
    total = (
        parts.reliability - parts.resolution + parts.uncertainty
        + parts.within_bin_variance - parts.within_bin_covariance
    )  # fmt: skip
    assert total == pytest.approx(np.mean((pds - defaulted) ** 2), abs=1e-12)


def test_parts_of_the_brier_score_by_hand():
    # Two bins of one PD each: nothing is hidden in them.
    pds, defaulted = np.repeat([0.1, 0.5], 10), np.arange(20) % 10 < np.repeat([2, 4], 10)
    parts = decompose_brier(pds, defaulted, equal_count_bins(pds))
    assert parts.reliability == pytest.approx(0.01)
    assert parts.resolution == pytest.approx(0.01)
    assert parts.uncertainty == pytest.approx(0.3 * 0.7)
    assert parts.within_bin_variance == pytest.approx(0)
    assert parts.within_bin_covariance == pytest.approx(0)


@pytest.fixture
def rows(small_model):
    return small_model.reference.features[:300].astype(np.float64)


def test_a_repaired_forest_gives_the_mended_pds(small_model, rows):
    forest = small_model.model.forest
    mended, before = repaired(forest, REPAIR), Explainer(forest).margins(rows)
    assert Explainer(mended).margins(rows) == pytest.approx(REPAIR.apply(before), abs=1e-12)
    assert default_probabilities(Explainer(mended).margins(rows)) == pytest.approx(
        1 / (1 + np.exp(0.21 - 0.83 * before)), abs=1e-12
    )
    assert mended.is_coherent


@pytest.mark.parametrize("n", [20, 300])  # by leaf, and by tables
def test_contributions_and_base_value_still_make_the_margin(small_model, rows, n):
    forest = small_model.model.forest
    mended = repaired(forest, REPAIR)
    margins, contributions = Explainer(mended).contributions(rows[:n])
    assert contributions.sum(axis=1) + Explainer(mended).base_value == pytest.approx(
        margins, abs=1e-9
    )
    assert contributions == pytest.approx(
        0.83 * Explainer(forest).contributions(rows[:n])[1], abs=1e-12
    )
    assert Explainer(mended).base_value == pytest.approx(REPAIR.apply(Explainer(forest).base_value))


def test_a_repair_keeps_the_order_of_applicants(small_model, rows):
    forest = small_model.model.forest
    before, after = (
        Explainer(forest).margins(rows),
        Explainer(repaired(forest, REPAIR)).margins(rows),
    )
    told_apart = before[:, None] - before[None, :] > 1e-9
    assert (after[:, None] > after[None, :])[told_apart].all()


def test_lightgbms_own_model_is_mended_alike(small_model, rows):
    mended = calibrated_booster(small_model.booster, REPAIR)
    compiled = compile_forest(mended)
    assert (
        compiled.leaf_value == repaired(compile_forest(small_model.booster), REPAIR).leaf_value
    ).all()
    worst = verify_forest(Explainer(compiled), mended, rows, progress=False)
    assert max(worst.values()) < 1e-12
    theirs = small_model.booster.predict(rows, raw_score=True)
    assert mended.predict(rows, raw_score=True) == pytest.approx(REPAIR.apply(theirs), abs=1e-12)


def test_no_repair_changes_no_bit(small_model, rows):
    forest = small_model.model.forest
    assert (
        Explainer(repaired(forest, PlattScaling())).margins(rows) == Explainer(forest).margins(rows)
    ).all()


@pytest.mark.parametrize("slope", [0, -0.5, float("nan")])
def test_a_repair_that_turns_the_order_around_is_refused(small_model, slope):
    with pytest.raises(DatasetError, match="turn the order"):
        repaired(small_model.model.forest, PlattScaling(slope, 0))
    with pytest.raises(DatasetError, match="turn the order"):
        calibrated_booster(small_model.booster, PlattScaling(slope, 0))


def test_margins_that_rank_backwards_are_not_repaired():
    margins, defaulted = draw(5000, slope=-1, intercept=-4)
    found = calibrate(margins, defaulted, seed=0)
    assert not found.repaired
    assert found.after is None
    assert "backwards" in found.reason
    with pytest.raises(DatasetError, match="turn the order"):
        fit_platt_scaling(margins, defaulted)


def test_a_calibration_is_the_same_every_time_and_json_can_carry_it():
    rows = draw(3000, slope=0.6)
    assert calibrate(*rows, seed=3) == calibrate(*rows, seed=3)
    assert json.loads(json.dumps(asdict(calibrate(*rows, seed=3)), allow_nan=False))["repaired"]
