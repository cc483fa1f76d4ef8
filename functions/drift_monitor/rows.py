"""Scored rows as both sides of the comparison have them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 20_000_101


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """features : float32 (n, F), NaN where missing; default_probabilities : float64 (n,)"""

    features: NDArray[np.float32]
    default_probabilities: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.default_probabilities)

    def sample(self, limit: int) -> "ScoredRows":
        """At most `limit` rows, drawn with a fixed seed, in their order."""
        if len(self) <= limit:
            return self
        drawn = np.random.default_rng(SEED).choice(len(self), limit, replace=False)
        drawn.sort()
        return ScoredRows(self.features[drawn], self.default_probabilities[drawn])
