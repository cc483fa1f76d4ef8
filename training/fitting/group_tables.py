"""Statistics of groups of applicants, from the rows given and never from their outcomes."""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import DERIVED, GROUPED
from credit_scoring.features import CleanInputs
from credit_scoring.group_statistics import GroupTable
from credit_scoring.lender.derived_features import FORMULAS
from credit_scoring.lender.group_features import (
    FEWEST_MEMBERS,
    GROUP_FEATURES,
    GROUPS,
    GroupFeature,
)

# Digits that are kept: more would only make a bundle larger.
_DIGITS = 5


def learn_groups(
    inputs: CleanInputs, rows: Indices, names: Iterable[str] = tuple(GROUPED)
) -> dict[str, GroupTable]:
    """A table of each group that the features named tell of, made from the rows given.

    Groups of fewer than FEWEST_MEMBERS are left out, and so is a mean of fewer values. Sums are
    exact, so that the order of the rows does not matter.
    """
    wanted = [name for name in names if name in GROUP_FEATURES]
    counts = Counter(GROUP_FEATURES[name].group for name in wanted)
    return {
        group: _table(inputs, rows, group, [n for n in wanted if GROUP_FEATURES[n].group == group])
        for group in counts
    }


def _table(inputs: CleanInputs, rows: Indices, group: str, names: list[str]) -> GroupTable:
    keys = GROUPS[group](inputs)[rows]
    order = np.argsort(keys, kind="stable")[: np.count_nonzero(~np.isnan(keys))]
    known, starts = np.unique(keys[order], return_index=True)
    members = np.split(rows[order], starts[1:])
    large = [place for place, each in enumerate(members) if len(each) >= FEWEST_MEMBERS]
    return GroupTable(
        tuple(known[large].tolist()),
        {
            name: tuple(
                _statistic(inputs, members[place], GROUP_FEATURES[name], len(rows))
                for place in large
            )
            for name in names
        },
    )


def _statistic(
    inputs: CleanInputs, members: Indices, feature: GroupFeature, rows: int
) -> float | None:
    if feature.statistic == "share":
        return _short(len(members) / rows)
    values = _values(inputs, feature.of)[members]
    values = values[~np.isnan(values)]
    return _short(math.fsum(values) / len(values)) if len(values) >= FEWEST_MEMBERS else None


def _values(inputs: CleanInputs, name: str) -> Numbers:
    if name in DERIVED and name not in inputs:
        inputs[name] = FORMULAS[name](inputs)
    return inputs[name]


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
