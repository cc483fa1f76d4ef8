"""Margins and exact SHAP contributions of a forest, by whichever way is faster for so many rows.

`shap_by_leaf` explains row by row from the leaves' paths, `shap_by_table` many rows from tables;
`native` computes the same bits as either, compiled, where there is a library for the machine.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from credit_scoring.arrays import Numbers
from credit_scoring.trees.forest import Forest
from credit_scoring.trees.paths import ForestPaths
from credit_scoring.trees.shap_by_leaf import LeafExplainer

if TYPE_CHECKING:
    from credit_scoring.trees.shap_by_table import ContributionTables

# The first call of a process builds the tables: from so many rows on that takes less time than to
# explain them by leaf.
ROWS_WORTH_TABLES = 384


@dataclass(frozen=True)
class Explainer:
    """Explains rows by one forest; what it builds for that is kept for the next call."""

    forest: Forest

    def margins(self, matrix: Numbers) -> Numbers:
        """Log-odds of default, float64 (n,), from features (n, F).

        Leaves are added tree after tree, so a row's margin has the same bits in any company.
        Raises ValueError for a matrix of another width.
        """
        return self._faster(len(matrix)).margins(self._checked(matrix))

    def contributions(self, matrix: Numbers) -> tuple[Numbers, Numbers]:
        """Margins (n,) and exact path-dependent SHAP values (n, F), both in log-odds.

        Each row's contributions plus `base_value` make its margin. Source: Lundberg et al. 2020,
        "From local explanations to global understanding with explainable AI for trees".
        Raises ValueError for a matrix of another width.
        """
        return self._faster(len(matrix)).explain(self._checked(matrix))

    @cached_property
    def base_value(self) -> float:
        """The mean margin of the training rows, as the trees know it."""
        return self.paths.features.base_value(self.forest.leaf_value)

    @cached_property
    def paths(self) -> ForestPaths:
        return ForestPaths(self.forest)

    @cached_property
    def by_leaf(self) -> LeafExplainer:
        return LeafExplainer.of(self.paths, np.arange(len(self.forest.leaf_value)))

    @cached_property
    def by_table(self) -> "ContributionTables":
        """Tables built on first use: they take a while and only pay for many rows."""
        from credit_scoring.trees.shap_by_table import (  # noqa: PLC0415  (no one row does)
            ContributionTables,
        )

        return ContributionTables.of(self.paths)

    def _faster(self, n_rows: int) -> "LeafExplainer | ContributionTables":
        """The faster one. Only the number of rows decides, so a call can be repeated to the bit."""
        return self.by_leaf if n_rows < ROWS_WORTH_TABLES else self.by_table

    def _checked(self, matrix: Numbers) -> Numbers:
        """float64 (n, F)."""
        width = self.forest.n_features
        if matrix.ndim != 2 or matrix.shape[1] != width:
            raise ValueError(f"a matrix (n, {width}) is needed, not {matrix.shape}")
        return np.asarray(matrix, np.float64)
