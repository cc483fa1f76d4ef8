"""The rows of either side of the comparison, drawn so that memory does not grow with the window."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 20_000_101


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """features : float32 (n, F), what the model saw; inputs : float32 (n, I), the raw numbers behind
    them as they were sent; both NaN where missing
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

    def __add__(self, other: "ScoredRows") -> "ScoredRows":
        return ScoredRows(
            np.concatenate([self.features, other.features]),
            np.concatenate([self.inputs, other.inputs]),
            np.concatenate([self.default_probabilities, other.default_probabilities]),
        )


def draw_rows(parts: Iterable[ScoredRows], *, limit: int) -> ScoredRows:
    """Draw at most `limit` rows, each with the same chance, in their order.

    Every row gets a random number and the smallest are kept, so one part at a time is in memory.
    The seed is fixed: the same parts give the same rows. Raises StopIteration without a part.
    """
    random = np.random.default_rng(SEED)
    remaining = iter(parts)
    rows = next(remaining)
    lots = random.random(len(rows))
    rows, lots = _keep_smallest(rows, lots, limit)
    for part in remaining:
        lots = np.append(lots, random.random(len(part)))
        rows, lots = _keep_smallest(rows + part, lots, limit)
    return rows


def _keep_smallest(
    rows: ScoredRows, lots: NDArray[np.float64], limit: int
) -> tuple[ScoredRows, NDArray[np.float64]]:
    if len(rows) <= limit:
        return rows, lots
    kept = np.sort(np.argpartition(lots, limit)[:limit])
    return rows[kept], lots[kept]
