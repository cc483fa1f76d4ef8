"""Calls of the compiled kernel, which gives the same bits as `trees.shap_by_table` and `_by_leaf`.

What C cannot check is checked here: types, shapes and order in memory. That every index in the
forest has a target is what `Forest.is_coherent` says.
"""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.native.library import Filled, Layout, library, pointer
from credit_scoring.native.parallel import by_chunks

# As in kernel.c.
MOST_SLOTS = 32
SOME = 64
APART = 8
NO_CATEGORY = 65_535
# Calls of the tables that use one piece of work space.
CALLS_A_SPACE = 4
# Rows that are explained by leaf at a time, with one piece of work space.
ROWS_AT_ONCE = 512


_TABLES = Layout(
    {
        "features": int, "columns": int, "groups": int, "words": int, "zero": float,
        "categories": int,
        "thresholds": np.float64, "scale_start": np.int32, "feature": np.int32, "scale": np.int32,
        "nan_left": np.uint8, "zero_is_missing": np.uint8,
        "bit_start": np.int64, "bit_column": np.int32, "bit_rank": np.uint16, "bit_set": np.int32,
        "bit_weight": np.uint16, "set_words": np.uint32,
        "table_start": np.int64, "sum_start": np.int64, "sum": np.int32, "values": np.float64,
    }
)  # fmt: skip
_LEAVES = Layout(
    {
        "features": int, "nodes": int, "leaves": int, "trees": int, "classes": int, "zero": float,
        "set_codes": int, "set_left": np.uint8,
        "feature": np.int32, "threshold": np.float64, "nan_left": np.uint8,
        "zero_is_missing": np.uint8, "categorical": np.uint8, "slot": np.uint8,
        "left": np.int32, "right": np.int32, "root": np.int32, "leaf_value": np.float64,
        "class_slots": np.int64, "class_leaves": np.int64, "class_leaf": np.int32,
        "class_value": np.float64, "ratio": np.float64, "place_feature": np.int32,
        "points": np.float64, "weights": np.float64,
    }
)  # fmt: skip


@dataclass(frozen=True)
class CompiledTables:
    """`explain_by_tables` on the tables of one forest; rows_a_call : for so many rows at a time."""

    kernel: ctypes.CDLL
    filled: Filled
    rows_a_call: int

    @classmethod
    def of(cls, values: Mapping[str, Any], rows_a_call: int) -> "CompiledTables | None":
        """The kernel with what it reads, named as in _TABLES; None where there is no kernel.

        Nor is there one for more categories than 16 bits can tell.
        """
        kernel = library()
        if kernel is None or values["categories"] >= NO_CATEGORY:
            return None
        return cls(kernel, _TABLES.fill(values), rows_a_call)

    def explain(self, matrix: Numbers, margins: Numbers, contributions: Numbers | None) -> None:
        """Fill margins (n,) and contributions (n, F), if any, from a matrix (n, F)."""
        sizes, call = self.filled.structure, self.kernel.explain_by_tables
        rows_a_call = self.rows_a_call

        def work(rows: slice) -> None:
            spaces = table_spaces(sizes, min(rows_a_call, rows.stop - rows.start))
            for start in range(rows.start, rows.stop, rows_a_call):
                some = slice(start, min(start + rows_a_call, rows.stop))
                _run(call, sizes, matrix[some], margins[some], _rows(contributions, some), spaces)

        by_chunks(work, len(matrix), CALLS_A_SPACE * rows_a_call)


@dataclass(frozen=True)
class CompiledLeaves:
    """`explain_by_leaf` on some leaves of one forest."""

    kernel: ctypes.CDLL
    filled: Filled

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "CompiledLeaves | None":
        """The kernel with what it reads, named as in _LEAVES; None where there is no kernel.

        No leaf may have more than MOST_SLOTS distinct features above it.
        """
        kernel = library()
        return cls(kernel, _LEAVES.fill(values)) if kernel else None

    def explain(self, matrix: Numbers, margins: Numbers, contributions: Numbers | None) -> None:
        """Fill margins (n,) and contributions (n, F), if any, from a matrix (n, F)."""
        sizes, call = self.filled.structure, self.kernel.explain_by_leaf

        def work(rows: slice) -> None:
            spaces = (
                np.empty(sizes.nodes, np.uint32),
                np.empty(sizes.leaves, np.uint32),
                np.empty(sizes.features + 1),
            )
            _run(call, sizes, matrix[rows], margins[rows], _rows(contributions, rows), spaces)

        by_chunks(work, len(matrix), ROWS_AT_ONCE)


def table_spaces(sizes: Any, rows: int) -> tuple[NDArray[Any], ...]:
    """What explain_by_tables works in, for so many rows at most."""
    stride = -(-rows // SOME) * SOME
    return (
        np.empty((sizes.columns, stride), np.uint16),
        np.empty((sizes.features + 2, stride + APART)),
    )


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
