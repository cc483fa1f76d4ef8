"""Exact SHAP values from the paths of the leaves, for a few rows and for trees of any depth.

For one leaf, let `o_j` be 1 if the row satisfies the leaf's conditions on feature j and 0 if not,
and `r_j` the share of training rows that do, given the other conditions (the product of the cover
ratios of j's splits). With features drawn by those shares when unknown, the leaf's game has the
value v * prod_j (o_j if j is known else r_j), and its Shapley value is

    phi_i = v * (o_i - r_i) * integral_0^1 prod_{j != i} (t * o_j + (1 - t) * r_j) dt

because a coalition's Shapley weight is the integral of t^|S| (1 - t)^(d - 1 - |S|). The integrand
is a polynomial of degree d - 1, which the Gauss-Legendre rule with ceil(d / 2) nodes integrates
exactly. The sum over leaves is what Algorithm 2 of Lundberg et al. 2020 computes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.native.contributions import MOST_SLOTS, CompiledLeaves
from credit_scoring.native.library import joined
from credit_scoring.native.parallel import by_chunks
from credit_scoring.trees.forest import ZERO, Forest
from credit_scoring.trees.paths import ForestPaths
from credit_scoring.trees.quadrature import gauss_legendre, products_of_others

# Rows that are added to others at a time, so that memory stays bounded.
ROWS_ADDED = 2048


@dataclass(frozen=True)
class LeafClass:
    """M leaves that one rule serves: S or S - 1 distinct features above each, S even.

    A slot that a leaf does not need has ratio 1 and is always satisfied: it changes nothing.

    leaf : (M,), numbers of the leaves
    ratio : float64 (S, M); value : float64 (M,)
    points, weights : float64 (S / 2,), the rule on [0, 1]
    start : where the class begins among the places (slot, leaf) of all classes
    """

    leaf: NDArray[np.intp]
    ratio: Numbers
    value: Numbers
    points: Numbers
    weights: Numbers
    start: int

    @property
    def places(self) -> slice:
        return slice(self.start, self.start + self.ratio.size)

    def shares(self, satisfied: Numbers) -> Numbers:
        """What each slot of each leaf contributes, from o (S, M): float64 (S, M)."""
        integral = np.zeros(self.ratio.shape)  # of the product over the other slots
        for point, weight in zip(self.points, self.weights, strict=True):
            factor = (1 - point) * self.ratio + point * satisfied
            integral += weight * products_of_others(factor)
        return self.value * (satisfied - self.ratio) * integral


@dataclass(frozen=True)
class LeafExplainer:
    """Explains by some or all leaves of a forest; P places (slot, leaf) in all classes together.

    ratio : float64 (P,), of which each class has a part
    feature : int32 (P,), what the places are about, n_features for none; leaf by leaf in each
        class, so that contributions to one feature, which are added in this order, stand apart
    """

    paths: ForestPaths
    classes: list[LeafClass]
    ratio: Numbers
    feature: NDArray[np.int32]

    @classmethod
    def of(cls, paths: ForestPaths, leaves: NDArray[np.intp]) -> "LeafExplainer":
        forest, above = paths.forest, paths.features
        sizes = (above.counts[leaves] + 1) // 2 * 2
        ratio = np.ones(int(sizes.sum()))
        feature = np.full(len(ratio), forest.n_features, np.int32)
        classes: list[LeafClass] = []
        start = 0
        # Not np.unique: its first call imports numpy.ma, a good part of a cold start.
        for size in sorted(set(sizes[sizes > 0].tolist())):
            leaf = leaves[sizes == size]
            places = slice(start, start := start + size * len(leaf))
            wide = min(size, above.ratio.shape[1])
            by_slot = ratio[places].reshape(size, len(leaf))
            by_slot[:wide] = above.ratio[leaf, :wide].T
            feature[places].reshape(len(leaf), size)[:, :wide] = above.feature[leaf, :wide]
            rule = gauss_legendre(size)
            classes.append(LeafClass(leaf, by_slot, forest.leaf_value[leaf], *rule, places.start))
        return cls(paths, classes, ratio, feature)

    @property
    def forest(self) -> Forest:
        return self.paths.forest

    def explain(self, matrix: Numbers) -> tuple[Numbers, Numbers]:
        """Margins (n,) and contributions (n, F), as far as they come from these leaves."""
        margins = np.empty(len(matrix))
        contributions = np.empty((len(matrix), self.forest.n_features))
        self._fill(matrix, margins, contributions)
        return margins, contributions

    def margins(self, matrix: Numbers) -> Numbers:
        """Margins (n,) alone."""
        margins = np.empty(len(matrix))
        self._fill(matrix, margins, None)
        return margins

    def add_to(self, matrix: Numbers, contributions: Numbers) -> None:
        """Add what these leaves contribute to contributions (n, F), a few rows at a time."""
        for start in range(0, len(matrix), ROWS_ADDED):
            rows = slice(start, start + ROWS_ADDED)
            contributions[rows] += self.explain(matrix[rows])[1]

    @cached_property
    def _compiled(self) -> CompiledLeaves | None:
        if self.paths.features.ratio.shape[1] > MOST_SLOTS:
            return None
        return CompiledLeaves.of(self._native_values())

    def _native_values(self) -> dict[str, Any]:
        """What the compiled kernel reads: nodes, and the classes one after the other."""
        forest, classes = self.forest, self.classes
        return {
            "features": forest.n_features,
            "nodes": len(forest.feature),
            "leaves": len(forest.leaf_value),
            "trees": len(forest.root),
            "classes": len(classes),
            "zero": ZERO,
            "set_codes": forest.category_left.shape[1],
            "set_left": forest.category_left,
            "feature": forest.feature,
            "threshold": forest.threshold,
            "nan_left": forest.nan_left,
            "zero_is_missing": forest.zero_is_missing,
            "categorical": forest.categorical,
            "slot": self.paths.features.of_node,
            "left": forest.left,
            "right": forest.right,
            "root": forest.root,
            "leaf_value": forest.leaf_value,
            "class_slots": [len(each.ratio) for each in classes],
            "class_leaves": [len(each.leaf) for each in classes],
            "class_leaf": joined(each.leaf for each in classes),
            "class_value": joined(each.value for each in classes),
            "ratio": self.ratio,
            "place_feature": self.feature,
            "points": joined(each.points for each in classes),
            "weights": joined(each.weights for each in classes),
        }

    def _fill(self, matrix: Numbers, margins: Numbers, contributions: Numbers | None) -> None:
        if self._compiled:
            return self._compiled.explain(matrix, margins, contributions)

        def work(rows: slice) -> None:
            for row in range(rows.start, rows.stop):
                satisfied = self._satisfied(self.forest.goes_left(matrix[row : row + 1])[0])
                margins[row] = self._margin(satisfied)
                if contributions is not None:
                    contributions[row] = self._contributions(satisfied)

        return by_chunks(work, len(matrix), ROWS_ADDED)

    def _margin(self, satisfied: Numbers) -> float:
        """The values of the leaves reached, one after the other, as the walk adds them."""
        reached = self._always_reached.copy()
        for each in self.classes:
            o = satisfied[each.places].reshape(each.ratio.shape)
            reached[each.leaf] = o.all(axis=0)
        values = self.forest.leaf_value[reached]
        return float(np.add.accumulate(np.append(0.0, values))[-1])

    @cached_property
    def _always_reached(self) -> Flags:
        """bool (L,): the leaves that are a whole tree."""
        reached: Flags = self.paths.features.counts == 0
        return reached

    def _contributions(self, satisfied: Numbers) -> Numbers:
        shares = np.empty(len(self.feature))
        for each in self.classes:
            o = satisfied[each.places].reshape(each.ratio.shape)
            shares[each.places] = each.shares(o).T.ravel()
        n_features = self.forest.n_features
        return np.bincount(self.feature, weights=shares, minlength=n_features + 1)[:n_features]

    def _satisfied(self, sides: Flags) -> Numbers:
        """o (P,): 1 where the row keeps a leaf's conditions on a slot's feature."""
        node, left, begins, place = self._conditions
        satisfied = np.ones(len(self.feature))
        if len(begins):
            satisfied[place] = np.logical_and.reduceat(sides[node] == left, begins)
        return satisfied

    @cached_property
    def _conditions(self) -> tuple[NDArray[np.int32], Flags, NDArray[np.intp], NDArray[np.intp]]:
        """All conditions in a row, those of one place together.

        Returns their nodes and sides, where each place's conditions begin, and its number.
        """
        paths = self.paths.conditions
        parts: list[tuple[NDArray[np.int32], Flags, NDArray[np.intp]]] = []
        for each in self.classes:
            column, depth = np.nonzero(paths.node[each.leaf] >= 0)
            leaf = each.leaf[column]
            place = each.start + paths.slot[leaf, depth].astype(np.intp) * len(each.leaf) + column
            parts.append((paths.node[leaf, depth], paths.left[leaf, depth], place))
        if not parts:
            empty = np.empty(0, np.intp)
            return np.empty(0, np.int32), np.empty(0, np.bool_), empty, empty
        node, left, place = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.argsort(place, kind="stable")
        begins = np.flatnonzero(np.diff(place[order], prepend=-1))
        return node[order], left[order], begins, place[order][begins]
