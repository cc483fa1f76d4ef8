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
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from credit_scoring.forest import Forest

Numbers = NDArray[np.float64]
Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class LeafPaths:
    """The conditions that lead to each of L leaves, at most D of them, over at most S features.

    A slot is one distinct feature on a leaf's path. Places that a short path does not need are
    filled so that they change nothing: a condition at node -1, a slot with ratio 1.

    node : int32 (L, D), -1 for none; left : bool (L, D), the side the path takes
    slot : int32 (L, D), the slot of each condition's feature
    slot_feature : int32 (L, S), n_features for none
    slot_ratio : float64 (L, S)
    """

    n_features: int
    node: Integers
    left: Flags
    slot: Integers
    slot_feature: Integers
    slot_ratio: Numbers

    @classmethod
    def of(cls, forest: "Forest") -> "LeafPaths":
        node, left = _climb(forest)
        ratio = _cover_ratios(forest, node, left)
        # Place -1, no condition, reads what is appended.
        feature = np.append(forest.feature, np.int32(forest.n_features))[node]
        return cls._with_slots(forest.n_features, node, left, feature, ratio)

    @classmethod
    def _with_slots(
        cls, n_features: int, node: Integers, left: Flags, feature: Integers, ratio: Numbers
    ) -> "LeafPaths":
        """Give the conditions of one leaf on one feature a common slot; numbered by feature."""
        order = np.argsort(feature, axis=1, kind="stable")
        node = np.take_along_axis(node, order, axis=1)
        left = np.take_along_axis(left, order, axis=1)
        feature = np.take_along_axis(feature, order, axis=1)
        ratio = np.take_along_axis(ratio, order, axis=1)
        opens = np.diff(feature, axis=1, prepend=-1) != 0  # (L, D)
        slot = np.cumsum(opens, axis=1, dtype=np.int32) - 1
        leaves = np.arange(len(node))
        slot_feature = np.full(node.shape, n_features, np.int32)
        slot_ratio = np.ones(node.shape)
        for d in range(node.shape[1]):
            slot_feature[leaves, slot[:, d]] = feature[:, d]
            slot_ratio[leaves, slot[:, d]] *= ratio[:, d]
        width = max(1, int((slot_feature < n_features).sum(axis=1).max(initial=0)))
        used = np.minimum(slot, width - 1)  # only empty conditions lie beyond
        return cls(n_features, node, left, used, slot_feature[:, :width], slot_ratio[:, :width])

    def __len__(self) -> int:
        return len(self.node)

    def take(self, leaves: NDArray[np.intp]) -> "LeafPaths":
        return LeafPaths(
            self.n_features,
            self.node[leaves],
            self.left[leaves],
            self.slot[leaves],
            self.slot_feature[leaves],
            self.slot_ratio[leaves],
        )

    def base_value(self, leaf_value: Numbers) -> float:
        """The value of the empty coalition: each leaf weighted by its share of training rows."""
        return float(np.sum(leaf_value * self.slot_ratio.prod(axis=1)))

    def explain(self, goes_left: Flags, leaf_value: Numbers) -> tuple[Numbers, Numbers]:
        """Margins (n,) and contributions (n, F) of rows given their sides at every node (n, N)."""
        margins = np.zeros(len(goes_left))
        contributions = np.zeros((len(goes_left), self.n_features))
        for row, sides in enumerate(goes_left):
            satisfied = self._satisfied(sides)
            reached = leaf_value[satisfied.all(axis=0)]
            # accumulate() adds one after the other, as the walk through the trees does.
            margins[row] = np.add.accumulate(np.append(0.0, reached))[-1]
            contributions[row] = self._explain_row(satisfied, leaf_value)
        return margins, contributions

    @cached_property
    def _conditions(self) -> tuple[Integers, Flags, NDArray[np.intp], NDArray[np.intp]]:
        """All conditions in a row, those of one leaf on one slot together.

        Returns their nodes and sides, where each such group begins, and its place in (S, L).
        """
        leaf, depth = np.nonzero(self.node >= 0)
        place = self.slot[leaf, depth].astype(np.intp) * len(self) + leaf
        order = np.argsort(place, kind="stable")
        leaf, depth, place = leaf[order], depth[order], place[order]
        begins = np.flatnonzero(np.diff(place, prepend=-1))
        return self.node[leaf, depth], self.left[leaf, depth], begins, place[begins]

    def _satisfied(self, sides: Flags) -> Flags:
        """bool (S, L): whether the row keeps a leaf's conditions on each of its features."""
        node, left, begins, place = self._conditions
        satisfied = np.ones(self.slot_ratio.shape[::-1], np.bool_)
        if len(begins):
            kept = sides[node] == left
            satisfied.ravel()[place] = np.logical_and.reduceat(kept, begins)
        return satisfied

    @cached_property
    def _by_slot(self) -> tuple[Numbers, NDArray[np.intp]]:
        """slot_ratio and slot_feature as (S, L): long rows of leaves are what numpy is fast on."""
        feature = self.slot_feature.T.astype(np.intp)
        return np.ascontiguousarray(self.slot_ratio.T), np.ascontiguousarray(feature)

    def _explain_row(self, satisfied: Flags, leaf_value: Numbers) -> Numbers:
        ratio, feature = self._by_slot
        integral = np.zeros(ratio.shape)  # (S, L): of the product over the other slots
        for point, weight in zip(*gauss_legendre(len(ratio)), strict=True):
            factor = (1 - point) * ratio + point * satisfied
            integral += weight * products_of_others(factor)
        shares = leaf_value * (satisfied - ratio) * integral
        return np.bincount(feature.ravel(), weights=shares.ravel(), minlength=self.n_features + 1)[
            : self.n_features
        ]


