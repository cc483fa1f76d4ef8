"""The compiled kernel fills the tables of `group_tables`, with the same bits."""

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.native.library import flat, library, pointer, structure
from credit_scoring.trees.leaf_groups import LONGEST_PATH, LeafGroups
from credit_scoring.trees.shap_by_leaf import gauss_legendre

if TYPE_CHECKING:
    from credit_scoring.trees.forest import Forest
    from credit_scoring.trees.group_tables import GroupTables

_GROUP_LEAVES = structure(
    *("i:wide", "p:leaf_start", "p:bit_start", "p:feature_start", "p:table_start", "p:width"),
    *("p:slots", "p:value", "p:ratio", "p:column", "p:reads", "p:wants", "p:points", "p:weights"),
)


@dataclass(frozen=True)
class CompiledFill:
    """`fill_tables` on the leaf groups of one forest; see `compiled.CompiledTables`."""

    kernel: ctypes.CDLL
    sizes: ctypes.Structure
    arrays: dict[str, NDArray[Any]]
    values: NDArray[np.float64]

    @classmethod
    def of(
        cls, forest: "Forest", groups: LeafGroups, tables: "GroupTables"
    ) -> "CompiledFill | None":
        """None where there is no kernel."""
        kernel, slots = library(), forest.slots
        if kernel is None:
            return None
        points, weights = _rules()
        arrays = {
            "leaf_start": flat(np.int64, groups.leaf_start),
            "bit_start": flat(np.int64, groups.bit_start),
            "feature_start": flat(np.int64, groups.feature_start),
            "table_start": flat(np.int64, tables.start),
            "width": flat(np.int64, tables.width),
            "slots": flat(np.int64, slots.counts[groups.leaf]),
            "value": flat(np.float64, forest.leaf_value[groups.leaf]),
            "ratio": flat(np.float64, slots.ratio[groups.leaf]),
            "column": flat(np.int32, groups.slot_column),
            "reads": flat(np.uint16, groups.slot_reads),
            "wants": flat(np.uint16, groups.slot_wants),
            "points": flat(np.float64, points),
            "weights": flat(np.float64, weights),
        }
        pointers = {name: array.ctypes.data for name, array in arrays.items()}
        sizes = _GROUP_LEAVES(wide=slots.ratio.shape[1], **pointers)
        return cls(kernel, sizes, arrays, tables.values)

    def fill(self, span: slice) -> None:
        """Fill the tables of some neighbouring groups."""
        space = np.empty(self.kernel.space_needed(), np.uint8)
        first, last = ctypes.c_int64(span.start), ctypes.c_int64(span.stop)
        self.kernel.fill_tables(
            ctypes.byref(self.sizes), first, last, pointer(self.values), pointer(space)
        )


def _rules() -> NDArray[np.float64]:
    """float64 (2, LONGEST_PATH + 1, LONGEST_PATH): points and weights by the number of factors."""
    rules = np.zeros((2, LONGEST_PATH + 1, LONGEST_PATH))
    for d in range(1, LONGEST_PATH + 1):
        points, weights = gauss_legendre(d)
        rules[0, d, : len(points)], rules[1, d, : len(points)] = points, weights
    return rules
