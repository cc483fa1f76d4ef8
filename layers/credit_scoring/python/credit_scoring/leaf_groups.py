"""Neighbouring leaves in groups whose paths share their splits.

Leaves stand from left to right, so a split is above a run of leaves: the splits that one leaf adds
to those of the leaf before it are splits that none before has met.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from credit_scoring.forest import Forest

Integers = NDArray[np.int32]

GROUP_BITS = 9
# Leaves on longer paths are in no group: a table for 2^11 patterns would not pay.
LONGEST_PATH = 10


@dataclass(frozen=True)
class LeafGroups:
    """G groups of K leaves in all, with M splits and U features above them, group after group.

    leaf : (K,), leaf numbers; group : (K,), ascending
    leaf_start : (G + 1,), where each group's leaves begin
    node : int32 (M,), the splits of the groups; bit_start : (G + 1,), where each group's begin:
        bit k of a group's pattern is set when the row goes left at node[bit_start + k]
    path_bit : int32 (K, D), the bit of each condition on a leaf's path, -1 for none
    feature : int32 (U,), the distinct features of the groups; feature_start : (G + 1,)
    slot_column : int32 (K, S), which of its group's features a leaf's slot is about, -1 for none
    """

    leaf: NDArray[np.intp]
    group: NDArray[np.intp]
    leaf_start: NDArray[np.intp]
    node: Integers
    bit_start: NDArray[np.intp]
    path_bit: Integers
    feature: Integers
    feature_start: NDArray[np.intp]
    slot_column: Integers

    @classmethod
    def of(cls, forest: "Forest") -> "LeafGroups":
        paths = forest.paths
        leaf = np.flatnonzero(paths.lengths <= LONGEST_PATH)
        node = paths.node[leaf, :LONGEST_PATH]
        opens = _first_of_groups(forest, leaf, node)
        group, n_groups = np.cumsum(opens) - 1, int(opens.sum())
        fresh = (node >= 0) & (opens[:, None] | (node != np.roll(node, 1, axis=0)))
        bit_start = _starts(group[np.nonzero(fresh)[0]], n_groups)
        feature, feature_start, slot_column = _columns(
            group, paths.slot_feature[leaf], forest.n_features, n_groups
        )
        return cls(
            leaf=leaf,
            group=group,
            leaf_start=_starts(group, n_groups),
            node=node[fresh],
            bit_start=bit_start,
            path_bit=_path_bits(node, fresh, bit_start[group]),
            feature=feature,
            feature_start=feature_start,
            slot_column=slot_column,
        )

    def __len__(self) -> int:
        return len(self.leaf_start) - 1


def _first_of_groups(forest: "Forest", leaf: NDArray[np.intp], node: Integers) -> NDArray[np.bool_]:
    """bool (K,): where a leaf is of another tree, or would need more than GROUP_BITS splits."""
    tree = np.searchsorted(forest.first_leaf, leaf, side="right")
    lengths = (node >= 0).sum(axis=1).tolist()
    added = ((node >= 0) & (node != np.roll(node, 1, axis=0))).sum(axis=1).tolist()
    opens = np.append(True, tree[1:] != tree[:-1])[: len(leaf)]
    bits = 0
    for place, other_tree in enumerate(opens.tolist()):
        bits += added[place]
        if other_tree or bits > GROUP_BITS:
            opens[place], bits = True, lengths[place]
    return opens


def _path_bits(node: Integers, fresh: NDArray[np.bool_], group_start: NDArray[np.intp]) -> Integers:
    """A split keeps the bit it was given at the first leaf below it."""
    numbered = np.cumsum(fresh.ravel()).reshape(fresh.shape) - 1
    given = np.maximum.accumulate(np.where(fresh, numbered, -1), axis=0)
    return np.where(node >= 0, given - group_start[:, None], -1).astype(np.int32)


def _columns(
    group: NDArray[np.intp], slot_feature: Integers, n_features: int, n_groups: int
) -> tuple[Integers, NDArray[np.intp], Integers]:
    """Distinct features by group, where each group's begin, and each slot's place among them."""
    keys = group[:, None] * (n_features + 1) + slot_feature
    there = slot_feature < n_features
    distinct = np.unique(keys[there])
    start = np.searchsorted(distinct, np.arange(n_groups + 1) * (n_features + 1))
    place = np.searchsorted(distinct, keys) - start[group][:, None]
    feature = (distinct % (n_features + 1)).astype(np.int32)
    return feature, start, np.where(there, place, -1).astype(np.int32)


def _starts(group: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Where the entries of each group begin, given the ascending groups of all entries."""
    return np.searchsorted(group, np.arange(n_groups + 1))