@cache
def gauss_legendre(n_factors: int) -> tuple[Numbers, Numbers]:
    """Points and weights on [0, 1] that integrate a product of n_factors - 1 linear terms."""
    points, weights = np.polynomial.legendre.leggauss((n_factors + 1) // 2)
    return (points + 1) / 2, weights / 2


def products_of_others(factors: Numbers) -> Numbers:
    """For each row, the product of all the other rows; no division, so zeros are fine."""
    others = np.ones_like(factors)
    for row in range(1, len(factors)):
        np.multiply(others[row - 1], factors[row - 1], out=others[row])
    after = factors[-1].copy()
    for row in range(len(factors) - 2, -1, -1):
        others[row] *= after
        after *= factors[row]
    return others


def _climb(forest: "Forest") -> tuple[Integers, Flags]:
    """From every leaf up to its root: nodes (L, D) and sides (L, D), -1 past the root."""
    n_nodes, n_leaves = len(forest.feature), len(forest.leaf_value)
    parent = np.full(n_nodes + n_leaves, -1, np.int32)  # of a node, then of leaf l at n_nodes + l
    came_left = np.zeros(n_nodes + n_leaves, np.bool_)
    for children, is_left in ((forest.left, True), (forest.right, False)):
        place = np.where(children >= 0, children, n_nodes + ~children)
        parent[place] = np.arange(n_nodes)
        came_left[place] = is_left
    place = np.arange(n_nodes, n_nodes + n_leaves)
    nodes, sides = [np.full(n_leaves, -1, np.int32)], [np.zeros(n_leaves, np.bool_)]
    while ((above := parent[place]) >= 0).any():
        nodes.append(above)
        sides.append(came_left[place])
        place = np.where(above >= 0, above, place)
    first = 1 if len(nodes) > 1 else 0  # a forest of single leaves keeps one empty condition
    return np.stack(nodes[first:], axis=1), np.stack(sides[first:], axis=1)


def _cover_ratios(forest: "Forest", node: Integers, left: Flags) -> Numbers:
    """float64 (L, D): the share of a node's training rows that take the path's side."""
    count = np.concatenate([forest.leaf_count[::-1], forest.node_count])
    child = np.where(left, np.append(forest.left, -1)[node], np.append(forest.right, -1)[node])
    # ~leaf counts down from -1, so a leaf's count stands that far before the nodes' counts.
    passed = np.append(forest.node_count, 1)[node]
    return np.where(node >= 0, count[child + len(forest.leaf_count)] / passed, 1.0)
