"""The compiled kernel makes the groups of `trees.leaf_runs` and fills their tables, alike."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.native.library import Filled, Layout, library, pointer

_GROUP_LEAVES = Layout(
    {
        "wide": int,
        "leaf_start": np.int64, "bit_start": np.int64, "feature_start": np.int64,
        "table_start": np.int64, "rows": np.int64, "width": np.int64,
        "step": np.uint16, "sides": np.uint16, "above": np.uint16, "slots": np.int64,
        "value": np.float64, "ratio": np.float64, "column": np.int32,
        "reads": np.uint16, "wants": np.uint16, "points": np.float64, "weights": np.float64,
    }
)  # fmt: skip
_RUNS = Layout(
    {
        "leaves": int, "deep": int, "most_rows": int, "length": np.int32, "known": np.int32,
        "opens": np.uint8, "split": np.int64, "feature": np.int32,
    }
)  # fmt: skip


def open_groups(described: Mapping[str, Any]) -> Flags | None:
    """bool (K,): which leaves open a group, from what is named in _RUNS; None without a kernel."""
    kernel = library()
    if kernel is None:
        return None
    filled, leaves = _RUNS.fill(described), described["leaves"]
    opens, (cost, begins) = np.empty(leaves, np.bool_), np.empty((2, leaves + 1), np.int64)
    kernel.open_groups(
        ctypes.byref(filled.structure), pointer(opens), pointer(cost), pointer(begins)
    )
    return opens


@dataclass(frozen=True)
class CompiledFill:
    """`fill_tables` on the leaf groups of one forest; values : float64, all tables, filled."""

    kernel: ctypes.CDLL
    filled: Filled
    values: Numbers

    @classmethod
    def of(cls, described: Mapping[str, Any], values: Numbers) -> "CompiledFill | None":
        """The kernel and what it reads, named as in _GROUP_LEAVES; None without a kernel."""
        kernel = library()
        return cls(kernel, _GROUP_LEAVES.fill(described), values) if kernel else None

    def fill(self, span: slice) -> None:
        """Fill the tables of some neighbouring groups."""
        space = np.empty(self.kernel.space_needed(), np.uint8)
        first, last = ctypes.c_int64(span.start), ctypes.c_int64(span.stop)
        self.kernel.fill_tables(
            ctypes.byref(self.filled.structure), first, last, pointer(self.values), pointer(space)
        )
