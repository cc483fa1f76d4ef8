"""Bins of one feature of the reference data, each so full that nobody stands out."""

import math
from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema

FEWEST_ROWS = 10
MOST_BINS = 20
# The outermost bins are open: nobody reads the smallest or largest value from them.
_INNER = (0.01, 0.99)


@dataclass(frozen=True)
class Axis:
    """cuts : float64 (B - 1,), rising; bin b of a number holds values in [cuts[b - 1], cuts[b])
    words : of a category instead, one a bin
    codes : int (C,), the bin of each of the model's codes, -1 for one in no bin
    """

    feature: str
    cuts: Numbers
    words: tuple[str, ...]
    codes: Indices

    @property
    def is_category(self) -> bool:
        return FEATURES[self.feature].is_category

    def __len__(self) -> int:
        return len(self.words) if self.is_category else len(self.cuts) + 1

    def places(self, values: Numbers) -> Indices:
        """The bin of each value, int (n,); -1 for missing and for a category without a bin."""
        known = ~np.isnan(values)
        if self.is_category:
            code = np.where(known, values, len(self.codes)).astype(np.intp)
            return np.append(self.codes, -1)[np.minimum(code, len(self.codes))]
        return np.where(known, np.searchsorted(self.cuts, values, side="right"), -1)

    def bounds(self, place: int) -> tuple[float | None, float | None]:
        """From (included) and to (not included) of a bin of numbers; None where it is open."""
        edges = [None, *self.cuts.tolist(), None]
        return edges[place], edges[place + 1]


def make_axis(schema: FeatureSchema, feature: str, values: Numbers) -> Axis:
    """At most MOST_BINS bins of numbers, or one a category; each of FEWEST_ROWS rows or more.

    values : float64 (n,), one column of the reference data
    Cuts are round numbers, not values of somebody.
    """
    known = values[~np.isnan(values)]
    if FEATURES[feature].is_category:
        return _category_axis(feature, schema.vocabularies[feature], known)
    cuts = _round_cuts(known, whole=FEATURES[feature].type in ("integer", "flag"))
    return Axis(feature, _filled(cuts, known), (), np.empty(0, np.intp))


def _category_axis(feature: str, words: tuple[str, ...], known: Numbers) -> Axis:
    counts = np.bincount(known.astype(np.intp), minlength=len(words))
    kept = np.flatnonzero(counts >= FEWEST_ROWS)
    codes = np.full(len(words), -1, np.intp)
    codes[kept] = np.arange(len(kept))
    return Axis(feature, np.empty(0), tuple(words[code] for code in kept), codes)


def _round_cuts(known: Numbers, *, whole: bool) -> Numbers:
    if len(known) == 0:
        return np.empty(0)
    low, high = np.quantile(known, _INNER).tolist()
    if whole and known.max() - known.min() <= MOST_BINS:  # rare values of a flag are wanted, too
        low, high = float(known.min()), float(known.max())
    if high <= low:
        return np.empty(0)
    step = _round_step((high - low) / MOST_BINS)
    step = max(step, 1.0) if whole else step
    first, last = math.floor(low / step) + 1, math.floor(high / step)
    return np.round(np.arange(first, last + 1) * step, 12)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10 ... times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))


def _filled(cuts: Numbers, known: Numbers) -> Numbers:
    """Without the cuts that would leave too few rows on one side."""
    counts = np.bincount(np.searchsorted(cuts, known, side="right"), minlength=len(cuts) + 1)
    kept: list[float] = []
    rows = 0
    for cut, count in zip(cuts.tolist(), counts[:-1].tolist(), strict=True):
        rows += count
        if rows >= FEWEST_ROWS:
            kept.append(cut)
            rows = 0
    if kept and rows + counts[-1] < FEWEST_ROWS:
        kept.pop()
    return np.array(kept)
