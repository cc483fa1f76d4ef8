"""The tables of leaf groups: for each pattern of a group's splits, what its leaves contribute.

What a leaf with d features contributes is tabulated for the 2^d outcomes of its conditions (see
`leaf_shap` for the formula), and added into its group's table where a pattern has that outcome.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.native.parallel import by_chunks
from credit_scoring.native.tables import CompiledFill
from credit_scoring.trees.leaf_groups import LONGEST_PATH, LeafGroups
from credit_scoring.trees.paths import ForestPaths
from credit_scoring.trees.quadrature import gauss_legendre, rules_up_to

Patterns = NDArray[np.uint16]

# Groups whose tables are filled together: enough to hide numpy's cost per call, few enough for the
# cache.
GROUPS_AT_ONCE = 96


@dataclass(frozen=True)
class GroupTables:
    """G tables one after the other, each (rows, width), all widths even.

    A row of a table holds a contribution for each of the group's features, then the value of the
    leaf that is reached, 0 if it is not in the group, then perhaps a zero.

    start : (G,), where each table begins; rows, width : (G,); values : float64, all tables
    """

    start: NDArray[np.intp]
    rows: NDArray[np.intp]
    width: NDArray[np.intp]
    values: Numbers

    @classmethod
    def of(cls, paths: ForestPaths, groups: LeafGroups) -> "GroupTables":
        width = groups.width
        ends = np.cumsum(width * groups.rows)
        start = np.append(0, ends)[:-1]
        tables = cls(start, groups.rows, width, np.zeros(ends[-1] if len(ends) else 0))
        compiled = CompiledFill.of(tables._native_values(paths, groups), tables.values)
        fill = compiled.fill if compiled else partial(tables._fill, paths, groups)
        by_chunks(fill, len(groups), GROUPS_AT_ONCE)
        return tables

    def table(self, group: int) -> Numbers:
        """One group's table, float64 (rows, width)."""
        start, width = int(self.start[group]), int(self.width[group])
        return self.values[start : start + width * int(self.rows[group])].reshape(-1, width)

    def _native_values(self, paths: ForestPaths, groups: LeafGroups) -> dict[str, Any]:
        """What the compiled kernel reads of the groups, and where it writes."""
        above = paths.features
        points, weights = rules_up_to(LONGEST_PATH)
        return {
            "wide": above.ratio.shape[1],
            "leaf_start": groups.leaf_start,
            "bit_start": groups.bit_start,
            "feature_start": groups.feature_start,
            "table_start": self.start,
            "rows": self.rows,
            "width": self.width,
            "step": groups.step,
            "sides": groups.sides,
            "above": groups.above,
            "slots": above.counts[groups.leaf],
            "value": paths.forest.leaf_value[groups.leaf],
            "ratio": above.ratio[groups.leaf],
            "column": groups.slot_column,
            "reads": groups.slot_reads,
            "wants": groups.slot_wants,
            "points": points,
            "weights": weights,
        }

    def _fill(self, paths: ForestPaths, groups: LeafGroups, span: slice) -> None:
        """Fill the tables of some neighbouring groups."""
        leaves = np.arange(groups.leaf_start[span.start], groups.leaf_start[span.stop])  # in groups
        patterns, counts = groups.patterns(span), paths.features.counts[groups.leaf[leaves]]
        for d in np.unique(counts).tolist():
            some = leaves[counts == d]
            outcomes = _outcomes(groups, some, d, patterns[groups.group[some] - span.start])
            shares = self._shares(paths, groups, some, d)
            for group, outcome, share in zip(
                groups.group[some].tolist(), outcomes, shares, strict=True
            ):
                table = self.table(group)
                # No outcome is out of range; "clip" only spares numpy a copy.
                table += share[:, : table.shape[1]].take(outcome[: len(table)], axis=0, mode="clip")

    def _shares(
        self, paths: ForestPaths, groups: LeafGroups, some: NDArray[np.intp], d: int
    ) -> Numbers:
        """float64 (m, 2^d, width) of m leaves with d slots, in the columns of their groups."""
        leaf, group = groups.leaf[some], groups.group[some]
        shares = np.zeros((len(some), 1 << d, self.width[group].max()))
        which = np.arange(len(some))
        value = paths.forest.leaf_value[leaf]
        by_slot = leaf_shares(paths.features.ratio[leaf, :d], value)  # (d, 2^d, m)
        for slot in range(d):
            shares[which, :, groups.slot_column[some, slot]] = by_slot[slot].T
        shares[which, -1, np.diff(groups.feature_start)[group]] = value
        return shares


def _outcomes(
    groups: LeafGroups, some: NDArray[np.intp], d: int, patterns: Patterns
) -> NDArray[np.intp]:
    """(m, R): for each pattern, which of a leaf's d slots are satisfied, as bits.

    patterns : uint16 (m, R)
    """
    reads, wants = groups.slot_reads[some], groups.slot_wants[some]
    outcome = np.zeros(patterns.shape, np.uint16)
    for slot in range(d):
        satisfied = (patterns & reads[:, slot, None]) == wants[:, slot, None]
        outcome |= satisfied.astype(np.uint16) << np.uint16(slot)
    return outcome.astype(np.intp)


def leaf_shares(ratio: Numbers, value: Numbers) -> Numbers:
    """float64 (d, 2^d, m): the contributions of m leaves with d slots; bit k: slot k is satisfied.

    ratio : float64 (m, d); value : float64 (m,)
    """
    m, d = ratio.shape
    shares = np.empty((d, 1 << d, m))
    if d == 0:
        return shares
    integrals = np.zeros((d, 1 << (d - 1), m))
    for point, weight in zip(*gauss_legendre(d), strict=True):
        off = (1 - point) * ratio.T  # (d, m)
        _add_products(integrals, off, off + point, weight * value)
    for slot in range(d):
        by_bit = shares[slot].reshape(-1, 2, 1 << slot, m)
        others = integrals[slot].reshape(-1, 1 << slot, m)
        np.multiply(others, -ratio[:, slot], out=by_bit[:, 0])
        np.multiply(others, 1 - ratio[:, slot], out=by_bit[:, 1])
    return shares


def _add_products(integrals: Numbers, off: Numbers, on: Numbers, weight: Numbers) -> None:
    """Add to each slot (d, 2^(d-1), m) the weighted products over all other slots."""
    d, m = off.shape
    # Over the slots above each slot; then, growing, over those below it.
    above = [np.ones((1, m))]
    for slot in range(d - 1, 0, -1):
        above.append(_double_below(above[-1], off[slot], on[slot]))
    below = weight[None, :]
    for slot in range(d):
        product = above[d - 1 - slot][:, None] * below
        integrals[slot] += product.reshape(-1, m)
        below = np.concatenate([below * off[slot], below * on[slot]])


def _double_below(products: Numbers, off: Numbers, on: Numbers) -> Numbers:
    """One more, lowest bit: products (h, m) to (2 h, m)."""
    return np.stack([products * off, products * on], axis=1).reshape(-1, len(off))
