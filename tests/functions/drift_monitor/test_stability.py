"""The stability index and the threshold from which it means drift."""

import numpy as np
import pytest

from functions.drift_monitor.stability import (
    MODERATE,
    ColumnDrift,
    drift_threshold,
    stability_index,
)


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
    assert drift_threshold(np.full(11, 2000), np.full(11, 500)) == MODERATE
    assert drift_threshold(np.array([20_000]), np.array([200])) == MODERATE


def test_with_few_rows_chance_alone_rarely_reaches_the_threshold():
    random = np.random.default_rng(3)
    shares = random.dirichlet(np.full(58, 0.5))
    drawn = [
        (random.multinomial(20_000, shares), random.multinomial(200, shares)) for _ in range(200)
    ]

    alarms = [stability_index(*sides) >= drift_threshold(*sides) for sides in drawn]

    assert np.mean(alarms) <= 0.03
    assert all(drift_threshold(*sides) > 2 * MODERATE for sides in drawn[:5])


@pytest.mark.parametrize(("score", "drifted"), [(0.0999, False), (0.1, True), (0.2, True)])
def test_a_column_drifts_from_its_threshold_on(score, drifted):
    assert ColumnDrift("AMT_CREDIT", score, threshold=0.1).drifted is drifted


def test_a_column_of_which_nothing_is_said_misses_nothing():
    column = ColumnDrift("AMT_CREDIT", 0.0, threshold=0.1)
    assert (column.missing_in_reference, column.missing_in_window) == (0.0, 0.0)


def test_the_threshold_is_the_index_that_one_window_in_two_hundred_reaches():
    """Against draws of our own, of which a share as large as the declared one lies above."""
    reference, current = np.full(20, 1000), np.full(20, 5)
    random = np.random.default_rng(5)
    population = np.full(20, 1 / 20)
    chance = [
        stability_index(random.multinomial(20_000, population), random.multinomial(100, population))
        for _ in range(4000)
    ]
    above = np.mean(np.array(chance) >= drift_threshold(reference, current))
    assert 0.001 <= above <= 0.012
