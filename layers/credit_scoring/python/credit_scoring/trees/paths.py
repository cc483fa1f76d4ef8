"""The conditions that lead from a tree's root to each of its leaves."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Flags, Integers
from credit_scoring.trees.forest import Forest
from credit_scoring.trees.path_features import PathFeatures


@dataclass(frozen=True)
class LeafPaths:
    """The conditions above each of L leaves, at most D of them.

    Places that a short path does not need are filled so that they change nothing.

    node : int32 (L, D), from the root down, -1 for none; left : bool (L, D), the path's side
    slot : int32 (L, D), the slot (see PathFeatures) of each condition's feature
    """

    node: Integers
    left: Flags
    slot: Integers

    @classmethod
    def of(cls, forest: Forest, features: PathFeatures) -> "LeafPaths":
        node, left = _climb(forest)
        # Node -1, no condition, reads what is appended.
        return cls(node, left, np.append(features.of_node, np.int32(0))[node])

    def __len__(self) -> int:
        return len(self.node)

    @cached_property
    def lengths(self) -> NDArray[np.intp]:
        """Conditions above each leaf, (L,)."""
        return (self.node >= 0).sum(axis=1, dtype=np.intp)


@dataclass(frozen=True)
class ForestPaths:
    """A forest and what stands above each of its leaves, each part computed when first asked for.

    features : the distinct features above each leaf; conditions : the splits above each leaf
    """

    forest: Forest

    @cached_property
    def features(self) -> PathFeatures:
        return PathFeatures.of(self.forest)

    @cached_property
    def conditions(self) -> LeafPaths:
        return LeafPaths.of(self.forest, self.features)


def _climb(forest: Forest) -> tuple[Integers, Flags]:
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
