"""The compiled kernel fills the tables of `trees.group_tables`, with the same bits."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from credit_scoring.arrays import Numbers
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
