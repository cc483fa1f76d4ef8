"""Where an application stands in the eyes of a model: its contributions, summed by family.

All families are there whether or not a model reads one of their features, in the order of
`families.csv`: so models that chose different features share one space, in log-odds.
"""

import numpy as np

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.row_reasons import FAMILIES


def family_places(schema: FeatureSchema) -> Indices:
    """The place of each feature's family in FAMILIES, int (F,)."""
    place = {family: number for number, family in enumerate(FAMILIES)}
    return np.array([place[FEATURES[name].family] for name in schema.names], np.intp)


def family_totals(contributions: Numbers, places: Indices, n_families: int) -> Numbers:
    """Sums by family, float64 (n, K), from contributions (n, F); a row's bits need no company."""
    totals = np.zeros((len(contributions), n_families))
    for feature, family in enumerate(places.tolist()):
        totals[:, family] += contributions[:, feature]
    return totals
