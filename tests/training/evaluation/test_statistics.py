"""Intervals and paired comparisons: against counting by hand, and against plain resampling."""

import numpy as np
import pytest
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics import roc_auc_score

from training.evaluation.evaluate import (
    expected_calibration_error,
    kolmogorov_smirnov,
    measure,
)
from training.evaluation.statistics import (
    bootstrap_counts,
    bootstrap_intervals,
    delong,
    delong_interval,
    equal_count_bins,
    kolmogorov_smirnov_interval,
    paired_cost_difference,
)

SCORES = st.sampled_from([0.0, 0.1, 0.1, 0.3, 0.7]) | st.floats(0, 1)
PAIRS = st.lists(st.tuples(SCORES, SCORES), min_size=5, max_size=30)


def draw(n, *, seed=0, noise=0.02):
    """PDs, the same with noise, and outcomes that the first PDs are right about."""
    rng = np.random.default_rng(seed)
    pds = np.round(rng.beta(1, 8, n), 3)  # rounded: ties
    return pds, np.clip(pds + rng.normal(0, noise, n), 0, 1), rng.random(n) < pds


def kernel(bad, good):
    return (bad > good) + 0.5 * (bad == good)


def delong_by_pairs(first, second, defaulted):
    """The formulae of DeLong et al. with every pair compared, O(n^2)."""
    v10, v01 = [], []
    for scores in (first, second):
        wins = kernel(scores[defaulted][:, None], scores[~defaulted][None, :])
        v10.append(wins.mean(axis=1))
        v01.append(wins.mean(axis=0))
    covariance = np.cov(v10) / defaulted.sum() + np.cov(v01) / (~defaulted).sum()
    aucs = np.mean(v10, axis=1)
    return aucs, covariance


@given(pairs=PAIRS, seed=st.integers(0, 99))
def test_delong_is_what_comparing_every_pair_gives(pairs, seed):
    first, second = np.array(pairs).T
    defaulted = np.random.default_rng(seed).permutation(np.arange(len(pairs)) % 2 == 0)
    found = delong(first, second, defaulted)
    aucs, covariance = delong_by_pairs(first, second, defaulted)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert [found.first_auc, found.second_auc] == pytest.approx(aucs)
    assert found.difference == pytest.approx(aucs[1] - aucs[0])
    assert found.standard_error == pytest.approx(np.sqrt(max(0, variance)), abs=1e-7)
    single = delong_interval(first, defaulted)
    assert single.auc == pytest.approx(roc_auc_score(defaulted, first))
    assert single.standard_error == pytest.approx(np.sqrt(covariance[0, 0]), abs=1e-7)


def test_delong_agrees_with_resampling_the_rows():
    first, second, defaulted = draw(2000)
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(400):
        rows = rng.integers(2000, size=2000)
        aucs = [roc_auc_score(defaulted[rows], scores[rows]) for scores in (first, second)]
        drawn.append((*aucs, aucs[1] - aucs[0]))
    of_first, _, of_difference = np.std(drawn, axis=0)
    found = delong(first, second, defaulted)
    assert found.standard_error == pytest.approx(of_difference, rel=0.15)
    assert delong_interval(first, defaulted).standard_error == pytest.approx(of_first, rel=0.15)
    low, high = found.interval
    assert (low, high) == pytest.approx(
        (found.difference - 1.96 * found.standard_error,
         found.difference + 1.96 * found.standard_error), abs=1e-5,
    )  # fmt: skip


def test_a_worse_score_is_told_from_a_better_and_noise_from_neither():
    better, _, defaulted = draw(5000)
    _, worse, _ = draw(5000, noise=0.2)
    found = delong(better, worse, defaulted)
    assert found.difference < 0
    assert found.p_value < 1e-6
    assert found.interval[1] < 0
    same = delong(better, better * 2, defaulted)
    assert (same.difference, same.standard_error, same.p_value) == (0, 0, 1)


