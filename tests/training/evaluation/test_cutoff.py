"""The cut-off is the cheapest one there is, found by trying them all; what the others cost."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from credit_scoring.errors import EmptyDataset
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.cutoff import (
    band_edges,
    business_cost,
    choose_cutoff,
    cost_curve,
    risk_bands,
    theoretical_cutoff,
)

# Few distinct PDs make ties, zero and one make edges.
PDS = st.sampled_from([0.0, 0.05, 0.1, 0.1 + 1e-12, 0.3, 0.5, 0.99, 1.0]) | st.floats(0, 1)
ROWS = st.lists(st.tuples(PDS, st.booleans()), min_size=1, max_size=40)


def arrays(rows):
    return np.array([pd_ for pd_, _ in rows]), np.array([bad for _, bad in rows], np.bool_)


def cheapest(probabilities, defaulted, cost_ratio):
    """Every cut-off that accepts other rows than its neighbours; the lowest of the cheapest."""
    rows = list(zip(probabilities, defaulted, strict=True))
    candidates = np.unique([*probabilities, 1.0])
    costs = [
        sum(cost_ratio for pd_, bad in rows if bad and pd_ < cut)
        + sum(1 for pd_, bad in rows if not bad and pd_ >= cut)
        for cut in candidates
    ]
    return candidates[int(np.argmin(costs))], min(costs) / len(defaulted)


@given(rows=ROWS, cost_ratio=st.sampled_from([0.5, 1, 3, 10, 12.5]))
def test_no_other_cutoff_is_cheaper_and_ties_take_the_lower(rows, cost_ratio):
    probabilities, defaulted = arrays(rows)
    cutoff = choose_cutoff(probabilities, defaulted, cost_ratio=cost_ratio)
    expected, lowest = cheapest(probabilities, defaulted, cost_ratio)
    assert cutoff == expected
    cost = business_cost(probabilities, defaulted, cutoff=cutoff, cost_ratio=cost_ratio)
    assert cost == pytest.approx(lowest)


@given(rows=ROWS, seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(rows, seed):
    probabilities, defaulted = arrays(rows)
    shuffled = np.random.default_rng(seed).permutation(len(rows))
    assert choose_cutoff(
        probabilities[shuffled], defaulted[shuffled], cost_ratio=10
    ) == choose_cutoff(probabilities, defaulted, cost_ratio=10)


@pytest.mark.parametrize(
    ("probabilities", "defaulted", "expected"),
    [
        ([0.1, 0.2, 0.3], [0, 0, 0], 1.0),  # all good: accept everybody
        ([0.1, 0.2, 0.3], [1, 1, 1], 0.1),  # all bad: accept nobody
        ([0.2] * 4, [0, 0, 0, 1], 0.2),  # one PD for all: a default in four is too many
        ([0.02] * 20, [0] * 19 + [1], 1.0),  # ... and one in twenty is not
        ([0.1, 0.2], [0, 1], 0.2),  # the first PD that is refused
        ([0.1] * 10 + [0.2], [0] * 10 + [1], 0.2),
        ([0.1] * 11, [0] * 10 + [1], 0.1),  # accepting all costs ten, refusing all too
    ],
)
def test_plain_cases(probabilities, defaulted, expected):
    found = choose_cutoff(np.array(probabilities), np.array(defaulted, np.bool_), cost_ratio=10)
    assert found == expected


def test_no_outcome_no_cutoff():
    with pytest.raises(EmptyDataset):
        choose_cutoff(np.empty(0), np.empty(0, np.bool_), cost_ratio=10)


@pytest.mark.parametrize("cost_ratio", [1, 4, 10])
def test_calibrated_pds_come_near_what_theory_says(cost_ratio):
    rng = np.random.default_rng(1)
    probabilities = rng.beta(1, 4, 200_000)
    defaulted = rng.random(200_000) < probabilities
    cutoff = choose_cutoff(probabilities, defaulted, cost_ratio=cost_ratio)
    assert cutoff == pytest.approx(1 / (1 + cost_ratio), rel=0.2)


def test_cost_counts_both_errors_per_applicant():
    cost = business_cost(
        np.array([0.05, 0.05, 0.5, 0.5]), np.array([True, False, True, False]),
        cutoff=0.1, cost_ratio=10,
    )  # fmt: skip
    assert cost == (10 + 0 + 0 + 1) / 4


def test_a_pd_at_the_cutoff_is_refused():
    cost = business_cost(np.array([0.1]), np.array([False]), cutoff=0.1, cost_ratio=10)
    assert cost == 1


def draw(n, *, seed=1):
    """Calibrated PDs of an everyday portfolio."""
    rng = np.random.default_rng(seed)
    pds = np.round(rng.beta(1, 11, n), 4)  # rounded: ties
    return pds, rng.random(n) < pds


@pytest.fixture(scope="module")
def curve():
    pds, defaulted = draw(4000)
    return pds, defaulted, cost_curve(pds, defaulted, cost_ratio=10, seed=0)


def test_every_point_of_the_curve_is_the_cost_at_its_cutoff(curve):
    pds, defaulted, found = curve
    for cutoff, cost, rate in zip(found.cutoffs, found.costs, found.approval_rates, strict=True):
        expected = business_cost(pds, defaulted, cutoff=cutoff, cost_ratio=10)
        assert cost == pytest.approx(expected)
        assert rate == pytest.approx((pds < cutoff).mean())
    assert 150 < len(found.cutoffs) <= 200
    assert found.cutoffs == sorted(set(found.cutoffs))


def test_the_curve_goes_from_refusing_to_accepting_everybody(curve):
    _, defaulted, found = curve
    assert (found.approval_rates[0], found.approval_rates[-1]) == (0, 1)
    assert found.costs[0] == found.refuse_all_cost == pytest.approx((~defaulted).mean())
    assert found.costs[-1] == found.approve_all_cost == pytest.approx(10 * defaulted.mean())


def test_the_best_and_the_theoretical_cutoff_stand_side_by_side(curve):
    pds, defaulted, found = curve
    assert found.best_cutoff == choose_cutoff(pds, defaulted, cost_ratio=10)
    assert found.theoretical_cutoff == theoretical_cutoff(10) == 1 / 11
    for cutoff, cost, rate in [
        (found.best_cutoff, found.best_cost, found.best_approval_rate),
        (1 / 11, found.theoretical_cost, found.theoretical_approval_rate),
    ]:
        assert cost == pytest.approx(business_cost(pds, defaulted, cutoff=cutoff, cost_ratio=10))
        assert rate == pytest.approx((pds < cutoff).mean())
    assert found.best_cost <= min(*found.costs, found.theoretical_cost)
    assert found.best_cutoff_interval[0] <= 1 / 11 <= found.best_cutoff_interval[1]


def test_intervals_of_the_curve_are_those_of_resampled_costs(curve):
    pds, defaulted, found = curve
    costs = np.where(pds < found.theoretical_cutoff, 10.0 * defaulted, 1.0 * ~defaulted)
    error = costs.std() / np.sqrt(len(costs))
    low, high = found.theoretical_cost_interval
    assert (low, high) == pytest.approx(
        (found.theoretical_cost - 1.96 * error, found.theoretical_cost + 1.96 * error),
        abs=0.5 * error,
    )
    assert all(low <= cost <= high for low, cost, high in
               zip(found.lows, found.costs, found.highs, strict=True))  # fmt: skip
    assert found.best_cost_interval[0] < found.best_cost < found.best_cost_interval[1]


def test_the_best_cost_is_too_good_by_about_what_the_curve_says():
    understated, said = [], []
    pds_of_all, defaulted_of_all = draw(100_000, seed=9)
    for seed in range(30):
        pds, defaulted = draw(400, seed=seed)
        found = cost_curve(pds, defaulted, cost_ratio=10, seed=0, resamples=60)
        at_large = business_cost(
            pds_of_all, defaulted_of_all, cutoff=found.best_cutoff, cost_ratio=10
        )
        understated.append(at_large - found.best_cost)
        said.append(found.optimism)
    assert np.mean(understated) > 0
    assert np.mean(said) == pytest.approx(np.mean(understated), abs=0.03)
    assert np.mean(said) > 0


@pytest.mark.parametrize("cost_ratio", [0.5, 10, 100])
def test_any_ratio_has_a_curve_that_json_can_carry(cost_ratio):
    pds, defaulted = draw(500)
    found = cost_curve(pds, defaulted, cost_ratio=cost_ratio, seed=0, resamples=20)
    assert json.loads(json.dumps(asdict(found), allow_nan=False))["cost_ratio"] == cost_ratio
    assert found == cost_curve(pds, defaulted, cost_ratio=cost_ratio, seed=0, resamples=20)


@pytest.mark.parametrize(
    ("pds", "defaulted"),
    [([0.2] * 5, [0, 0, 0, 0, 1]), ([1.0, 1.0], [1, 1]), ([0.0, 1.0], [0, 1]), ([0.3], [0])],
)
def test_few_and_equal_pds_have_a_curve_too(pds, defaulted):
    pds, defaulted = np.array(pds), np.array(defaulted, np.bool_)
    found = cost_curve(pds, defaulted, cost_ratio=10, seed=0, resamples=20)
    assert found.best_cutoff == choose_cutoff(pds, defaulted, cost_ratio=10)
    assert found.approve_all_cost == 10 * defaulted.mean()


def test_no_outcome_no_curve():
    with pytest.raises(EmptyDataset):
        cost_curve(np.empty(0), np.empty(0, np.bool_), cost_ratio=10, seed=0)


def test_bands_share_out_the_applicants_and_say_what_became_of_them():
    pds = np.array([0.01, 0.04, 0.05, 0.09, 0.1, 0.5])
    defaulted = np.array([False, False, True, False, True, True])
    low, medium, high = risk_bands(pds, defaulted, edges=band_edges(0.1))
    assert [band.name for band in (low, medium, high)] == ["low", "medium", "high"]
    assert [(band.low, band.high) for band in (low, medium, high)] == [
        (0, 0.05), (0.05, 0.1), (0.1, 1),
    ]  # fmt: skip
    assert [band.applicants for band in (low, medium, high)] == [2, 2, 2]
    assert [band.defaults for band in (low, medium, high)] == [0, 1, 2]
    assert [band.default_rate for band in (low, medium, high)] == [0, 0.5, 1]
    assert low.mean_pd == pytest.approx(0.025)
    assert medium.default_rate_interval == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert sum(band.share for band in (low, medium, high)) == pytest.approx(1)


def test_a_band_without_applicants_has_no_rate():
    low, _, high = risk_bands(np.array([0.01]), np.array([False]), edges=(0.05, 0.1))
    assert (high.applicants, high.share) == (0, 0)
    assert (high.default_rate, high.default_rate_interval, high.mean_pd) == (None, None, None)
    assert low.applicants == 1


def test_default_rates_rise_from_band_to_band():
    bands = risk_bands(*draw(20_000), edges=band_edges(1 / 11))
    rates = [band.default_rate for band in bands]
    assert rates == sorted(rates)
    for band in bands:
        assert band.default_rate_interval[0] < band.mean_pd < band.default_rate_interval[1]
