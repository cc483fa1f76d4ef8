"""Calls of the compiled kernel, which gives the same bits as `table_shap` and `leaf_shap`.

What C cannot check is checked here: types, shapes and order in memory. That every index in the
forest has a target is what `Forest.is_coherent` says.
"""

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.native.library import flat, library, pointer, structure
from credit_scoring.native.parallel import by_chunks
from credit_scoring.trees.threshold_ranks import ZERO

if TYPE_CHECKING:
    from credit_scoring.trees.forest import Forest
    from credit_scoring.trees.shap_by_leaf import LeafExplainer
    from credit_scoring.trees.shap_by_table import ContributionTables


# As in kernel.c.
MOST_SLOTS = 32
# Rows in one call of the tables: their codes and sums stay in a processor's own cache. Not a power
# of two, or the sums of all features would compete for the same few places there.
ROWS_A_CALL = 504
# Rows that one thread takes at a time, with one piece of work space.
ROWS_AT_ONCE = 4 * ROWS_A_CALL


_TABLES = structure(
    *("i:features", "i:columns", "i:groups", "f:zero", "i:set_codes", "p:set_left"),
    *("p:thresholds", "p:scale_start", "p:feature", "p:scale", "p:nan_left", "p:zero_is_missing"),
    *("p:category_set", "p:bit_start", "p:bit_column", "p:bit_rank", "p:table_start"),
    *("p:sum_start", "p:sum", "p:values"),
)
_LEAVES = structure(
    *("i:features", "i:nodes", "i:leaves", "i:trees", "i:classes", "f:zero"),
    *("i:set_codes", "p:set_left", "p:feature", "p:threshold", "p:nan_left", "p:zero_is_missing"),
    *("p:categorical", "p:slot", "p:left", "p:right", "p:root", "p:leaf_value", "p:class_slots"),
    *("p:class_leaves", "p:class_leaf", "p:class_value", "p:ratio", "p:place_feature"),
    *("p:points", "p:weights"),
)


@dataclass(frozen=True)
class CompiledTables:
    """`explain_by_tables` on the tables of one forest.

    sizes : the structure that the kernel reads; arrays : what it points to, kept alive
    """

    kernel: ctypes.CDLL
    sizes: ctypes.Structure
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, tables: "ContributionTables") -> "CompiledTables | None":
        """None where there is no kernel."""
        kernel = library()
        if kernel is None:
            return None
        forest, ranks, groups = tables.forest, tables.ranks, tables.groups
        arrays = {
            "thresholds": flat(np.float64, ranks.thresholds),
            "scale_start": flat(np.int32, ranks.scale_start),
            "feature": flat(np.int32, ranks.feature),
            "scale": flat(np.int32, ranks.scale),
            "nan_left": flat(np.uint8, ranks.nan_left),
            "zero_is_missing": flat(np.uint8, ranks.zero_is_missing),
            "category_set": flat(np.int32, ranks.category_set),
            "bit_start": flat(np.int64, groups.bit_start),
            "bit_column": flat(np.int32, ranks.node_column[groups.node]),
            "bit_rank": flat(np.uint16, ranks.node_rank[groups.node]),
            "table_start": flat(np.int64, tables.tables.start),
            "sum_start": flat(np.int64, np.append(0, np.cumsum(tables.tables.width))),
            "sum": flat(np.int32, _table_sums(tables)),
            "values": flat(np.float64, tables.tables.values),
        }
        counts = {"columns": len(ranks.feature), "groups": len(groups)}
        return cls(kernel, *_filled(_TABLES, forest, arrays, counts))

    def explain(self, matrix: Numbers, margins: Numbers, contributions: Numbers | None) -> None:
        """Fill margins (n,) and contributions (n, F), if any, from a matrix (n, F)."""
        sizes, call = self.sizes, self.kernel.explain_by_tables

        def work(rows: slice) -> None:
            stride = (min(ROWS_A_CALL, rows.stop - rows.start) + 3) // 4 * 4
            spaces = (
                np.empty((sizes.columns, stride), np.uint16),
                np.empty(stride, np.uint16),
                np.empty((sizes.features + 2, stride)),
            )
            for start in range(rows.start, rows.stop, ROWS_A_CALL):
                some = slice(start, min(start + ROWS_A_CALL, rows.stop))
                _run(call, sizes, matrix[some], margins[some], _rows(contributions, some), spaces)

        by_chunks(work, len(matrix), ROWS_AT_ONCE)


