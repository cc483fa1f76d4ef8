"""The rows of a group's table: one for every pattern of sides that can occur.

Of k splits that compare one column of ranks, the left ones are those of the highest ranks, so there
are k + 1 patterns and not 2^k.
"""

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import changes

Patterns = NDArray[np.uint16]


def number_rows(
    compared: NDArray[np.int64], bit_start: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Patterns, Patterns, Patterns, Patterns]:
    """rows (G,), step, sides, above and weight (M,), as in LeafGroups, of splits (M,).

    A group's rows are numbered by how many splits of each column are on the left; a column's
    digit counts in steps of the product of the sides of the columns before it.
    """
    n_groups = len(bit_start) - 1
    group = np.repeat(np.arange(n_groups), np.diff(bit_start))
    order = np.lexsort((-compared, group))  # by column, from the highest rank down
    split, group = compared[order], group[order]
    column = split >> 16
    fresh = changes(group) | changes(split)
    opens = changes(group) | changes(column)
    digit = np.cumsum(opens) - 1  # one a group and column
    begins = np.flatnonzero(opens)
    count = np.cumsum(fresh) - 1
    sides = np.bincount(digit, weights=fresh, minlength=len(begins)).astype(np.intp) + 1
    step, rows = _steps(sides, group[begins], n_groups)
    found = np.empty((4, len(order)), np.uint16)
    found[:, order] = step[digit], sides[digit], count - count[begins][digit], step[digit] * fresh
    return (rows, *found)


def _steps(
    sides: NDArray[np.intp], group: NDArray[np.intp], n_groups: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The product of the sides before each within its group, and that of all, (G,)."""
    step, rows = np.ones(len(sides), np.intp), np.ones(n_groups, np.intp)
    begins = np.searchsorted(group, np.arange(n_groups))
    place = np.arange(len(sides)) - begins[group]
    for nth in range(int(place.max(initial=-1)) + 1):
        some = place == nth
        step[some] = rows[group[some]]
        rows[group[some]] *= sides[some]
    return step, rows
