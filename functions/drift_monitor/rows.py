"""Scored rows, as both sides of a comparison have them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """features : float32 (n, F), what the model saw
    inputs : float32 (n, I), the raw numbers behind them as they were sent; NaN where missing
    default_probabilities : float64 (n,)
    """

    features: NDArray[np.float32]
    inputs: NDArray[np.float32]
    default_probabilities: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.default_probabilities)

    def __getitem__(self, places: NDArray[np.intp]) -> "ScoredRows":
        return ScoredRows(
            self.features[places], self.inputs[places], self.default_probabilities[places]
        )
