"""Where an application stands in the eyes of a model: its contributions, summed by family.

All families are there whether or not a model reads one of their features, in the order of
`families.csv`: so models that chose different features share one space, in log-odds.
"""

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons import FAMILIES

Numbers = NDArray[np.float64]


def family_totals(schema: FeatureSchema, contributions: Numbers) -> Numbers:
    """Sums by family, float64 (n, K), from contributions (n, F); a row's bits need no company."""
    place = {family: number for number, family in enumerate(FAMILIES)}
    totals = np.zeros((len(contributions), len(FAMILIES)))
    for number, name in enumerate(schema.names):
        totals[:, place[FEATURES[name].family]] += contributions[:, number]
    return totals