def test_p_values_of_equal_scores_are_uniform():
    """Two scores with noise of the same size: the hypothesis holds, and is rejected as announced"""
    rng = np.random.default_rng(5)
    p_values = []
    for _ in range(200):
        pds, _, defaulted = draw(300, seed=int(rng.integers(1e9)))
        scores = [pds + rng.normal(0, 0.1, 300) for _ in "ab"]
        p_values.append(delong(*scores, defaulted).p_value)
    assert ks_2samp(p_values, np.linspace(0, 1, 1000)).pvalue > 0.01


@pytest.mark.parametrize("defaults", [0, 1, 9, 10])
def test_too_few_of_either_kind_have_no_interval(defaults):
    defaulted = np.arange(10) < defaults
    with pytest.raises(DatasetError, match="two defaults and two good payers"):
        delong_interval(np.linspace(0, 1, 10), defaulted)


def test_bins_hold_equally_many_and_equal_pds_share_one():
    bins = equal_count_bins(np.random.default_rng(0).permutation(1003) / 1003)
    assert sorted(map(len, bins)) == [100] * 7 + [101] * 3
    tied = equal_count_bins(np.repeat([0.1, 0.2], [80, 20]))
    assert [len(rows) for rows in tied] == [80, 20]


@pytest.fixture(scope="module")
def resampled():
    """Figures of resamples, by copying the rows, and the intervals under test."""
    pds, _, defaulted = draw(600, seed=3)
    settings = {"cutoff": 0.1, "cost_ratio": 10}
    copies = []
    for counts in bootstrap_counts(600, seed=4, resamples=200):
        order = np.argsort(pds, kind="stable")
        rows = np.repeat(order, counts)
        copies.append(measure(pds[rows], defaulted[rows], **settings))
    intervals = bootstrap_intervals(pds, defaulted, **settings, seed=4, resamples=200)
    return pds, defaulted, copies, intervals


@pytest.mark.parametrize(
    "name", ["brier", "business_cost_per_applicant", "approval_rate", "recall"]
)
def test_intervals_are_percentiles_of_resampled_figures(resampled, name):
    _, _, copies, intervals = resampled
    expected = np.quantile([figures[name] for figures in copies], (0.025, 0.975))
    assert intervals[name] == pytest.approx(tuple(expected))


@pytest.mark.parametrize("spread", [0.6, 1.6])
@pytest.mark.parametrize("rows", [500, 2_000])
def test_the_ks_interval_covers_the_truth(spread, rows):
    """Percentiles of resamples covered 0.77 to 0.85: they count the luck of the sample twice."""
    truth, covered = true_ks(spread), []
    for seed in range(300):
        pds, defaulted = draw_calibrated(rows, spread, seed)
        low, high = kolmogorov_smirnov_interval(pds, defaulted, seed=seed, splits=8)
        covered.append(low <= truth <= high)
    assert 0.92 <= np.mean(covered) <= 0.98


def test_the_ks_interval_of_few_rows_lies_neither_too_high_nor_too_low():
    """Halfway between the picked distance and that of other rows it is too high by 0.017 here."""
    truth, centres = true_ks(1.0), []
    for seed in range(300):
        pds, defaulted = draw_calibrated(600, 1.0, seed)
        ends = kolmogorov_smirnov_interval(pds, defaulted, seed=seed, splits=8)
        centres.append(np.mean(ends))
    assert np.mean(centres) == pytest.approx(truth, abs=0.01)


@pytest.mark.parametrize("rows", [300, 3_000])
def test_the_auc_interval_covers_the_truth(rows):
    truth = delong_interval(*draw_calibrated(400_000, 0.95, 0)).auc
    covered = []
    for seed in range(400):
        low, high = delong_interval(*draw_calibrated(rows, 0.95, seed + 1)).interval
        covered.append(low <= truth <= high)
    assert 0.92 <= np.mean(covered) <= 0.98


def draw_calibrated(rows, spread, seed):
    rng = np.random.default_rng(seed)
    pds = default_probabilities(rng.normal(-2.6, spread, rows))
    return pds, rng.random(rows) < pds


