"""What is compared: the reference, and beside it everybody of a window or one source of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from credit_scoring.contract.columns import INPUTS
from numpy.typing import NDArray

from functions.drift_monitor.bins import MISSING
from functions.drift_monitor.raw_columns import Binning, Matrix, RawColumns

EVERYWHERE = ""
TAIL = 0.001

type Histogram = NDArray[np.intp]
type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """Rows as the tests read them.

    raw : float32 (n, R), one column a raw column
    histograms : by column, rows in each of its bins
    """

    columns: RawColumns
    raw: Matrix
    histograms: Sequence[Histogram]

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def names(self) -> tuple[str, ...]:
        return self.columns.names

    @cached_property
    def missing(self) -> NDArray[np.intp]:
        """Rows without a value, by column (R,)."""
        return np.array([histogram[MISSING] for histogram in self.histograms], np.intp)

    def ordered(self, place: int) -> NDArray[np.float32]:
        """The values of one column that are there, ascending."""
        if place not in self._ordered:
            values = self.raw[:, place]
            self._ordered[place] = np.sort(values[~np.isnan(values)])
        return self._ordered[place]

    def commonest(self, place: int) -> int:
        """How often the commonest value of a column stands in it."""
        if place not in self._commonest:
            ordered = self.ordered(place)
            starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
            counts = np.diff(np.append(starts, len(ordered)))
            self._commonest[place] = int(counts.max()) if len(ordered) else 0
        return self._commonest[place]

    def range(self, place: int) -> tuple[float, float]:
        """Between which values a column lies, but for one in a thousand on either side."""
        if place not in self._ranges:
            low, high = np.quantile(self.ordered(place), (TAIL, 1 - TAIL))
            self._ranges[place] = float(low), float(high)
        return self._ranges[place]

    @cached_property
    def _commonest(self) -> dict[int, int]:
        return {}

    @cached_property
    def _ranges(self) -> dict[int, tuple[float, float]]:
        return {}

    @cached_property
    def _ordered(self) -> dict[int, NDArray[np.float32]]:
        return {}

    def is_measured(self, place: int) -> bool:
        """Whether the column holds amounts, counts or scores: neither categories nor flags."""
        column = INPUTS[self.names[place]]
        return not column.is_category and column.type != "flag"


@dataclass(frozen=True)
class Scope(Side):
    """The rows of one source, or EVERYWHERE.

    refused : (column, cause) -> rows that were turned away at the door
    scored : rows that were not, each time they were sent; more than are compared
    severities : by column, how far the contributions that it feeds have moved, in log-odds; 0 where
        chance alone may have moved them (R,)
    default_probabilities : of the rows (n,)
    """

    source: str = EVERYWHERE
    refused: Mapping[tuple[str, str], int] = field(default_factory=dict)
    scored: int = 0
    severities: Floats = field(default_factory=lambda: np.empty(0))
    default_probabilities: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def sent_rows(self) -> int:
        return self.scored + sum(self.refused.values())


@dataclass(frozen=True)
class Reference(Side):
    """What the model was trained on.

    binning : how columns are cut
    """

    binning: Binning | None = None


def distance(left: Side, place: int, right: Side, other: int, *, scale: float = 1.0) -> float:
    """Kolmogorov-Smirnov distance of two columns, in 0 to 1; the missing stand before all values.

    scale : by which the left values are divided
    """
    ours, theirs = left.ordered(place) / np.float32(scale), right.ordered(other)
    at = np.concatenate([ours, theirs])
    ours_below = len(left) - len(ours) + np.searchsorted(ours, at, side="right")
    theirs_below = len(right) - len(theirs) + np.searchsorted(theirs, at, side="right")
    gaps = np.abs(ours_below / len(left) - theirs_below / len(right))
    absent = abs((len(left) - len(ours)) / len(left) - (len(right) - len(theirs)) / len(right))
    return float(max(gaps.max(initial=0.0), absent))
