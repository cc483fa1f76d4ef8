"""Exact SHAP values for many rows, from tables.

What one leaf contributes (see `leaf_shap`) depends only on which sides the row takes at the leaf's
path, so a few bits. Neighbouring leaves share most of their path: they are grouped while their
splits fit in `GROUP_BITS`, and for every pattern of a group's bits the summed contributions of its
leaves are tabulated once. A row is then some comparisons, a pattern, and a few additions a group,
all vectorised over rows. One more table row holds the value of the leaf that is reached, if it is
in the group, so that margins come with the same bits as a walk through the trees.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from credit_scoring.leaf_shap import LeafPaths, gauss_legendre

if TYPE_CHECKING:
    from credit_scoring.forest import Forest

Numbers = NDArray[np.float64]

GROUP_BITS = 9
# Leaves on longer paths are explained one by one: a table for 2^13 patterns would not pay.
LONGEST_PATH = 12
# Rows that are worked on together: enough to hide numpy's cost per call, few enough for the cache.
CHUNK = 8192


@dataclass(frozen=True)
class Group:
    """Neighbouring leaves of one tree, at most M distinct splits above them.

    bits : node numbers (M,); bit k of a pattern is set when the row goes left at bits[k]
    leaves : leaf numbers
    features : the distinct features of these splits (U,)
    table : float64 (U + 1, 2^M), contributions by feature, then the value of the leaf reached
    """

    bits: list[int]
    leaves: list[int]
    features: list[int]
    table: Numbers


@dataclass(frozen=True)
class ContributionTables:
    forest: "Forest"
    groups: list[Group]
    long_paths: NDArray[np.intp]

    @classmethod
    def of(cls, forest: "Forest") -> "ContributionTables":
        paths = forest.paths
        lengths = (paths.node >= 0).sum(axis=1)
        groups = list(_group_leaves(forest, lengths))
        _fill(forest, groups)
        return cls(forest, groups, np.flatnonzero(lengths > LONGEST_PATH))

    def explain(self, matrix: Numbers) -> tuple[Numbers, Numbers]:
        """Margins (n,) and contributions (n, F) of a matrix (n, F)."""
        margins = np.empty(len(matrix))
        contributions = np.empty((self.forest.n_features, len(matrix)))

        def work(rows: slice) -> None:
            margins[rows], contributions[:, rows] = self._explain_chunk(matrix[rows])

        _by_chunks(work, len(matrix))
        return margins, contributions.T

    def margins(self, matrix: Numbers) -> Numbers:
        """Margins (n,) alone."""
        if len(self.long_paths):
            return self.forest.walk(matrix)
        margins = np.zeros(len(matrix))

        def work(rows: slice) -> None:
            columns = np.ascontiguousarray(matrix[rows].T)
            for group, pattern in self._patterns(columns):
                margins[rows] += group.table[-1].take(pattern)

        _by_chunks(work, len(matrix))
        return margins

    def _explain_chunk(self, matrix: Numbers) -> tuple[Numbers, Numbers]:
        columns = np.ascontiguousarray(matrix.T)  # (F, n)
        margins = np.zeros(len(matrix))
        contributions = np.zeros(columns.shape)
        for group, pattern in self._patterns(columns):
            for place, feature in enumerate(group.features):
                contributions[feature] += group.table[place].take(pattern)
            margins += group.table[-1].take(pattern)
        if len(self.long_paths):
            self._add_long_paths(matrix, margins, contributions)
        return margins, contributions

    def _patterns(self, columns: Numbers) -> Iterator[tuple[Group, NDArray[np.uint16]]]:
        """For each group, which of its splits the rows (F, n) pass on the left, as bits (n,)."""
        missing = np.isnan(columns)
        sides: dict[int, NDArray[np.uint16]] = {}
        for group in self.groups:
            # A node belongs to one tree, and groups come tree after tree: keep no older sides.
            sides = {node: sides[node] for node in group.bits if node in sides}
            pattern = np.zeros(columns.shape[1], np.uint16)
            for bit, node in enumerate(group.bits):
                if node not in sides:
                    sides[node] = self._goes_left(node, columns, missing).astype(np.uint16)
                pattern |= sides[node] << np.uint16(bit)
            yield group, pattern

    def _goes_left(
        self, node: int, columns: Numbers, missing: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        forest, feature = self.forest, self.forest.feature[node]
        values = columns[feature]
        if forest.categorical[node]:
            return forest.category_goes_left(node, values)
        left: NDArray[np.bool_] = values <= forest.threshold[node]
        if forest.zero_is_missing[node]:
            left = np.where(forest.is_zero(values), forest.nan_left[node], left)
        if forest.nan_left[node]:
            left |= missing[feature]
        return left

    def _add_long_paths(self, matrix: Numbers, margins: Numbers, contributions: Numbers) -> None:
        paths = self.forest.paths.take(self.long_paths)
        value = self.forest.leaf_value[self.long_paths]
        contributions += paths.explain(self.forest.goes_left(matrix), value)[1].T
        # Order of addition matters to the last bit: take the walk's sum, not this one's.
        margins[:] = self.forest.walk(matrix)


def _by_chunks(work: Callable[[slice], None], n_rows: int) -> None:
    """Side by side: numpy lets other threads run while it computes."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda start: work(slice(start, start + CHUNK)), range(0, n_rows, CHUNK)):
            pass


