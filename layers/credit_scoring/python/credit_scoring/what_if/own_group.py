"""Whether another loan is accepted for what it asks of the applicant, or for who else has it.

Features of groups tell of the people who have loans of a price: a lender gives its good customers
good prices, but nobody becomes one by being given such a price. So a change counts only if it also
turns the decision while the applicant stays in the group of the loan that was asked for.
"""

import numpy as np

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.columns import GROUPED
from credit_scoring.decision import default_probabilities
from credit_scoring.scoring import Verdicts


def probabilities_in_own_group(scores: Verdicts, own: Numbers) -> Numbers:
    """PDs of variants (n,) whose features of groups stay those of the application itself.

    own : float64 (F,), its features
    """
    names = scores.model.schema.names
    places = np.array([place for place, name in enumerate(names) if name in GROUPED], np.intp)
    moved = _differs(scores.features[:, places], own[places]).any(axis=1)
    found = scores.default_probabilities.copy()
    if moved.any():
        features = scores.features[moved].copy()
        features[:, places] = own[places]
        found[moved] = default_probabilities(scores.model.explainer.margins(features))
    return found


def _differs(features: Numbers, own: Numbers) -> Flags:
    same: Flags = (features == own) | (np.isnan(features) & np.isnan(own))
    return ~same
