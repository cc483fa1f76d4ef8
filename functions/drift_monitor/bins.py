"""Cut every feature into the bins of the reference dataset.

A forest of trees sees only the order of values, so deciles of the reference keep what it can see
and leave out what it cannot (how far an outlier lies). A missing value is a bin of its own: a
column that stops arriving is the commonest drift there is, and tests that drop missing values are
blind to it. Since every value falls into some bin, an empty, constant or infinite column needs no
special case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DECILES = np.arange(1, 10) / 10
MISSING, OTHER = 0, 1  # the codes before those of the bins proper
MISSING_LABEL = "(missing)"

type Values = NDArray[np.floating]
type Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class BinnedFeature:
    """One feature on both sides, as positions in `labels`; bins empty on both sides are left out.

    reference, current : intp (n,), (m,)
    """

    labels: tuple[str, ...]
    reference: Codes
    current: Codes

    @property
    def counts(self) -> tuple[Codes, Codes]:
        """Rows in each bin, on either side: intp (len(labels),)."""
        bins = len(self.labels)
        before = np.bincount(self.reference, minlength=bins)
        return before, np.bincount(self.current, minlength=bins)

    @property
    def missing_shares(self) -> tuple[float, float]:
        if MISSING_LABEL not in self.labels:
            return 0.0, 0.0
        place = self.labels.index(MISSING_LABEL)
        return float(np.mean(self.reference == place)), float(np.mean(self.current == place))


def bin_feature(
    reference: Values, current: Values, vocabulary: Sequence[str] | None = None
) -> BinnedFeature:
    """Bin one feature, on both sides by the reference.

    reference, current : (n,), (m,), NaN where missing
    vocabulary : of a categorical feature, its categories in code order; None for a number
    """
    if vocabulary is None:
        edges = decile_edges(reference)
        labels = (MISSING_LABEL, "(infinite)", *_number_labels(edges))
        before, now = number_codes(reference, edges), number_codes(current, edges)
    else:
        labels = (MISSING_LABEL, "(unseen)", *vocabulary)
        before = category_codes(reference, len(vocabulary))
        now = category_codes(current, len(vocabulary))
    return _without_empty_bins(labels, before, now)


def decile_edges(reference: Values) -> Values:
    """Upper edges, each part of its bin, of the reference's deciles; the last bin has none.

    A value that fills more than one decile (the zero of a count, both values of a flag) is a bin
    of its own, else what moves beside it would hide in its bin.
    """
    finite = reference[np.isfinite(reference)]
    if not finite.size:
        return finite
    edges, repeats = np.unique(
        np.quantile(finite, DECILES, method="inverted_cdf"), return_counts=True
    )
    below = np.nextafter(edges[repeats > 1], -np.inf, dtype=edges.dtype)
    return np.union1d(edges, below)


def number_codes(values: Values, edges: Values) -> Codes:
    """Code 0 is missing, 1 infinite, 2 the first bin: intp (n,)."""
    codes = np.searchsorted(edges, values) + 2
    codes[np.isinf(values)] = OTHER
    codes[np.isnan(values)] = MISSING
    return codes


def category_codes(values: Values, size: int) -> Codes:
    """Code 0 is missing, 1 unknown to the vocabulary, 2 its first word: intp (n,)."""
    known = (values >= 0) & (values < size)
    codes = np.where(known, values, OTHER - 2).astype(np.intp) + 2
    codes[np.isnan(values) | (values == -1)] = MISSING
    return codes


def _number_labels(edges: Values) -> list[str]:
    """Numbered, so that any sorting by text keeps the order of the values."""
    if not edges.size:
        return ["any value"]
    single = np.isin(np.nextafter(edges, np.inf, dtype=edges.dtype), edges)
    ranges = [_range_label(edges, single, place) for place in range(len(edges) + 1)]
    return [f"{place:02d}: {label}" for place, label in enumerate(ranges, start=1)]


def _range_label(edges: Values, single: NDArray[np.bool_], place: int) -> str:
    """Name the bin above edge `place - 1`, up to and with edge `place`.

    single : for each edge, whether the bin after it holds one value only, (edges,)
    """
    if place and single[place - 1]:
        return _short(edges[place])
    lower = [f"above {_short(edges[place - 1])}"] if place else []
    if place == len(edges):
        return lower[0]
    upper = (
        f"below {_short(edges[place + 1])}" if single[place] else f"up to {_short(edges[place])}"
    )
    return ", ".join([*lower, upper])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _without_empty_bins(labels: tuple[str, ...], reference: Codes, current: Codes) -> BinnedFeature:
    used = np.zeros(len(labels), bool)
    used[reference] = used[current] = True
    place = np.cumsum(used) - 1
    kept = tuple(label for label, use in zip(labels, used, strict=True) if use)
    return BinnedFeature(kept, place[reference], place[current])
