"""Outcomes regressed on one margin: the logistic regression that judges and mends calibration.

Two unknowns need no solver: Newton's method on sums, which unlike BLAS give the same bits on any
number of threads.
"""

import math
from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.decision import default_probabilities
from credit_scoring.population.intervals import Z

from training.evaluation.statistics import Interval

MOST_STEPS = 50
PRECISION = 1e-10


@dataclass(frozen=True)
class LogOddsFit:
    """Log-odds of default = slope * margin + intercept; 1 and 0 are perfect calibration (Cox 1958).

    slope : below 1 the PDs are too extreme, above 1 too timid
    intercept : the log-odds of default where the margin is 0, at a PD of one half
    p_value : likelihood-ratio test of slope 1 and intercept 0 together
    """

    slope: float
    slope_interval: Interval
    intercept: float
    intercept_interval: Interval
    p_value: float


@dataclass(frozen=True)
class _Step:
    """Newton's step from one pair of coefficients, with the standard errors found there."""

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float


def fit_log_odds(margins: Numbers, defaulted: Flags) -> LogOddsFit | None:
    """Unpenalised fit of outcomes (n,) on margins (n,).

    None when the likelihood has no maximum: one kind of outcome, equal margins, or a margin that
    parts defaults from good payers perfectly.
    """
    rate = float(defaulted.mean())
    if not 0 < rate < 1:
        return None
    intercept, slope = math.log(rate / (1 - rate)), 0.0
    for _ in range(MOST_STEPS):
        step = _newton_step(margins, defaulted, intercept, slope)
        if step is None:
            return None
        intercept, slope = intercept + step.intercept, slope + step.slope
        if max(abs(step.intercept), abs(step.slope)) < PRECISION * (1 + abs(slope)):
            return _described(margins, defaulted, intercept, slope, step)
    return None


def _newton_step(
    margins: Numbers, defaulted: Flags, intercept: float, slope: float
) -> _Step | None:
    pds = default_probabilities(slope * margins + intercept)
    errors, weights = defaulted - pds, pds * (1 - pds)
    # The information matrix ((a, b), (b, c)) and the score (u, v), for intercept and slope.
    a, b = float(weights.sum()), float((weights * margins).sum())
    c = float((weights * margins * margins).sum())
    u, v = float(errors.sum()), float((errors * margins).sum())
    determinant = a * c - b * b
    if not determinant > PRECISION * a * c:
        return None
    return _Step(
        intercept=(c * u - b * v) / determinant,
        slope=(a * v - b * u) / determinant,
        intercept_error=math.sqrt(c / determinant),
        slope_error=math.sqrt(a / determinant),
    )


def _described(
    margins: Numbers, defaulted: Flags, intercept: float, slope: float, step: _Step
) -> LogOddsFit:
    fitted = _log_likelihood(slope * margins + intercept, defaulted)
    gain = max(0.0, fitted - _log_likelihood(margins, defaulted))
    slope_half, intercept_half = Z * step.slope_error, Z * step.intercept_error
    return LogOddsFit(
        slope=slope,
        slope_interval=(slope - slope_half, slope + slope_half),
        intercept=intercept,
        intercept_interval=(intercept - intercept_half, intercept + intercept_half),
        # Twice the gain is chi-squared with two degrees of freedom, whose tail is exponential.
        p_value=math.exp(-gain),
    )


def _log_likelihood(margins: Numbers, defaulted: Flags) -> float:
    return float(np.sum(margins * defaulted - np.logaddexp(0.0, margins)))
