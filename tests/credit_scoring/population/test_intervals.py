"""How sure a share is."""

import numpy as np
import pytest
from credit_scoring.population.intervals import wilson_interval
from scipy.stats import binomtest


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (1, 3), (37, 500)])
def test_wilson_interval_is_the_textbooks(successes, trials):
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    low, high = wilson_interval(successes, trials)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_interval_takes_arrays_and_leaves_no_trial_open():
    low, high = wilson_interval(np.array([0, 2, 0]), np.array([5, 5, 0]))
    assert low[0] == 0
    assert 0.11 < low[1] < 0.4 < high[1] < 0.77
    assert np.isnan([low[2], high[2]]).all()


def test_a_share_of_defaults_among_peers():
    low, high = wilson_interval(14, 200)
    assert (round(float(low), 2), round(float(high), 2)) == (0.04, 0.11)
