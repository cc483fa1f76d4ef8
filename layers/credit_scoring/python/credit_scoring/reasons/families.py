"""Contributions by family: features that tell of one thing weigh as one.

Three external scores and their mean are one matter: summed, what tells the same neither counts
twice nor hides behind its opposite, and the sum over families is still the margin minus the base
value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.lender import read_table

# All of them in the order of the table, whether or not a model reads one of their features: models
# that chose different features share one space.
FAMILIES = {row["family"]: row for row in read_table("families")}


@dataclass(frozen=True)
class Families:
    """How the features of one model fall into families.

    names : of the families, sorted; of_feature : intp (F,), the index of each feature's family
    members : for each family the indices of its features
    """

    names: list[str]
    of_feature: Indices
    members: list[list[int]]


@lru_cache(maxsize=8)
def families_of(names: tuple[str, ...]) -> Families:
    families = [FEATURES[name].family for name in names]
    # Not np.unique: its first call imports numpy.ma, a good part of a cold start.
    known = sorted(set(families))
    of_feature = np.array([known.index(family) for family in families], np.intp)
    members = [np.flatnonzero(of_feature == k).tolist() for k in range(len(known))]
    return Families(known, of_feature, members)


def family_indices(names: Sequence[str]) -> Indices:
    """The index of each feature's family in FAMILIES, intp (F,)."""
    index = {family: number for number, family in enumerate(FAMILIES)}
    return np.array([index[FEATURES[name].family] for name in names], np.intp)


def sum_by_family(contributions: Numbers, of_feature: Indices, n_families: int) -> Numbers:
    """Float64 (n, K) from contributions (n, F); a row's bits do not depend on its company.

    Features are added one after the other, in their order, for one row as for many.
    """
    if len(contributions) == 1:
        return np.bincount(of_feature, contributions[0], n_families)[None]
    totals = np.zeros((n_families, len(contributions)))
    by_feature = np.ascontiguousarray(contributions.T)
    for feature, family in enumerate(of_feature.tolist()):
        totals[family] += by_feature[feature]
    return np.ascontiguousarray(totals.T)


def mean_absolute(contributions: Numbers) -> Numbers:
    """How much each column moves scores: mean |contribution|, float64 (K,) from (n, K).

    Source: Lundberg & Lee 2017, "A Unified Approach to Interpreting Model Predictions".
    """
    return np.array([np.abs(column).mean() for column in contributions.T])
