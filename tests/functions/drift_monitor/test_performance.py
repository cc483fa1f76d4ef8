"""Performance that is estimated from PDs alone, against outcomes that are drawn."""

import numpy as np
import pytest
from credit_scoring.population.outcome_calibration import OutcomeCalibration, log_odds

from functions.drift_monitor.performance import Decisions, estimate, has_cost_risen

DECISIONS = Decisions(cutoff=1 / 11, cost_ratio=10.0)


def population(rows, *, seed, shift=0.0, slope=1.0, intercept=0.0):
    """PDs, and outcomes of a world in which a PD is worth intercept + slope * log-odds."""
    random = np.random.default_rng(seed)
    pds = 1 / (1 + np.exp(-random.normal(-2.6 + shift, 0.9, rows)))
    worth = 1 / (1 + np.exp(-(intercept + slope * log_odds(pds))))
    return pds, random.random(rows) < worth


def auc(pds, defaulted):
    good, bad = np.sort(pds[~defaulted]), pds[defaulted]
    below = np.searchsorted(good, bad) + np.searchsorted(good, bad, side="right")
    return below.sum() / 2 / len(good) / len(bad)


def realised(pds, defaulted):
    accepted = pds < DECISIONS.cutoff
    cost = np.where(accepted, defaulted * 10.0, ~defaulted).mean()
    return defaulted.mean(), auc(pds, defaulted), cost


def test_a_calibration_finds_the_world_that_it_was_drawn_from():
    pds, defaulted = population(100_000, seed=1, slope=0.8, intercept=-0.3)
    found = OutcomeCalibration.of_outcomes(pds, defaulted)
    errors = np.sqrt(np.diag(found.covariance))
    assert np.abs(found.coefficients - (-0.3, 0.8)).max() < 4 * errors.max()
    assert errors.max() < 0.05


@pytest.mark.parametrize("shift", [-0.4, 0.0, 0.4])
def test_intervals_hold_what_happens_under_covariate_shift(shift):
    calibration = OutcomeCalibration.of_outcomes(*population(10_000, seed=2, slope=0.9))
    held = np.zeros(3)
    for seed in range(40):
        pds, defaulted = population(2000, seed=100 + seed, shift=shift, slope=0.9)
        found = estimate(pds, calibration, DECISIONS)
        values = realised(pds, defaulted)
        parts = (found.default_rate, found.auc, found.cost)
        held += [part.low <= value <= part.high for part, value in zip(parts, values, strict=True)]
    assert (held >= 34).all(), held


def test_the_estimates_are_near_what_happens():
    calibration = OutcomeCalibration.of_outcomes(*population(500_000, seed=3))
    pds, defaulted = population(200_000, seed=4, shift=0.3)
    found = estimate(pds, calibration, DECISIONS)
    rate, ranked, cost = realised(pds, defaulted)
    assert found.default_rate.value == pytest.approx(rate, abs=0.003)
    assert found.auc.value == pytest.approx(ranked, abs=0.005)
    assert found.cost.value == pytest.approx(cost, abs=0.02)


def test_equal_pds_rank_nobody():
    calibration = OutcomeCalibration(np.array([0.0, 1.0]), np.eye(2) * 1e-6)
    assert estimate(np.full(500, 0.1), calibration, DECISIONS).auc.value == 0.5


def test_a_cost_that_is_up_by_more_than_a_tenth_is_told_and_a_wobble_is_not():
    random = np.random.default_rng(5)
    before = random.exponential(0.5, 10_000)
    assert has_cost_risen(before, random.exponential(0.5, 2000) * 1.3)
    assert not has_cost_risen(before, random.exponential(0.5, 2000) * 1.05)
    assert not has_cost_risen(before, random.exponential(0.5, 30) * 1.3)
    assert not has_cost_risen(before, random.exponential(0.5, 2000) * 0.5)