def _group_leaves(forest: "Forest", lengths: NDArray[np.intp]) -> "list[Group]":
    """Cut each tree's row of leaves where the next leaf would need too many bits."""
    paths, groups = forest.paths, []
    tree = np.searchsorted(forest.first_leaf, np.arange(len(paths)), side="right").tolist()
    bits: dict[int, None] = {}
    leaves: list[int] = []
    for leaf, (nodes, length) in enumerate(zip(paths.node.tolist(), lengths, strict=True)):
        if length > LONGEST_PATH:
            continue
        wanted = bits | dict.fromkeys(node for node in nodes if node >= 0)
        if leaves and (tree[leaf] != tree[leaves[-1]] or len(wanted) > GROUP_BITS):
            groups.append(_empty_group(forest, bits, leaves))
            wanted, leaves = dict.fromkeys(node for node in nodes if node >= 0), []
        bits = wanted
        leaves.append(leaf)
    if leaves:
        groups.append(_empty_group(forest, bits, leaves))
    return groups


def _empty_group(forest: "Forest", bits: dict[int, None], leaves: list[int]) -> Group:
    nodes = list(bits)
    features = sorted(set(forest.feature[nodes].tolist()))
    return Group(nodes, leaves, features, np.zeros((len(features) + 1, 1 << len(nodes))))


def _fill(forest: "Forest", groups: list[Group]) -> None:
    tables = _pattern_tables(forest)
    for group in groups:
        patterns = np.arange(1 << len(group.bits))
        place_of = {node: bit for bit, node in enumerate(group.bits)}
        column_of = {feature: column for column, feature in enumerate(group.features)}
        for leaf in group.leaves:
            own, every = _own_pattern(forest.paths, leaf, place_of, patterns)
            shares = tables[leaf]
            for slot in range(len(shares)):
                feature = int(forest.paths.slot_feature[leaf, slot])
                group.table[column_of[feature]] += shares[slot].take(own)
            group.table[-1] += np.where(own == every, forest.leaf_value[leaf], 0.0)


def _own_pattern(
    paths: LeafPaths, leaf: int, place_of: dict[int, int], patterns: NDArray[np.intp]
) -> tuple[NDArray[np.intp], int]:
    """For each of a group's patterns, which of a leaf's features are satisfied, as bits."""
    masks: dict[int, list[int]] = {}  # slot -> the bits it reads, the bits it wants set
    for node, left, slot in zip(
        paths.node[leaf].tolist(), paths.left[leaf].tolist(), paths.slot[leaf].tolist(), strict=True
    ):
        if node >= 0:
            mask = masks.setdefault(slot, [0, 0])
            mask[0] |= 1 << place_of[node]
            mask[1] |= left << place_of[node]
    own = np.zeros(len(patterns), np.intp)
    for slot, (reads, wants) in masks.items():
        own |= ((patterns & reads) == wants).astype(np.intp) << slot
    return own, (1 << len(masks)) - 1


def _pattern_tables(forest: "Forest") -> dict[int, Numbers]:
    """For every leaf on a short path, its contributions (d, 2^d) by the features it satisfies."""
    paths = forest.paths
    tables: dict[int, Numbers] = {}
    short = (paths.node >= 0).sum(axis=1) <= LONGEST_PATH
    n_slots = (paths.slot_feature < paths.n_features).sum(axis=1)
    for d in np.unique(n_slots[short]).tolist():
        leaves = np.flatnonzero(short & (n_slots == d))
        shares = _shares(paths.slot_ratio[leaves, :d], forest.leaf_value[leaves])
        tables.update(zip(leaves.tolist(), shares, strict=True))
    return tables


def _shares(ratio: Numbers, value: Numbers) -> Numbers:
    """float64 (L, d, 2^d) of L leaves with d slots each; bit k: slot k is satisfied."""
    n_leaves, d = ratio.shape
    shares = np.zeros((n_leaves, d, 1 << d))
    if d == 0:
        return shares
    points, weights = gauss_legendre(d)
    off = (1 - points) * ratio[:, :, None]  # (L, d, q)
    on = off + points
    for slot in range(d):
        product = np.ones((n_leaves, 1, len(points)))  # over the other slots, by their bits
        for other in range(d):
            if other == slot:
                continue
            product = np.concatenate(
                [product * off[:, None, other], product * on[:, None, other]], axis=1
            )
        integral = (product @ weights) * value[:, None]  # (L, 2^(d-1))
        higher, lower = 1 << (d - 1 - slot), 1 << slot
        by_bit = shares[:, slot].reshape(n_leaves, higher, 2, lower)
        others = integral.reshape(n_leaves, higher, lower)
        by_bit[:, :, 0] = -ratio[:, slot, None, None] * others
        by_bit[:, :, 1] = (1 - ratio[:, slot, None, None]) * others
    return shares
