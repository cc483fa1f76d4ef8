"""Which runs of neighbouring leaves make a group: those that together cost least.

The costs are integers and depend on the trees alone, so that every machine makes the same groups.
"""

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Flags, Integers, changes
from credit_scoring.native.tables import open_groups
from credit_scoring.trees.forest import Forest

# In the table of a group of several leaves.
MOST_ROWS = 512
# Splits of a group: the bits of a mask.
MOST_BITS = 16
# What a group costs when rows are explained: columns are added, tables fetched, bits compared.
COST_OF_A_COLUMN, COST_OF_A_NUMBER, COST_OF_A_BIT = 10_000, 80, 3_000


def first_of_groups(
    forest: Forest, leaf: NDArray[np.intp], node: Integers, compared: NDArray[np.int64]
) -> Flags:
    """bool (K,): where a group begins."""
    tree = np.searchsorted(forest.first_leaf, leaf, side="right")
    length = (node >= 0).sum(axis=1)
    # What a leaf shares with the leaf before it comes first on its path.
    known = ((node >= 0) & (node == np.roll(node, 1, axis=0))).sum(axis=1)
    described = {
        "leaves": len(leaf), "deep": node.shape[1], "most_rows": MOST_ROWS,
        "length": length, "known": known, "opens": changes(tree),
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
