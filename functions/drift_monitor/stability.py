"""The population stability index (PSI), and from which value on it means drift."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

METHOD = "psi_reference_bins"
MODERATE = 0.1  # the convention of credit risk: below 0.1 stable, from 0.25 on a major shift
FALSE_ALARMS = 0.005  # of features that did not move
DRAWS, SEED = 1000, 20_000_101
FLOOR = 1e-4  # share that stands for an empty bin

type Counts = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """How far one column has moved from the reference dataset.

    score : population stability index
    missing_in_reference, missing_in_window : shares of rows
    """

    column: str
    score: float
    threshold: float
    missing_in_reference: float = 0.0
    missing_in_window: float = 0.0

    @property
    def drifted(self) -> bool:
        return self.score >= self.threshold


def stability_index(reference: Counts, current: Counts) -> float:
    """Compare two distributions over the same bins: 0 when equal, without upper bound.

    reference, current : rows in each bin, (bins,)

    Source: Siddiqi 2006, "Credit Risk Scorecards".
    """
    return float(_indices(reference, current))


def drift_threshold(reference: Counts, current: Counts) -> float:
    """The index that chance alone rarely reaches, and at least 0.1.

    Few rows over many bins are far apart by chance: 200 rows over 58 categories easily reach 0.3.
    So both sides are drawn again and again from the one population that they would share if
    nothing had moved.

    reference, current : rows in each bin, (bins,)
    """
    population = (reference + current) / (reference.sum() + current.sum())
    random = np.random.default_rng(SEED)
    sides = (random.multinomial(side.sum(), population, DRAWS) for side in (reference, current))
    return max(MODERATE, float(np.quantile(_indices(*sides), 1 - FALSE_ALARMS)))


def _indices(reference: Counts, current: Counts) -> NDArray[np.float64]:
    """Compare along the last axis: (..., bins) -> (...)."""
    expected, actual = _shares(reference), _shares(current)
    return np.sum((actual - expected) * np.log(actual / expected), axis=-1)


def _shares(counts: Counts) -> NDArray[np.float64]:
    return np.maximum(counts / counts.sum(axis=-1, keepdims=True), FLOOR)
