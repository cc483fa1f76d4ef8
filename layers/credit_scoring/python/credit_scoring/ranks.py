"""Values as ranks among the thresholds of their feature: what many rows are compared by.

`value <= threshold` asks how many of the feature's distinct thresholds lie below the value. So each
value is ranked once, and all splits on its feature then compare 16-bit numbers. Missing values go
to the side that a split says: they have the lowest rank in a column for splits that send them left,
and one above all others in a column for those that send them right. A set of categories is a column
of its own: rank 0 inside, 1 outside.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from credit_scoring.forest import Forest

Numbers = NDArray[np.float64]
Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]
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

    forest: "Forest"
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
    def of(cls, forest: "Forest", *, longest_scale: int = LONGEST_SCALE) -> "Ranks":
        numeric, categorical = np.flatnonzero(~forest.categorical), np.flatnonzero(forest.categorical)
        feature, threshold = forest.feature[numeric], forest.threshold[numeric]
        pairs, pair = np.unique(
            np.rec.fromarrays([feature, threshold + 0.0]), return_inverse=True
        )
        _, begins, own = np.unique(pairs.f0, return_index=True, return_inverse=True)
        rank = np.arange(len(pairs)) - begins[own]
        opens = rank % longest_scale == 0
        scale = np.cumsum(opens) - 1
        columns, column = np.unique(
            np.stack([scale[pair], forest.nan_left[numeric], forest.zero_is_missing[numeric], feature]),
            axis=1,
            return_inverse=True,
        )
        sets = forest.threshold[categorical].astype(np.int32)
        others, other = np.unique(
            np.stack([forest.feature[categorical], sets]), axis=1, return_inverse=True
        )
        node_column = np.empty(len(forest.feature), np.int32)
        node_column[numeric], node_column[categorical] = column, other + columns.shape[1]
        node_rank = np.zeros(len(forest.feature), np.uint16)
        node_rank[numeric] = (rank % longest_scale)[pair]
        none = np.full(others.shape[1], -1)
        return cls(
            forest,
            thresholds=pairs.f1.copy(),
            scale_start=np.append(np.flatnonzero(opens), len(pairs)).astype(np.int32),
            feature=np.concatenate([columns[3], others[0]]).astype(np.int32),
            scale=np.concatenate([columns[0], none]).astype(np.int32),
            nan_left=np.concatenate([columns[1], none]) > 0,
            zero_is_missing=np.concatenate([columns[2], none]) > 0,
            category_set=np.concatenate([0 * columns[0] - 1, others[1]]).astype(np.int32),
            node_column=node_column,
            node_rank=node_rank,
        )
