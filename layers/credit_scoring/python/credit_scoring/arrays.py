"""The kinds of array that the package computes with, and arithmetic in which NaN is missing.

The arithmetic is elementwise with a fixed order of additions: a row gives the same bits alone or
among a million.
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]


def ratio(above: Numbers, below: Numbers) -> Numbers:
    """above / below, missing where below is zero."""
    quotient = np.full(above.shape, np.nan)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient


def present_sum(columns: list[Numbers]) -> tuple[Numbers, Numbers]:
    values = np.array(columns)  # (k, n)
    missing = np.isnan(values)
    np.copyto(values, 0.0, where=missing)
    total = np.zeros(values.shape[1])
    for value in values:  # `sum` adds the values of one row in another order than those of many
        total += value
    return total, len(values) - missing.sum(axis=0, dtype=np.float64)
