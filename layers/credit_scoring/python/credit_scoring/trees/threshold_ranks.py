"""Values as ranks among the thresholds of their feature: what many rows are compared by.

`value <= threshold` asks how many of the feature's distinct thresholds lie below the value. So each
value is ranked once, and all splits on its feature then compare 16-bit numbers. Missing values go
to the side that a split says: they have the lowest rank in a column for splits that send them left,
and one above all others in a column for those that send them right. A set of categories is a column
of its own: rank 0 inside, 1 outside.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Flags, Integers, Numbers
from credit_scoring.trees.forest import ZERO, Forest

Codes = NDArray[np.uint16]

NEVER_LEFT = 65_535
# A feature with more distinct thresholds has several scales.
LONGEST_SCALE = 65_000


@dataclass(frozen=True)
class Ranks:
    """Q scales of thresholds, and V columns of ranks read by N nodes.

    thresholds : float64, those of scale q, ascending, at scale_start[q] : scale_start[q + 1]
    scale_start : int32 (Q + 1,)
    feature : int32 (V,), what a column reads
    scale : int32 (V,), ascending; of a set of categories -1, these columns come last
    nan_left, zero_is_missing : bool (V,)
    category_set : int32 (V,), row of the forest's `category_left`, -1 for none
    node_column : int32 (N,); node_rank : uint16 (N,), left when the column's rank <= node_rank
    """

    forest: Forest
    thresholds: Numbers
    scale_start: Integers
    feature: Integers
    scale: Integers
    nan_left: Flags
    zero_is_missing: Flags
    category_set: Integers
    node_column: Integers
    node_rank: Codes

    @classmethod
    def of(cls, forest: Forest, *, longest_scale: int = LONGEST_SCALE) -> "Ranks":
        numeric, others = np.flatnonzero(~forest.categorical), np.flatnonzero(forest.categorical)
        thresholds, scale_start, scale, rank = _scales(
            forest.feature[numeric], forest.threshold[numeric], longest_scale
        )
        kinds = forest.nan_left[numeric], forest.zero_is_missing[numeric]
        columns, column = _distinct(scale, forest.feature[numeric], *kinds)
        sets, own_set = _distinct(forest.feature[others], forest.threshold[others].astype(np.int32))
        node_column = np.empty(len(forest.feature), np.int32)
        node_column[numeric], node_column[others] = column, own_set + columns.shape[1]
        node_rank = np.zeros(len(forest.feature), np.uint16)
        node_rank[numeric] = rank
        no_scale, no_set = np.full(sets.shape[1], -1), np.full(columns.shape[1], -1)
        return cls(
            forest,
            thresholds=thresholds,
            scale_start=scale_start,
            feature=np.concatenate([columns[1], sets[0]]).astype(np.int32),
            scale=np.concatenate([columns[0], no_scale]).astype(np.int32),
            nan_left=np.concatenate([columns[2], no_scale]) > 0,
            zero_is_missing=np.concatenate([columns[3], no_scale]) > 0,
            category_set=np.concatenate([no_set, sets[1]]).astype(np.int32),
            node_column=node_column,
            node_rank=node_rank,
        )

    def encode(self, matrix: Numbers) -> Codes:
        """uint16 (V, n): the columns of ranks of rows (n, F)."""
        codes = np.empty((len(self.feature), len(matrix)), np.uint16)
        ranked = -1
        for column, (feature, scale) in enumerate(
            zip(self.feature.tolist(), self.scale.tolist(), strict=True)
        ):
            if scale < 0:
                codes[column] = ~self._in_set(column, matrix[:, feature])
                continue
            if scale != ranked:
                values, ranked = np.ascontiguousarray(matrix[:, feature]), scale
                ends = self.scale_start[scale : scale + 2]
                ranks = np.searchsorted(self.thresholds[slice(*ends)], values).astype(np.uint16)
                unknown = np.isnan(values)
            missing = unknown
            if self.zero_is_missing[column]:
                missing = unknown | (np.abs(values) <= ZERO)
            codes[column] = np.where(missing, 0 if self.nan_left[column] else NEVER_LEFT, ranks)
        return codes

    def _in_set(self, column: int, values: Numbers) -> Flags:
        rows = np.full(len(values), self.category_set[column])
        return self.forest.in_category_set(rows, values)


def _scales(
    feature: Integers, threshold: Numbers, longest: int
) -> tuple[Numbers, Integers, Integers, Codes]:
    """The scales (see Ranks), and for each split its scale and its threshold's rank in it."""
    order = np.lexsort((threshold, feature))
    feature, threshold = feature[order], threshold[order]
    other_feature = feature[1:] != feature[:-1]
    fresh = np.append(True, other_feature | (threshold[1:] != threshold[:-1]))[: len(order)]
    distinct = np.flatnonzero(fresh)  # (K,), of all pairs of feature and threshold
    opens = np.append(True, feature[distinct][1:] != feature[distinct][:-1])[: len(distinct)]
    begins = np.maximum.accumulate(np.where(opens, np.arange(len(distinct)), 0))
    rank = np.arange(len(distinct)) - begins
    opens |= rank % longest == 0
    starts = np.append(np.flatnonzero(opens), len(distinct)).astype(np.int32)
    pair = np.empty(len(order), np.intp)
    pair[order] = np.cumsum(fresh) - 1
    scale = (np.cumsum(opens) - 1).astype(np.int32)
    return threshold[distinct], starts, scale[pair], (rank % longest).astype(np.uint16)[pair]


def _distinct(*rows: NDArray[np.generic]) -> tuple[Integers, NDArray[np.intp]]:
    """Distinct columns of stacked rows, in ascending order, and which of them each column is."""
    stacked = np.stack(rows).astype(np.int32)
    order = np.lexsort(stacked[::-1])  # five times as fast as np.unique of columns
    ordered, place = stacked[:, order], np.empty(len(order), np.intp)
    fresh = np.append(True, (ordered[:, 1:] != ordered[:, :-1]).any(axis=0))[: len(order)]
    place[order] = np.cumsum(fresh) - 1
    return ordered[:, fresh], place