def true_ks(spread):
    pds, defaulted = draw_calibrated(2_000_000, spread, 1)
    return kolmogorov_smirnov(pds, defaulted)


def test_the_ks_interval_holds_its_estimate_and_stays_between_zero_and_one():
    for seed in range(30):
        pds, defaulted = draw_calibrated(150, 0.3, seed)
        low, high = kolmogorov_smirnov_interval(pds, defaulted, seed=0)
        assert 0 <= low <= kolmogorov_smirnov(pds, defaulted) <= high <= 1


def test_the_auc_has_delongs_interval(resampled):
    pds, defaulted, copies, intervals = resampled
    assert intervals["auc"] == delong_interval(pds, defaulted).interval
    resampled_aucs = np.quantile([figures["auc"] for figures in copies], (0.025, 0.975))
    assert intervals["auc"] == pytest.approx(tuple(resampled_aucs), abs=0.02)


def test_the_calibration_error_of_right_pds_may_be_zero():
    """Its plain percentiles never hold the truth: resampling adds its own noise."""
    zeros, highs, truths = 0, [], []
    for seed in range(40):
        pds, _, defaulted = draw(2000, seed=seed)
        low, high = bootstrap_intervals(
            pds, defaulted, cutoff=0.1, cost_ratio=10, seed=0, resamples=60
        )["ece"]
        zeros += low == 0
        highs.append(high)
        truths.append(expected_calibration_error(pds, defaulted))
    assert zeros >= 34
    assert np.mean(highs) > np.mean(truths)


def test_the_calibration_error_of_wrong_pds_is_not_zero():
    pds, _, defaulted = draw(4000)
    low, high = bootstrap_intervals(
        pds / 2, defaulted, cutoff=0.1, cost_ratio=10, seed=0, resamples=100
    )["ece"]
    error = expected_calibration_error(pds / 2, defaulted)
    assert 0.01 < low < error < high


def test_the_same_seed_gives_the_same_intervals_and_another_others():
    pds, _, defaulted = draw(500)

    def intervals(seed):
        return bootstrap_intervals(
            pds, defaulted, cutoff=0.1, cost_ratio=10, seed=seed, resamples=50
        )

    assert intervals(1) == intervals(1)
    assert intervals(1)["ks"] != intervals(2)["ks"]


def test_a_resample_without_defaults_does_not_spoil_the_others():
    pds, defaulted = np.linspace(0.01, 0.3, 40), np.arange(40) >= 38
    found = bootstrap_intervals(pds, defaulted, cutoff=0.1, cost_ratio=10, seed=0, resamples=100)
    assert np.isfinite([end for interval in found.values() for end in interval]).all()


def test_cost_difference_is_that_of_the_two_costs_and_agrees_with_resampling():
    first, second, defaulted = draw(3000, noise=0.05)
    costs = [np.where(pds < 0.1, 10.0 * defaulted, 1.0 * ~defaulted) for pds in (first, second)]
    found = paired_cost_difference(
        first < 0.1, second < 0.1, defaulted, cost_ratio=10, seed=0, resamples=4000
    )
    assert found.value == pytest.approx(np.mean(costs[1]) - np.mean(costs[0]))
    rng = np.random.default_rng(1)
    change = costs[1] - costs[0]
    drawn = [change[rng.integers(3000, size=3000)].mean() for _ in range(2000)]
    assert found.interval == pytest.approx(tuple(np.quantile(drawn, (0.025, 0.975))), abs=0.003)
    assert found == paired_cost_difference(
        first < 0.1, second < 0.1, defaulted, cost_ratio=10, seed=0, resamples=4000
    )


def test_equal_decisions_cost_the_same_for_sure():
    accepts, defaulted = np.array([True, False, True]), np.array([True, False, False])
    found = paired_cost_difference(accepts, accepts, defaulted, cost_ratio=10, seed=0)
    assert (found.value, found.interval) == (0, (0, 0))
