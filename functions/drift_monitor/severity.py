"""How far a feature's contributions have moved, in log-odds: what a shift does to the scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

GRID = (np.arange(200) + 0.5) / 200
# Times what unmoved rows show on average: chance alone hardly reaches it.
BEYOND_CHANCE = 3.0


@dataclass(frozen=True)
class ContributionScale:
    """The contributions of the reference.

    contributions : float64 (m, F), log-odds
    """

    contributions: Floats

    @cached_property
    def quantiles(self) -> Floats:
        """(200, F)."""
        return _quantiles(self.contributions)

    @cached_property
    def spreads(self) -> Floats:
        """The integral of sqrt(F (1 - F)) of each feature's contributions, in log-odds (F,)."""
        steps = np.diff(self.quantiles, axis=0)
        middle = (GRID[1:] + GRID[:-1]) / 2
        return np.sqrt(middle * (1 - middle)) @ steps

    def severities(self, contributions: Floats) -> Floats:
        """1-Wasserstein distance of each feature's contributions from the reference's (F,).

        Source: Vallender 1974, "Calculation of the Wasserstein distance between probability
        distributions on the line": the mean gap of the quantiles.
        """
        return np.abs(_quantiles(contributions) - self.quantiles).mean(axis=0)

    def by_column(self, contributions: Floats, features: Sequence[NDArray[np.intp]]) -> Floats:
        """The largest beyond chance of the features that each raw column feeds, else 0 (R,).

        features : their places, by raw column
        """
        if not len(contributions):
            return np.zeros(len(features))
        found = self.severities(contributions)
        found = np.where(found >= self.limits(len(contributions)), found, 0.0)
        return np.array([found[places].max(initial=0.0) for places in features])

    def limits(self, rows: int) -> Floats:
        """Severities that unmoved rows hardly reach, by feature (F,).

        Of unmoved rows the distance is that of a Brownian bridge: on average sqrt(2 / pi) times
        the spread times sqrt(1/n + 1/m). Source: del Barrio, Gine and Matran 1999, "Central limit
        theorems for the Wasserstein distance between the empirical and the true distributions".
        """
        noise = np.sqrt(1 / rows + 1 / len(self.contributions))
        limits: Floats = BEYOND_CHANCE * np.sqrt(2 / np.pi) * noise * self.spreads
        return limits


def _quantiles(contributions: Floats) -> Floats:
    """(200, F); by sorting, so that n of any size lies on the same grid."""
    ordered = np.sort(contributions, axis=0)
    places = np.minimum((GRID * len(ordered)).astype(np.intp), len(ordered) - 1)
    return ordered[places]
