"""Neighbouring leaves in groups whose paths share their splits.

Leaves stand from left to right, so a split is above a run of leaves: the splits that one leaf adds
to those of the leaf before it are splits that none before has met.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Flags, Integers, changes
from credit_scoring.trees.leaf_runs import first_of_groups
from credit_scoring.trees.paths import ForestPaths
from credit_scoring.trees.table_rows import Patterns, number_rows
from credit_scoring.trees.threshold_ranks import Ranks

# Leaves on longer paths are in no group: a table of 2^11 rows would not pay.
LONGEST_PATH = 10


@dataclass(frozen=True)
class LeafGroups:
    """G groups of K leaves in all, with M splits and U features above them, group after group.

    leaf : (K,), leaf numbers; group : (K,), ascending
    leaf_start : (G + 1,), where each group's leaves begin
    node : int32 (M,), the splits of the groups; bit_start : (G + 1,), where each group's begin:
        bit k of a group's pattern is set when the row goes left at node[bit_start + k]
    rows : (G,), of the groups' tables
    step, sides, above : uint16 (M,), which table rows are left of a split: those r with
        r // step % sides > above
    weight : uint16 (M,), how much further down in the table the left of a split is; 0 of a split
        that compares what another one of the group does
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
    rows: NDArray[np.intp]
    step: Patterns
    sides: Patterns
    above: Patterns
    weight: Patterns
    feature: Integers
    feature_start: NDArray[np.intp]
    slot_column: Integers
    slot_reads: Patterns
    slot_wants: Patterns

    @classmethod
    def of(cls, above: ForestPaths, ranks: Ranks) -> "LeafGroups":
        forest, paths, slots = above.forest, above.conditions, above.features
        leaf = np.flatnonzero(paths.lengths <= LONGEST_PATH)
        node = paths.node[leaf, :LONGEST_PATH]
        compared = ranks.node_column.astype(np.int64) << 16 | ranks.node_rank  # by node
        opens = first_of_groups(forest, leaf, node, compared)
        group, n_groups = np.cumsum(opens) - 1, int(opens.sum())
        fresh = (node >= 0) & (opens[:, None] | (node != np.roll(node, 1, axis=0)))
        bit_start = _starts(group[np.nonzero(fresh)[0]], n_groups)
        feature, feature_start, slot_column = _columns(
            group, slots.feature[leaf], forest.n_features, n_groups
        )
        rows, step, sides, higher, weight = number_rows(compared[node[fresh]], bit_start)
        path_bit = _path_bits(node, fresh, bit_start[group])
        reads, wants = _slot_masks(path_bit, paths.slot[leaf], paths.left[leaf], slot_column.shape)
        return cls(
            leaf=leaf,
            group=group,
            leaf_start=_starts(group, n_groups),
            node=node[fresh],
            bit_start=bit_start,
            rows=rows,
            step=step,
            sides=sides,
            above=higher,
            weight=weight,
            feature=feature,
            feature_start=feature_start,
            slot_column=slot_column,
            slot_reads=reads,
            slot_wants=wants,
        )

    def __len__(self) -> int:
        return len(self.leaf_start) - 1

    @property
    def width(self) -> NDArray[np.intp]:
        """(G,): columns of the groups' tables, even: their features, a leaf's value, perhaps 0."""
        return (np.diff(self.feature_start) + 2) // 2 * 2

    def within(self, numbers: int) -> "LeafGroups":
        """The groups whose tables hold at most so many numbers together.

        Those that take most of them for a leaf go first.
        """
        sizes = self.rows * self.width
        if sizes.sum() <= numbers:
            return self
        order = np.argsort(sizes / np.diff(self.leaf_start), kind="stable")
        kept = np.zeros(len(self), np.bool_)
        kept[order[np.cumsum(sizes[order]) <= numbers]] = True
        return self._some(kept)

    def _some(self, kept: Flags) -> "LeafGroups":
        """The groups kept, bool (G,)."""
        parts = {"leaf": self.leaf_start, "bit": self.bit_start, "feature": self.feature_start}
        chosen = {name: np.repeat(kept, np.diff(start)) for name, start in parts.items()}
        starts = {
            f"{name}_start": np.append(0, np.cumsum(np.diff(start)[kept]))
            for name, start in parts.items()
        }
        of_leaf = ("leaf", "slot_column", "slot_reads", "slot_wants")
        of_bit = ("node", "step", "sides", "above", "weight")
        arrays = {name: getattr(self, name)[chosen["leaf"]] for name in of_leaf}
        arrays |= {name: getattr(self, name)[chosen["bit"]] for name in of_bit}
        return LeafGroups(
            **arrays,
            **starts,
            group=(np.cumsum(kept) - 1)[self.group[chosen["leaf"]]],
            rows=self.rows[kept],
            feature=self.feature[chosen["feature"]],
        )

    def patterns(self, span: slice) -> Patterns:
        """uint16 (g, R): the pattern of each table row of some neighbouring groups."""
        row = np.arange(self.rows[span].max(initial=1))
        found = np.zeros((span.stop - span.start, len(row)), np.uint16)
        for group, mine in enumerate(found, start=span.start):
            for bit, place in enumerate(range(*self.bit_start[group : group + 2].tolist())):
                side = row // self.step[place] % self.sides[place]
                mine |= (side > self.above[place]).astype(np.uint16) << np.uint16(bit)
        return found


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
    distinct = np.sort(keys[there])  # np.unique would hash them, which takes four times as long
    distinct = distinct[changes(distinct)]
    start = np.searchsorted(distinct, np.arange(n_groups + 1) * (n_features + 1))
    place = np.searchsorted(distinct, keys) - start[group][:, None]
    feature = (distinct % (n_features + 1)).astype(np.int32)
    return feature, start, np.where(there, place, -1).astype(np.int32)


def _starts(group: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Where the entries of each group begin, given the ascending groups of all entries."""
    return np.searchsorted(group, np.arange(n_groups + 1))