@dataclass(frozen=True)
class CompiledLeaves:
    """`explain_by_leaf` on some leaves of one forest; see CompiledTables."""

    kernel: ctypes.CDLL
    sizes: ctypes.Structure
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, explainer: "LeafExplainer") -> "CompiledLeaves | None":
        """None where there is no kernel, or a leaf has too many features above it."""
        kernel, forest = library(), explainer.forest
        if kernel is None or forest.slots.ratio.shape[1] > MOST_SLOTS:
            return None
        classes = explainer.classes
        arrays = {
            "feature": flat(np.int32, forest.feature),
            "threshold": flat(np.float64, forest.threshold),
            "nan_left": flat(np.uint8, forest.nan_left),
            "zero_is_missing": flat(np.uint8, forest.zero_is_missing),
            "categorical": flat(np.uint8, forest.categorical),
            "slot": flat(np.uint8, forest.slots.of_node),
            "left": flat(np.int32, forest.left),
            "right": flat(np.int32, forest.right),
            "root": flat(np.int32, forest.root),
            "leaf_value": flat(np.float64, forest.leaf_value),
            "class_slots": flat(np.int64, [len(each.ratio) for each in classes]),
            "class_leaves": flat(np.int64, [len(each.leaf) for each in classes]),
            "class_leaf": flat(np.int32, *(each.leaf for each in classes)),
            "class_value": flat(np.float64, *(each.value for each in classes)),
            "ratio": flat(np.float64, explainer.ratio),
            "place_feature": flat(np.int32, explainer.feature),
            "points": flat(np.float64, *(each.points for each in classes)),
            "weights": flat(np.float64, *(each.weights for each in classes)),
        }
        counts = {
            "nodes": len(forest.feature),
            "leaves": len(forest.leaf_value),
            "trees": len(forest.root),
            "classes": len(classes),
        }
        return cls(kernel, *_filled(_LEAVES, forest, arrays, counts))

    def explain(self, matrix: Numbers, margins: Numbers, contributions: Numbers | None) -> None:
        """Fill margins (n,) and contributions (n, F), if any, from a matrix (n, F)."""
        sizes, call = self.sizes, self.kernel.explain_by_leaf

        def work(rows: slice) -> None:
            spaces = (
                np.empty(sizes.nodes, np.uint32),
                np.empty(sizes.leaves, np.uint32),
                np.empty(sizes.features + 1),
            )
            _run(call, sizes, matrix[rows], margins[rows], _rows(contributions, rows), spaces)

        by_chunks(work, len(matrix), ROWS_A_CALL)


def _table_sums(tables: "ContributionTables") -> NDArray[np.intp]:
    """Where a column of a table is added: a feature, F for the margin, F + 1 for nothing."""
    starts, n_features = tables.groups.feature_start, tables.forest.n_features
    begins = np.append(0, np.cumsum(tables.tables.width))
    sums = np.full(begins[-1], n_features + 1)
    group = np.repeat(np.arange(len(tables.groups)), np.diff(starts))
    sums[begins[group] + np.arange(len(group)) - starts[group]] = tables.groups.feature
    sums[begins[:-1] + np.diff(starts)] = n_features
    return sums


def _filled(
    kind: type[ctypes.Structure],
    forest: "Forest",
    arrays: dict[str, NDArray[Any]],
    counts: dict[str, int],
) -> tuple[ctypes.Structure, dict[str, NDArray[Any]]]:
    arrays["set_left"] = flat(np.uint8, forest.category_left)
    pointers = {name: array.ctypes.data for name, array in arrays.items()}
    sets = {"set_codes": forest.category_left.shape[1], "zero": ZERO}
    return kind(features=forest.n_features, **sets, **counts, **pointers), arrays


def _rows(contributions: Numbers | None, rows: slice) -> Numbers | None:
    return None if contributions is None else contributions[rows]


def _run(
    call: Any,
    sizes: Any,
    matrix: Numbers,
    margins: Numbers,
    contributions: Numbers | None,
    spaces: tuple[NDArray[Any], ...],
) -> None:
    """Let a function of the kernel explain these rows; other threads run meanwhile."""
    matrix = np.ascontiguousarray(matrix, np.float64)
    shapes = [(matrix, (len(margins), sizes.features)), (margins, (len(margins),))]
    if contributions is not None:
        shapes.append((contributions, matrix.shape))
    for array, shape in shapes:
        if array.shape != shape or array.dtype != np.float64 or not array.flags.c_contiguous:
            raise ValueError(f"{shape} numbers in C order are needed, not {array.shape}")
    call(
        ctypes.byref(sizes),
        pointer(matrix),
        ctypes.c_int64(len(matrix)),
        pointer(margins),
        None if contributions is None else pointer(contributions),
        *(pointer(space) for space in spaces),
    )
