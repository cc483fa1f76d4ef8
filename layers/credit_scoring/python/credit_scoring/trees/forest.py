"""The trained trees as plain arrays: nodes, leaves, and the walk of a row down to its leaves.

Nodes and leaves of all trees are numbered through, tree after tree, and within a tree from left to
right in depth-first order, so that neighbouring leaves share most of their path. `explainer` gives
margins and exact SHAP contributions of such a forest.
"""

import io
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from credit_scoring.arrays import Flags, Integers, Numbers, read_arrays
from credit_scoring.errors import ArtifactMismatch

# LightGBM's kZeroThreshold, a 32-bit number: what it takes for zero where zero means missing.
ZERO = float(np.float32(1e-35))

# Kind of number and dimensions of each array; of all others, integers in a row.
_KINDS = {
    "n_features": ("i", 0),
    "threshold": ("f", 1),
    "leaf_value": ("f", 1),
    "nan_left": ("b", 1),
    "zero_is_missing": ("b", 1),
    "categorical": ("b", 1),
    "category_left": ("b", 2),
}


@dataclass(frozen=True)
class Forest:
    """N nodes and L leaves of T trees over F features.

    n_features : F
    feature : int32 (N,), which column a node reads
    threshold : float64 (N,), left when value <= threshold; of a categorical node, its row in
        `category_left`
    nan_left, zero_is_missing, categorical : bool (N,)
    left, right : int32 (N,), a child's node number, or ~leaf number
    node_count : int32 (N,), training rows that passed; leaf_count : int32 (L,)
    leaf_value : float64 (L,), log-odds
    root : int32 (T,), a tree's first node, or ~leaf for a tree that is one leaf
    category_left : bool (K, C), whether a category code goes left
    """

    n_features: int
    feature: Integers
    threshold: Numbers
    nan_left: Flags
    zero_is_missing: Flags
    categorical: Flags
    left: Integers
    right: Integers
    node_count: Integers
    leaf_count: Integers
    leaf_value: Numbers
    root: Integers
    category_left: Flags

    def walk(self, matrix: Numbers) -> Numbers:
        """Margins (n,) from the leaves that rows reach, for any depth of trees."""
        total = np.zeros(len(matrix))
        for leaves in self._leaves_by_tree(matrix):
            total += self.leaf_value[leaves]
        return total

    def goes_left(self, matrix: Numbers) -> Flags:
        """bool (n, N): whether each row goes left at each node, were it to come by."""
        values = matrix[:, self.feature]  # (n, N)
        left = self._number_goes_left(slice(None), values)
        nodes = np.flatnonzero(self.categorical).astype(np.int32)
        left[:, nodes] = self._category_goes_left(nodes, values[:, nodes])
        return left

    def _number_goes_left(self, node: Integers | slice, values: Numbers) -> Flags:
        """The side of each value at its node; what it says of categorical nodes means nothing."""
        missing = np.isnan(values) | (self.zero_is_missing[node] & (np.abs(values) <= ZERO))
        return np.where(missing, self.nan_left[node], values <= self.threshold[node])

    def _category_goes_left(self, node: Integers, values: Numbers) -> Flags:
        return self.in_category_set(self.threshold[node].astype(np.int32), values)

    def in_category_set(self, row: Integers, values: Numbers) -> Flags:
        """Unseen, negative and missing categories are in no set, as in LightGBM: they go right."""
        known = (values > -1) & (values < self.category_left.shape[1])  # False for NaN
        codes = np.where(known, values, 0).astype(np.intp)
        found: Flags = known & self.category_left[row, codes]
        return found

    def _leaves_by_tree(self, matrix: Numbers) -> list[Integers]:
        return [self._leaves(matrix, int(root)) for root in self.root]

    def _leaves(self, matrix: Numbers, root: int) -> Integers:
        """The leaf each row reaches in one tree, int32 (n,)."""
        place = np.full(len(matrix), root, np.int32)
        walking = np.arange(len(matrix)) if root >= 0 else np.empty(0, np.intp)
        while len(walking):
            node = place[walking]
            left = self._steps_left(node, matrix[walking, self.feature[node]])
            place[walking] = np.where(left, self.left[node], self.right[node])
            walking = walking[place[walking] >= 0]
        return ~place

    def _steps_left(self, node: Integers, values: Numbers) -> Flags:
        left = self._number_goes_left(node, values)
        rows = np.flatnonzero(self.categorical[node])
        left[rows] = self._category_goes_left(node[rows], values[rows])
        return left

    @cached_property
    def first_leaf(self) -> Integers:
        """int32 (T,): where each tree's leaves begin."""
        heads = self.root.copy()
        while (inner := heads >= 0).any():  # down the left edge
            heads[inner] = self.left[heads[inner]]
        return ~heads

    def to_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **{f.name: getattr(self, f.name) for f in fields(self)})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Forest":
        """Raises ArtifactMismatch when an array is missing or the numbers do not fit together."""
        stored = read_arrays("forest.npz", data)
        wanted = {field.name for field in fields(cls)}
        if stored.keys() != wanted:
            raise ArtifactMismatch("forest.npz", sorted(wanted), sorted(stored))
        for name, array in stored.items():
            kind, dimensions = _KINDS.get(name, ("i", 1))
            if array.dtype.kind != kind or array.ndim != dimensions:
                raise ArtifactMismatch("forest.npz", f"{name} as published", array.dtype.str)
        forest = cls(**stored | {"n_features": int(stored["n_features"])})
        if not forest.is_coherent:
            raise ArtifactMismatch("forest.npz", "nodes and leaves of one forest", "loose numbers")
        return forest

    @property
    def is_coherent(self) -> bool:
        """Whether every node and leaf has one place in the trees, and every index a target."""
        nodes, leaves = len(self.feature), len(self.leaf_value)
        flags = (self.nan_left, self.zero_is_missing, self.categorical)
        per_node = (*flags, self.threshold, self.left, self.right, self.node_count)
        if any(len(a) != nodes for a in per_node) or len(self.leaf_count) != leaves:
            return False
        places = np.sort(np.concatenate([self.root, self.left, self.right]))
        children = np.stack([self.left, self.right])
        rows = self.threshold[self.categorical]
        return (
            np.array_equal(places, np.arange(-leaves, nodes))
            and bool(((children < 0) | (children > np.arange(nodes))).all())
            and bool(((self.feature >= 0) & (self.feature < self.n_features)).all())
            and not np.isnan(self.threshold).any()
            and bool(np.isfinite(self.leaf_value).all())
            and bool((self.node_count > 0).all() and (self.leaf_count > 0).all())
            and bool(((rows >= 0) & (rows < len(self.category_left))).all())
        )
