"""The conditions that lead from a tree's root to each of its leaves."""

from dataclasses import dataclass
from functools import cached_property
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
    """The conditions above each of L leaves, at most D of them, over at most S features.

    A slot is one distinct feature on a leaf's path. Slots are numbered as the path meets their
    features, from the root down, so all leaves below a node agree on its slot. Places that a short
    path does not need are filled so that they change nothing.

    node : int32 (L, D), from the root down, -1 for none; left : bool (L, D), the path's side
    slot : int32 (L, D), the slot of each condition's feature
    slot_feature : int32 (L, S), n_features for none
    slot_ratio : float64 (L, S), the share of training rows that keep the conditions on a feature,
        given the others: the product of the cover ratios of its splits; 1 for none
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
        # Place -1, no condition, reads what is appended.
        feature = np.append(forest.feature, np.int32(forest.n_features))[node]
        slot = _number_slots(feature, node >= 0)
        ratio = _cover_ratios(forest, node, left)
        leaves, n_leaves = np.arange(len(node)), len(node)
        width = max(1, int(slot.max(initial=-1)) + 1)
        slot_feature = np.full((n_leaves, width), forest.n_features, np.int32)
        slot_ratio = np.ones((n_leaves, width))
        for place in range(node.shape[1]):
            there = node[:, place] >= 0
            where = leaves[there], slot[there, place]
            slot_feature[where] = feature[there, place]
            slot_ratio[where] *= ratio[there, place]
        return cls(forest.n_features, node, left, slot, slot_feature, slot_ratio)

    def __len__(self) -> int:
        return len(self.node)

    @cached_property
    def lengths(self) -> NDArray[np.intp]:
        """Conditions above each leaf, (L,)."""
        return (self.node >= 0).sum(axis=1, dtype=np.intp)

    @cached_property
    def slot_counts(self) -> NDArray[np.intp]:
        """Distinct features above each leaf, (L,)."""
        return (self.slot_feature < self.n_features).sum(axis=1, dtype=np.intp)

    def slot_of_node(self, n_nodes: int) -> Integers:
        """int32 (N,): the slot of each node, which is the same for all leaves below it."""
        slots, there = np.zeros(n_nodes, np.int32), self.node >= 0
        slots[self.node[there]] = self.slot[there]
        return slots

    def base_value(self, leaf_value: Numbers) -> float:
        """The value of the empty coalition: each leaf weighted by its share of training rows."""
        return float(np.sum(leaf_value * self.slot_ratio.prod(axis=1)))


def _climb(forest: "Forest") -> tuple[Integers, Flags]:
    """From every leaf up to its root, told from the root down: nodes (L, D) and sides (L, D)."""
    n_nodes, n_leaves = len(forest.feature), len(forest.leaf_value)
    parent = np.full(n_nodes + n_leaves, -1, np.int32)  # of a node, then of leaf l at n_nodes + l
    came_left = np.zeros(n_nodes + n_leaves, np.bool_)
    for children, is_left in ((forest.left, True), (forest.right, False)):
        place = np.where(children >= 0, children, n_nodes + ~children)
        parent[place] = np.arange(n_nodes)
        came_left[place] = is_left
    place = np.arange(n_nodes, n_nodes + n_leaves)
    nodes: list[Integers] = []
    sides: list[Flags] = []
    while ((above := parent[place]) >= 0).any():
        nodes.append(above)
        sides.append(came_left[place])
        place = np.where(above >= 0, above, place)
    return _from_the_root(nodes, sides, n_leaves)


def _from_the_root(
    nodes: list[Integers], sides: list[Flags], n_leaves: int
) -> tuple[Integers, Flags]:
    """Turn paths around and let all begin at place 0; a forest of single leaves has one place."""
    if not nodes:
        return np.full((n_leaves, 1), -1, np.int32), np.zeros((n_leaves, 1), np.bool_)
    node, left = np.stack(nodes[::-1], axis=1), np.stack(sides[::-1], axis=1)
    order = np.argsort(node < 0, axis=1, kind="stable")
    return np.take_along_axis(node, order, axis=1), np.take_along_axis(left, order, axis=1)


def _number_slots(feature: Integers, there: Flags) -> Integers:
    """For each condition, how many distinct features its path met before its own; 0 for none."""
    slot = np.zeros(feature.shape, np.int32)
    met = np.zeros(len(feature), np.int32)
    for place in range(feature.shape[1]):
        fresh = there[:, place].copy()
        for before in range(place):
            same = feature[:, before] == feature[:, place]
            fresh &= ~same
            slot[:, place] = np.where(same, slot[:, before], slot[:, place])
        slot[:, place] = np.where(fresh, met, slot[:, place])
        met += fresh
    return slot


def _cover_ratios(forest: "Forest", node: Integers, left: Flags) -> Numbers:
    """float64 (L, D): the share of a node's training rows that take the path's side."""
    count = np.concatenate([forest.leaf_count[::-1], forest.node_count])
    child = np.where(left, np.append(forest.left, -1)[node], np.append(forest.right, -1)[node])
    # ~leaf counts down from -1, so a leaf's count stands that far before the nodes' counts.
    passed = np.append(forest.node_count, 1)[node]
    return np.where(node >= 0, count[child + len(forest.leaf_count)] / passed, 1.0)
