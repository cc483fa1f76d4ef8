"""The stability index, and from which value on a column has moved."""

import numpy as np
import pytest

from functions.drift_monitor.chance import chi_square_limit, normal_limit, pooled, share_rise
from functions.drift_monitor.stability import MODERATE, movement, stability_index

ALPHA = 0.005


def test_equal_distributions_have_index_zero_whatever_the_sizes():
    assert stability_index(np.array([10, 20, 30]), np.array([100, 200, 300])) == 0


def test_the_index_is_that_of_the_textbook():
    reference, current = np.array([50, 50]), np.array([30, 70])
    expected = (0.3 - 0.5) * np.log(0.3 / 0.5) + (0.7 - 0.5) * np.log(0.7 / 0.5)
    assert stability_index(reference, current) == pytest.approx(expected)
    assert stability_index(current, reference) == pytest.approx(expected)


def test_a_bin_that_empties_is_drift_and_a_rare_one_is_not():
    assert stability_index(np.array([500, 500]), np.array([0, 1000])) > 0.25
    assert stability_index(np.array([19_990, 9, 1]), np.array([20_000, 0, 0])) < 0.01


def test_with_many_rows_the_convention_of_credit_risk_holds():
    found = movement(np.full(11, 2000), np.full(11, 1000), alpha=ALPHA)
    assert found.limit == pytest.approx(MODERATE, abs=0.01)
    assert movement(np.array([20_000]), np.array([200]), alpha=ALPHA).limit == MODERATE


@pytest.mark.parametrize(("bins", "rows"), [(58, 200), (11, 50), (20, 100), (11, 5000)])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_chance_alone_reaches_the_limit_no_more_often_than_it_may(bins, rows, alpha):
    random = np.random.default_rng(3)
    shares = random.dirichlet(np.full(bins, 0.7))
    calls = [
        movement(
            random.multinomial(10_000, shares), random.multinomial(rows, shares), alpha=alpha
        ).is_moved
        for _ in range(2000)
    ]
    assert np.mean(calls) <= 1.5 * alpha


def test_a_shift_that_matters_is_beyond_it():
    assert movement(np.full(10, 1000), np.array([200, *[60] * 9]), alpha=1e-6).is_moved


def test_rare_bins_are_pooled_and_no_row_is_lost():
    before, now = pooled(np.array([1000, 3, 2, 900, 1]), np.array([100, 0, 1, 90, 0]))
    assert (before.sum(), now.sum()) == (1906, 191)
    assert len(before) == len(now) == 2


@pytest.mark.parametrize(
    ("degrees", "alpha", "tables"), [(1, 0.05, 3.841), (10, 0.005, 25.188), (57, 1e-5, 114.4)]
)
def test_the_limits_are_those_of_the_tables(degrees, alpha, tables):
    assert chi_square_limit(degrees, alpha) == pytest.approx(tables, rel=0.02)


def test_the_normal_limit_is_that_of_the_tables():
    assert normal_limit(0.025) == pytest.approx(1.959964, abs=1e-5)


@pytest.mark.parametrize(
    ("count", "rows", "before", "rows_before", "p"),
    [(3, 4, 1, 4, 0.2428571), (4, 4, 0, 4, 1 / 70), (0, 10, 5, 10, 1.0)],
)
def test_the_exact_test_is_fishers(count, rows, before, rows_before, p):
    """0.2429 is that of the lady tasting tea."""
    assert share_rise(count, rows, before, rows_before) == pytest.approx(p, abs=1e-6)


def test_the_exact_test_is_exact_far_out():
    assert 0 < share_rise(50, 50, 20, 10_000) < 1e-100
