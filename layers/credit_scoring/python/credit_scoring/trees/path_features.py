"""The distinct features above each leaf, and how far the leaf depends on each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Integers, Numbers
from credit_scoring.trees.forest import Forest


@dataclass(frozen=True)
class PathFeatures:
    """At most S distinct features above each of L leaves.

    A slot is one distinct feature on a leaf's path. Slots are numbered as the path meets their
    features, from the root down, so all leaves below a node agree on its slot.

    feature : int32 (L, S), n_features for none
    ratio : float64 (L, S), the share of training rows that keep the conditions on a feature, given
        the others: the product of the cover ratios of its splits; 1 for none
    of_node : int32 (N,), the slot of each node's feature
    """

    n_features: int
    feature: Integers
    ratio: Numbers
    of_node: Integers

    @classmethod
    def of(cls, forest: Forest) -> "PathFeatures":
        """Down all trees at once, level by level: a child has its parent's slots and one more."""
        of_node = np.zeros(len(forest.feature), np.int32)
        count = np.concatenate([forest.leaf_count[::-1], forest.node_count])  # of place + L
        ends: list[tuple[Integers, Integers, Numbers]] = []
        place = forest.root
        feature = np.full((len(place), 1), forest.n_features, np.int32)
        ratio = np.ones((len(place), 1))
        while len(place):
            ended = place < 0
            ends.append((~place[ended], feature[ended], ratio[ended]))
            node, feature, ratio = place[~ended], feature[~ended], ratio[~ended]
            slot, feature, ratio = _met(forest.feature[node], feature, ratio, forest.n_features)
            of_node[node] = slot
            place = np.concatenate([forest.left[node], forest.right[node]])
            passed, slot, feature, ratio = (
                np.concatenate([a, a]) for a in (forest.node_count[node], slot, feature, ratio)
            )
            ratio[np.arange(len(place)), slot] *= count[place + len(forest.leaf_count)] / passed
        return cls(forest.n_features, *_gathered(ends, forest), of_node)

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """Distinct features above each leaf, (L,)."""
        return (self.feature < self.n_features).sum(axis=1, dtype=np.intp)

    def base_value(self, leaf_value: Numbers) -> float:
        """The value of the empty coalition: each leaf weighted by its share of training rows."""
        return float(np.sum(leaf_value * self.ratio.prod(axis=1)))


def _met(
    read: Integers, feature: Integers, ratio: Numbers, n_features: int
) -> tuple[Integers, Integers, Numbers]:
    """The slots of the features that nodes read, with those above; a new one stands behind them."""
    same = feature == read[:, None]
    fresh = (feature < n_features).sum(axis=1)
    slot = np.where(same.any(axis=1), same.argmax(axis=1), fresh).astype(np.int32)
    more = max(0, int(slot.max(initial=0)) + 1 - feature.shape[1])
    feature = np.pad(feature, ((0, 0), (0, more)), constant_values=n_features)
    ratio = np.pad(ratio, ((0, 0), (0, more)), constant_values=1.0)
    feature[np.arange(len(read)), slot] = read
    return slot, feature, ratio


def _gathered(
    ends: list[tuple[Integers, Integers, Numbers]], forest: Forest
) -> tuple[Integers, Numbers]:
    """Features (L, S) and ratios (L, S) of all leaves, from those that end at each level."""
    shape = len(forest.leaf_value), max(feature.shape[1] for _, feature, _ in ends)
    features, ratios = np.full(shape, forest.n_features, np.int32), np.ones(shape)
    for leaf, feature, ratio in ends:
        features[leaf, : feature.shape[1]] = feature
        ratios[leaf, : ratio.shape[1]] = ratio
    return features, ratios
