"""Exact SHAP values for many rows, from tables.

What one leaf contributes (see `leaf_shap`) depends only on which sides the row takes at the leaf's
path, so a few bits. Neighbouring leaves share most of their path: they are grouped while their
splits leave few patterns of sides (`leaf_groups`), and for each pattern the summed contributions of
a group's leaves are tabulated once (`group_tables`). A row is then some comparisons of ranks, a
place in the table, and a few additions a group. One more table entry holds the value of the leaf
that is reached, so that margins come with the same bits as a walk through the trees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.native.caches import rows_in_step
from credit_scoring.native.contributions import CompiledTables
from credit_scoring.native.parallel import by_chunks
from credit_scoring.trees.forest import ZERO, Forest
from credit_scoring.trees.group_tables import GroupTables
from credit_scoring.trees.leaf_groups import LeafGroups
from credit_scoring.trees.paths import ForestPaths
from credit_scoring.trees.shap_by_leaf import LeafExplainer
from credit_scoring.trees.threshold_ranks import Ranks

# Rows that numpy works on together: enough to hide its cost per call, few enough for the cache.
CHUNK = 4096
# Of all tables. Those of 600 trees of depth 8 take a third of it; deep trees would take any size.
MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class ContributionTables:
    """Tables of the leaves, but for those on long paths and those for which there is no more room.

    others : explains these one by one
    """

    paths: ForestPaths
    ranks: Ranks
    groups: LeafGroups
    tables: GroupTables
    others: LeafExplainer | None

    @classmethod
    def of(cls, paths: ForestPaths) -> "ContributionTables":
        ranks = Ranks.of(paths.forest)
        groups = LeafGroups.of(paths, ranks).within(MOST_BYTES // 8)
        in_none = np.ones(len(paths.forest.leaf_value), np.bool_)
        in_none[groups.leaf] = False
        others = np.flatnonzero(in_none)
        return cls(
            paths,
            ranks,
            groups,
            GroupTables.of(paths, groups),
            LeafExplainer.of(paths, others) if len(others) else None,
        )

    @property
    def forest(self) -> Forest:
        return self.paths.forest

    def explain(self, matrix: Numbers) -> tuple[Numbers, Numbers]:
        """Margins (n,) and contributions (n, F) of a matrix (n, F)."""
        margins = np.empty(len(matrix))
        contributions = np.empty((len(matrix), self.forest.n_features))
        if self._compiled:
            self._compiled.explain(matrix, margins, contributions)
        else:

            def work(rows: slice) -> None:
                self._explain_chunk(matrix[rows], margins[rows], contributions[rows])

            by_chunks(work, len(matrix), CHUNK)
        if self.others:
            self.others.add_to(matrix, contributions)
            margins = self.margins(matrix)
        return margins, contributions

    def margins(self, matrix: Numbers) -> Numbers:
        """Margins (n,) alone."""
        if self.others:
            # Order of addition matters to the last bit, and the tables lack some leaves.
            return self.forest.walk(matrix)
        margins = np.zeros(len(matrix))
        if self._compiled:
            self._compiled.explain(matrix, margins, None)
            return margins

        def work(rows: slice) -> None:
            for place, table, features in self._places(matrix[rows]):
                margins[rows] += table[:, len(features)].take(place)

        by_chunks(work, len(matrix), CHUNK)
        return margins

    @cached_property
    def _compiled(self) -> CompiledTables | None:
        return CompiledTables.of(self._native_values(), rows_in_step())

    def _native_values(self) -> dict[str, Any]:
        """What the compiled kernel reads: ranks, groups, tables, and where each column is added."""
        forest, ranks, groups, tables = self.forest, self.ranks, self.groups, self.tables
        node, numeric = groups.node, int((ranks.scale >= 0).sum())
        # A category is encoded once a feature; in which sets it is, is looked up in their bits.
        category, own = np.unique(ranks.feature[numeric:], return_inverse=True)
        of_column = np.concatenate([np.arange(numeric), numeric + own])
        in_set = np.packbits(forest.category_left, axis=1, bitorder="little")
        in_set = np.pad(in_set, ((0, 0), (0, -in_set.shape[1] % 4)))
        width = np.repeat(tables.width, np.diff(groups.bit_start))
        return {
            "features": forest.n_features,
            "columns": numeric + len(category),
            "groups": len(groups),
            "words": in_set.shape[1] // 4,
            "zero": ZERO,
            "categories": forest.category_left.shape[1],
            "thresholds": ranks.thresholds,
            "scale_start": ranks.scale_start,
            "feature": np.concatenate([ranks.feature[:numeric], category]),
            "scale": np.concatenate([ranks.scale[:numeric], np.full(len(category), -1)]),
            "nan_left": ranks.nan_left,
            "zero_is_missing": ranks.zero_is_missing,
            "bit_start": groups.bit_start,
            "bit_column": of_column[ranks.node_column[node]],
            "bit_rank": ranks.node_rank[node],
            "bit_set": ranks.category_set[ranks.node_column[node]],
            "bit_weight": width * groups.weight,
            "set_words": np.ascontiguousarray(in_set).view(np.uint32),
            "table_start": tables.start,
            "sum_start": np.append(0, np.cumsum(tables.width)),
            "sum": self._sums(),
            "values": tables.values,
        }

    def _sums(self) -> Indices:
        """Where a column of a table is added: a feature, F for the margin, F + 1 for nothing."""
        starts, n_features = self.groups.feature_start, self.forest.n_features
        begins = np.append(0, np.cumsum(self.tables.width))
        sums = np.full(begins[-1], n_features + 1)
        group = np.repeat(np.arange(len(self.groups)), np.diff(starts))
        sums[begins[group] + np.arange(len(group)) - starts[group]] = self.groups.feature
        sums[begins[:-1] + np.diff(starts)] = n_features
        return sums

    def _explain_chunk(self, matrix: Numbers, margins: Numbers, contributions: Numbers) -> None:
        sums = np.zeros((self.forest.n_features + 1, len(matrix)))  # the margin comes last
        found = np.empty(len(matrix))
        for place, table, features in self._places(matrix):
            for column, feature in enumerate([*features, -1]):
                # No place is out of range; "clip" only spares numpy a copy.
                table[:, column].take(place, out=found, mode="clip")
                sums[feature] += found
        margins[:], contributions[:] = sums[-1], sums[:-1].T

    def _places(self, matrix: Numbers) -> Iterator[tuple[NDArray[np.intp], Numbers, list[int]]]:
        """For each group, the rows' places in its table (n,), the table and its features."""
        codes = self.ranks.encode(matrix)
        for columns, ranks, weights, table, features in self._by_group:
            left = codes[columns] <= ranks
            place = np.add.reduce(left * weights, axis=0, dtype=np.uint16)
            yield place.astype(np.intp), table, features

    @cached_property
    def _by_group(
        self,
    ) -> list[tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.uint16], Numbers, list[int]]]:
        """What a place is made of, and what it says: numpy's views of the groups."""
        groups, found = self.groups, []
        for group in range(len(groups)):
            bits = slice(groups.bit_start[group], groups.bit_start[group + 1])
            node, weights = groups.node[bits], groups.weight[bits, None]
            columns, ranks = self.ranks.node_column[node], self.ranks.node_rank[node][:, None]
            features = groups.feature[groups.feature_start[group] : groups.feature_start[group + 1]]
            table = self.tables.table(group)
            found.append((columns, ranks, weights, table, features.tolist()))
        return found
