"""Exact SHAP values for many rows, from tables.

What one leaf contributes (see `leaf_shap`) depends only on which sides the row takes at the leaf's
path, so a few bits. Neighbouring leaves share most of their path: they are grouped while their
splits fit in a few bits (`leaf_groups`), and for every pattern of a group's bits the summed
contributions of its leaves are tabulated once (`group_tables`). A row is then some comparisons of
ranks, a pattern, and a few additions a group. One more table entry holds the value of the leaf that
is reached, so that margins come with the same bits as a walk through the trees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.native.contributions import CompiledTables
from credit_scoring.native.parallel import by_chunks
from credit_scoring.trees.group_tables import GroupTables
from credit_scoring.trees.leaf_groups import LONGEST_PATH, LeafGroups
from credit_scoring.trees.shap_by_leaf import LeafExplainer
from credit_scoring.trees.threshold_ranks import Ranks

if TYPE_CHECKING:
    from credit_scoring.trees.forest import Forest


# Rows that numpy works on together: enough to hide its cost per call, few enough for the cache.
CHUNK = 4096


@dataclass(frozen=True)
class ContributionTables:
    """Tables of all leaves but those on long paths, which are explained one by one."""

    forest: "Forest"
    ranks: Ranks
    groups: LeafGroups
    tables: GroupTables
    long_paths: LeafExplainer | None

    @classmethod
    def of(cls, forest: "Forest") -> "ContributionTables":
        groups = LeafGroups.of(forest)
        long = np.flatnonzero(forest.paths.lengths > LONGEST_PATH)
        return cls(
            forest,
            Ranks.of(forest),
            groups,
            GroupTables.of(forest, groups),
            LeafExplainer.of(forest, long) if len(long) else None,
        )

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
        if self.long_paths:
            self.long_paths.add_to(matrix, contributions)
            margins = self.margins(matrix)
        return margins, contributions

    def margins(self, matrix: Numbers) -> Numbers:
        """Margins (n,) alone."""
        if self.long_paths:
            # Order of addition matters to the last bit, and the tables lack some leaves.
            return self.forest.walk(matrix)
        margins = np.zeros(len(matrix))
        if self._compiled:
            self._compiled.explain(matrix, margins, None)
            return margins

        def work(rows: slice) -> None:
            for pattern, table, features in self._patterns(matrix[rows]):
                margins[rows] += table[:, len(features)].take(pattern)

        by_chunks(work, len(matrix), CHUNK)
        return margins

    @cached_property
    def _compiled(self) -> CompiledTables | None:
        return CompiledTables.of(self)

    def _explain_chunk(self, matrix: Numbers, margins: Numbers, contributions: Numbers) -> None:
        sums = np.zeros((self.forest.n_features + 1, len(matrix)))  # the margin comes last
        found = np.empty(len(matrix))
        for pattern, table, features in self._patterns(matrix):
            for column, feature in enumerate([*features, -1]):
                # No pattern is out of range; "clip" only spares numpy a copy.
                table[:, column].take(pattern, out=found, mode="clip")
                sums[feature] += found
        margins[:], contributions[:] = sums[-1], sums[:-1].T

    def _patterns(self, matrix: Numbers) -> Iterator[tuple[NDArray[np.intp], Numbers, list[int]]]:
        """For each group, the rows' patterns (n,), its table and its features."""
        codes = self.ranks.encode(matrix)
        for columns, ranks, weights, table, features in self._by_group:
            left = codes[columns] <= ranks
            pattern = np.add.reduce(left * weights, axis=0, dtype=np.uint16)
            yield pattern.astype(np.intp), table, features

    @cached_property
    def _by_group(
        self,
    ) -> list[tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.uint16], Numbers, list[int]]]:
        """What a pattern is made of, and what it says: numpy's views of the groups."""
        groups, found = self.groups, []
        weights = np.left_shift(1, np.arange(16)).astype(np.uint16)[:, None]
        for group in range(len(groups)):
            node = groups.node[groups.bit_start[group] : groups.bit_start[group + 1]]
            columns, ranks = self.ranks.node_column[node], self.ranks.node_rank[node][:, None]
            features = groups.feature[groups.feature_start[group] : groups.feature_start[group + 1]]
            table = self.tables.table(group, len(node))
            found.append((columns, ranks, weights[: len(node)], table, features.tolist()))
        return found
