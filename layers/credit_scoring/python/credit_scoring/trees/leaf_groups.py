"""Neighbouring leaves in groups whose paths share their splits.

Leaves stand from left to right, so a split is above a run of leaves: the splits that one leaf adds
to those of the leaf before it are splits that none before has met.

A group's table has a row for every pattern of sides that can occur: of k splits that compare one
column of ranks, the left ones are those of the highest ranks, so there are k + 1 patterns, not 2^k.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Flags, Integers
from credit_scoring.native.tables import open_groups
from credit_scoring.trees.forest import Forest
from credit_scoring.trees.paths import ForestPaths
from credit_scoring.trees.threshold_ranks import Ranks

Patterns = NDArray[np.uint16]

# In the table of a group of several leaves.
MOST_ROWS = 512
# Splits of a group: the bits of a mask.
MOST_BITS = 16
# What a group costs when rows are explained: columns are added, tables fetched, bits compared.
COST_OF_A_COLUMN, COST_OF_A_NUMBER, COST_OF_A_BIT = 10_000, 20, 3_000
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
        opens = _first_of_groups(forest, leaf, node, compared)
        group, n_groups = np.cumsum(opens) - 1, int(opens.sum())
        fresh = (node >= 0) & (opens[:, None] | (node != np.roll(node, 1, axis=0)))
        bit_start = _starts(group[np.nonzero(fresh)[0]], n_groups)
        feature, feature_start, slot_column = _columns(
            group, slots.feature[leaf], forest.n_features, n_groups
        )
        rows, step, sides, higher, weight = _radix(compared[node[fresh]], bit_start)
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

    def patterns(self, span: slice) -> Patterns:
        """uint16 (g, R): the pattern of each table row of some neighbouring groups."""
        row = np.arange(self.rows[span].max(initial=1))
        found = np.zeros((span.stop - span.start, len(row)), np.uint16)
        for group, mine in enumerate(found, start=span.start):
            for bit, place in enumerate(range(*self.bit_start[group : group + 2].tolist())):
                side = row // self.step[place] % self.sides[place]
                mine |= (side > self.above[place]).astype(np.uint16) << np.uint16(bit)
        return found


def _first_of_groups(
    forest: Forest, leaf: NDArray[np.intp], node: Integers, compared: NDArray[np.int64]
) -> Flags:
    """bool (K,): where a group begins."""
    tree = np.searchsorted(forest.first_leaf, leaf, side="right")
    length = (node >= 0).sum(axis=1)
    # What a leaf shares with the leaf before it comes first on its path.
    known = ((node >= 0) & (node == np.roll(node, 1, axis=0))).sum(axis=1)
    described = {
        "leaves": len(leaf), "deep": node.shape[1], "most_rows": MOST_ROWS,
        "length": length, "known": known, "opens": _changes(tree),
        # A tree that is one leaf may be all there is.
        "split": np.append(compared, 0)[node], "feature": np.append(forest.feature, 0)[node],
    }  # fmt: skip
    opens = open_groups(described)
    return _cheapest_runs(**described) if opens is None else opens


def _cheapest_runs(
    leaves: int,
    deep: int,  # noqa: ARG001
    most_rows: int,
    length: NDArray[np.intp],
    known: NDArray[np.intp],
    opens: Flags,
    split: NDArray[np.int64],
    feature: Integers,
) -> Flags:
    """bool (K,): where the groups begin that together cost least, by all costs so far.

    length, known : (K,), of a leaf's path, and of what it shares with the leaf before
    opens : bool (K,), where a tree begins
    split, feature : (K, D), what the splits on a path compare, column << 16 | rank, and read
    """
    splits, features, lengths = split.tolist(), feature.tolist(), length.tolist()
    cost, begins = [0, *[1 << 62] * leaves], [0] * (leaves + 1)
    ends = [*np.flatnonzero(opens)[1:].tolist(), leaves]
    tree = 0
    for first in range(leaves):
        tree += first == ends[tree]
        run = _Run()
        for leaf in range(first, ends[tree]):
            added = slice(0 if leaf == first else int(known[leaf]), lengths[leaf])
            run.add(splits[leaf][added], features[leaf][added])
            if leaf > first and not run.fits(most_rows):
                break
            if (so_far := cost[first] + run.cost) < cost[leaf + 1]:
                cost[leaf + 1], begins[leaf + 1] = so_far, first
    found, end = np.zeros(leaves, np.bool_), leaves
    while end:
        end = begins[end]
        found[end] = True
    return found


class _Run:
    """Counts the table rows of a group that grows leaf by leaf."""

    def __init__(self) -> None:
        self.bits, self.rows = 0, 1
        self.splits: set[int] = set()
        self.features: set[int] = set()
        self.sides: dict[int, int] = {}  # of a column of ranks

    def add(self, splits: list[int], features: list[int]) -> None:
        self.bits += len(splits)
        self.features.update(features)
        for split in splits:
            if split not in self.splits:
                self.splits.add(split)
                sides = self.sides.get(split >> 16, 1)
                self.sides[split >> 16] = sides + 1
                self.rows = self.rows // sides * (sides + 1)

    def fits(self, most_rows: int) -> bool:
        return self.bits <= MOST_BITS and self.rows <= most_rows

    @property
    def cost(self) -> int:
        """What a row spends on the group: its numbers are added, and keep others from the cache."""
        width = (len(self.features) + 2) // 2 * 2
        per_column = COST_OF_A_COLUMN + COST_OF_A_NUMBER * self.rows
        return width * per_column + COST_OF_A_BIT * self.bits


def _radix(
    compared: NDArray[np.int64], bit_start: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Patterns, Patterns, Patterns, Patterns]:
    """rows (G,), step, sides, above and weight (M,), as in LeafGroups, of splits (M,).

    A group's rows are numbered by how many splits of each column are on the left; a column's
    digit counts in steps of the product of the sides of the columns before it.
    """
    n_groups = len(bit_start) - 1
    group = np.repeat(np.arange(n_groups), np.diff(bit_start))
    order = np.lexsort((-compared, group))  # by column, from the highest rank down
    split, group = compared[order], group[order]
    column = split >> 16
    fresh = _changes(group) | _changes(split)
    opens = _changes(group) | _changes(column)
    digit = np.cumsum(opens) - 1  # one a group and column
    begins = np.flatnonzero(opens)
    count = np.cumsum(fresh) - 1
    sides = np.bincount(digit, weights=fresh, minlength=len(begins)).astype(np.intp) + 1
    step, rows = _steps(sides, group[begins], n_groups)
    found = np.empty((4, len(order)), np.uint16)
    found[:, order] = step[digit], sides[digit], count - count[begins][digit], step[digit] * fresh
    return (rows, *found)


def _steps(
    sides: NDArray[np.intp], group: NDArray[np.intp], n_groups: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The product of the sides before each within its group, and that of all, (G,)."""
    step, rows = np.ones(len(sides), np.intp), np.ones(n_groups, np.intp)
    begins = np.searchsorted(group, np.arange(n_groups))
    place = np.arange(len(sides)) - begins[group]
    for nth in range(int(place.max(initial=-1)) + 1):
        some = place == nth
        step[some] = rows[group[some]]
        rows[group[some]] *= sides[some]
    return step, rows


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """bool: where a value differs from the one before it."""
    return np.append(True, values[1:] != values[:-1])[: len(values)]


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
    distinct = distinct[_changes(distinct)]
    start = np.searchsorted(distinct, np.arange(n_groups + 1) * (n_features + 1))
    place = np.searchsorted(distinct, keys) - start[group][:, None]
    feature = (distinct % (n_features + 1)).astype(np.int32)
    return feature, start, np.where(there, place, -1).astype(np.int32)


def _starts(group: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Where the entries of each group begin, given the ascending groups of all entries."""
    return np.searchsorted(group, np.arange(n_groups + 1))
