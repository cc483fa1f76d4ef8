"""The population stability index (PSI), and from which value on a column has moved."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions.drift_monitor.chance import chi_square, chi_square_limit, pooled

METHOD = "psi_reference_bins"

type Histogram = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Movement:
    """How far one column stands from another time, over the bins of the reference.

    index : population stability index; limit : what chance and harmless wobble do not reach
    """

    index: float
    limit: float

    @property
    def is_moved(self) -> bool:
        return self.index > self.limit


# The convention of credit risk: below 0.1 stable, from 0.25 on a major shift.
MODERATE = 0.1
_EMPTY_BIN = 1e-4  # share that stands for an empty bin


def movement(before: Histogram, now: Histogram, *, alpha: float) -> Movement:
    """Compare two histograms over the same bins; `alpha` bounds the chance of a false alarm.

    Rare bins are pooled, so that the index of few rows over many categories is no matter of chance.
    Source: Siddiqi 2006, "Credit Risk Scorecards"; Yurdakul and Naranjo 2020, "Statistical
    properties of the population stability index": it is chi-square times (1/n + 1/m).
    """
    before, now = pooled(before, now)
    n, m = now.sum(), before.sum()
    if not n or not m or len(now) < 2:
        return Movement(0.0, MODERATE)
    noise, degrees = 1 / n + 1 / m, len(now) - 1
    by_chance = chi_square_limit(degrees, alpha) * noise
    index = stability_index(before, now)
    # The index and chi-square part where bins run empty: both must be beyond chance.
    if chi_square(before, now) * noise < by_chance:
        index = min(index, by_chance)
    # What few rows show without any shift comes on top of a moderate one.
    return Movement(float(index), float(max(MODERATE + degrees * noise, by_chance)))


def pooled_index(before: Histogram, now: Histogram) -> float:
    """The index as `movement` takes it: without what rare bins do to it."""
    return stability_index(*pooled(before, now))


def stability_index(before: Histogram, now: Histogram) -> float:
    """0 when equal, without upper bound."""
    expected, actual = (np.maximum(side / side.sum(), _EMPTY_BIN) for side in (before, now))
    return float(np.sum((actual - expected) * np.log(actual / expected)))
