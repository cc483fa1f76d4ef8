"""Drawing numbers that look like the real ones: seeded streams, quantiles, repeated rows."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from numpy.typing import NDArray

Integers = NDArray[np.int64]

# Where the minimum, the 1, 10, 25, 50, 75, 90 and 99 % quantiles and the maximum of a column lie
# on the standard normal axis; one column in real life is the nine values at these places.
NORMAL_QUANTILES = (-3.29, -2.326, -1.282, -0.674, 0.0, 0.674, 1.282, 2.326, 3.89)
Quantiles = tuple[float, float, float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A number of applicants drawn together; its values depend on the seed and its number only."""

    seed: int
    number: int

    def stream(self, concern: str) -> np.random.Generator:
        """Random numbers of one concern, so that a change in one table leaves the others alone."""
        return np.random.default_rng([self.seed, self.number, crc32(concern.encode())])


@dataclass(frozen=True, slots=True)
class Repeated:
    """Rows that belong to owners, several each.

    owner : int64 (rows,), index of the owner, ascending
    position : int64 (rows,), 0, 1, 2 ... within the owner
    """

    owner: Integers
    position: Integers

    def __len__(self) -> int:
        return len(self.owner)


def repeated(counts: Integers) -> Repeated:
    """counts : int64 (owners,), rows of each owner."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts  # (owners,)
    return Repeated(owner, np.arange(len(owner)) - first[owner])


def from_normal(z: Numbers, quantiles: Quantiles) -> Numbers:
    """Give standard normal values the shape of a column.

    z : float64 (n,); quantiles : the column's values at `NORMAL_QUANTILES`
    """
    return np.interp(z, NORMAL_QUANTILES, quantiles)


def from_quantiles(rng: np.random.Generator, n: int, quantiles: Quantiles) -> Numbers:
    return from_normal(rng.standard_normal(n), quantiles)


def happens(rng: np.random.Generator, probability: Numbers | float, n: int) -> Flags:
    return rng.random(n) < probability


def logistic(log_odds: Numbers) -> Numbers:
    result: Numbers = 1.0 / (1.0 + np.exp(-log_odds))
    return result


def log_odds(probability: float) -> float:
    return float(np.log(probability / (1.0 - probability)))


def clustered_counts(rng: np.random.Generator, mean: Numbers, spread: float) -> Integers:
    """Counts whose variance exceeds their mean (gamma-Poisson); a small `spread` means more."""
    return rng.poisson(rng.gamma(spread, mean / spread))


def rounded_to(values: Numbers, step: float) -> Numbers:
    return np.round(values / step) * step


def blank(values: Numbers | Integers | Flags, where: Flags) -> Numbers:
    """The values as numbers with NaN, which is written as an empty field, where it says so."""
    return np.where(where, np.nan, values.astype(np.float64))
