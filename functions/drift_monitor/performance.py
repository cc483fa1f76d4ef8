"""How well the model does, estimated from its PDs alone, before any outcome is known.

A calibrated PD says how often an applicant like this defaults, so the PDs of a window say what its
default rate, AUC and cost will be, if applicants like these still default as often. Blind to
concept drift: that good payers of yesterday stop paying shows in no PD.
Source: Bialek, Perrakis, Kuberski 2024, "Estimating model performance under covariate shift without
labels" (arXiv:2401.08348): confidence-based performance estimation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from credit_scoring.decision import accepts
from credit_scoring.population.outcome_calibration import OutcomeCalibration
from numpy.typing import NDArray

from functions.drift_monitor.chance import normal_limit

type Floats = NDArray[np.float64]

DRAWS, SEED = 400, 20_000_101
INTERVAL = (0.025, 0.975)
COST_RISE, FALSE_RISES = 0.10, 0.0005


@dataclass(frozen=True)
class Estimate:
    """value, and between which values 95 of 100 such windows will turn out"""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Performance:
    """default_rate : share; auc; cost : per applicant, in refused good payers"""

    default_rate: Estimate
    auc: Estimate
    cost: Estimate


@dataclass(frozen=True)
class Decisions:
    """From which PD on an application is refused, and what an accepted default costs beside a
    refused good payer.
    """

    cutoff: float
    cost_ratio: float

    def expected_costs(self, default_probabilities: Floats, calibrated: Floats) -> Floats:
        """By applicant (n,)."""
        accepted = accepts(default_probabilities, cutoff=self.cutoff)
        return np.where(accepted, calibrated * self.cost_ratio, 1 - calibrated)


def estimate(
    default_probabilities: Floats, calibration: OutcomeCalibration, decisions: Decisions
) -> Performance:
    """Estimate what a window's outcomes will say, with intervals for chance in them and for how
    well the calibration is known.

    default_probabilities : float64 (n,), one row at least
    """
    ordered = np.sort(default_probabilities)
    calibrated = calibration.calibrated(ordered)
    drawn = np.array([*_draws(ordered, calibration, decisions)])  # (draws, 3)
    low, high = np.nanquantile(drawn, INTERVAL, axis=0)
    values = (
        float(calibrated.mean()),
        area_under_curve(ordered, calibrated),
        float(decisions.expected_costs(ordered, calibrated).mean()),
    )
    return Performance(*(Estimate(*each) for each in zip(values, low, high, strict=True)))


def _draws(
    ordered: Floats, calibration: OutcomeCalibration, decisions: Decisions
) -> Iterator[tuple[float, float, float]]:
    random = np.random.default_rng(SEED)
    drawn = random.multivariate_normal(calibration.coefficients, calibration.covariance, DRAWS)
    for coefficients in drawn:
        calibrated = calibration.calibrated(ordered, coefficients)
        outcomes = (random.random(len(ordered)) < calibrated).astype(np.float64)
        cost = decisions.expected_costs(ordered, outcomes).mean()
        yield float(outcomes.mean()), area_under_curve(ordered, outcomes), float(cost)


def area_under_curve(ordered: Floats, weights: Floats) -> float:
    """Share of pairs that are in the right order, of rows that default with weight `weights`.

    ordered : PDs, ascending; equal ones count half. NaN where nobody defaults, or everybody does
    """
    _, starts = np.unique(ordered, return_index=True)
    bad = np.add.reduceat(weights, starts)
    good = np.add.reduceat(1 - weights, starts)
    pairs = bad.sum() * good.sum()
    below = np.cumsum(good) - good
    return float((bad * (below + good / 2)).sum() / pairs) if pairs > 0 else float("nan")


def has_cost_risen(before: Floats, now: Floats) -> bool:
    """Whether the expected cost is up by more than a tenth, and not by chance.

    before, now : expected costs by applicant (m,), (n,)
    """
    rise = now.mean() - before.mean()
    noise = np.sqrt(before.var() / len(before) + now.var() / len(now))
    return bool(rise > COST_RISE * before.mean() and rise > normal_limit(FALSE_RISES) * noise)
