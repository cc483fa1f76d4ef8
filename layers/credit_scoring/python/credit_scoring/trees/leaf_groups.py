"""Neighbouring leaves in groups whose paths share their splits.

Leaves stand from left to right, so a split is above a run of leaves: the splits that one leaf adds
to those of the leaf before it are splits that none before has met.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Integers
from credit_scoring.trees.forest import Forest
from credit_scoring.trees.paths import ForestPaths

Patterns = NDArray[np.uint16]

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
    feature : int32 (U,), the distinct features of the groups; feature_start : (G + 1,)
    slot_column : int32 (K, S), which of its group's features a leaf's slot is about, -1 for none
    slot_reads, slot_wants : uint16 (K, S), a slot is satisfied by patterns that have, of the bits
        it reads, those set that it wants
    """

    leaf: NDArray[np.intp]
    group: NDArray[np.intp]
    leaf_start: NDArray[np.intp]
    node: Integers
    bit_start: NDArray[np.intp]
    feature: Integers
    feature_start: NDArray[np.intp]
    slot_column: Integers
    slot_reads: Patterns
    slot_wants: Patterns

    @classmethod
    def of(cls, above: ForestPaths) -> "LeafGroups":
        forest, paths, slots = above.forest, above.conditions, above.features
        leaf = np.flatnonzero(paths.lengths <= LONGEST_PATH)
        node = paths.node[leaf, :LONGEST_PATH]
        opens = _first_of_groups(forest, leaf, node)
        group, n_groups = np.cumsum(opens) - 1, int(opens.sum())
        fresh = (node >= 0) & (opens[:, None] | (node != np.roll(node, 1, axis=0)))
        bit_start = _starts(group[np.nonzero(fresh)[0]], n_groups)
        feature, feature_start, slot_column = _columns(
            group, slots.feature[leaf], forest.n_features, n_groups
        )
        path_bit = _path_bits(node, fresh, bit_start[group])
        reads, wants = _slot_masks(path_bit, paths.slot[leaf], paths.left[leaf], slot_column.shape)
        return cls(
            leaf=leaf,
            group=group,
            leaf_start=_starts(group, n_groups),
            node=node[fresh],
            bit_start=bit_start,
            feature=feature,
            feature_start=feature_start,
            slot_column=slot_column,
            slot_reads=reads,
            slot_wants=wants,
        )

    def __len__(self) -> int:
        return len(self.leaf_start) - 1


def _first_of_groups(forest: Forest, leaf: NDArray[np.intp], node: Integers) -> NDArray[np.bool_]:
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


def _slot_masks(
    path_bit: Integers, slot: Integers, left: NDArray[np.bool_], shape: tuple[int, ...]
) -> tuple[Patterns, Patterns]:
    """The bits that each slot reads, and those it wants set (K, S)."""
    reads, wants = np.zeros((2, *shape), np.uint16)
    for place in range(path_bit.shape[1]):
        there = np.flatnonzero(path_bit[:, place] >= 0)
        mask = np.left_shift(1, path_bit[there, place]).astype(np.uint16)
        reads[there, slot[there, place]] |= mask
        wants[there, slot[there, place]] |= mask * left[there, place]
    return reads, wants


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
