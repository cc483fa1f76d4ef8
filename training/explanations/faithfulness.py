"""Whether reasons are true of the model: without what they name, do PDs move as they say?

Taking a contribution off the margin moves the PD its way by definition. The harder question is
asked of the model itself: the features of the named families take the values of other applicants,
and the row is scored once more.
"""

from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.choice import REASONS_EACH_WAY
from credit_scoring.reasons.families import families_of, sum_by_family
from credit_scoring.trees.explainer import Explainer

ROWS = 1_000
DRAWS = 10  # others whose values a row is given in turn
WAYS = {"raises": 1.0, "lowers": -1.0}


@dataclass(frozen=True)
class Faithfulness:
    """Shares of the rows that have such reasons, in [0, 1].

    raises, lowers : whose mean margin falls, or rises, without all their reasons of one way
    heaviest_raises, heaviest_lowers : the same without the heaviest reason alone
    """

    rows: int
    raises: float
    lowers: float
    heaviest_raises: float
    heaviest_lowers: float


def measure_faithfulness(
    explainer: Explainer, schema: FeatureSchema, matrix: Numbers, *, seed: int
) -> Faithfulness:
    """Score some rows of the matrix (n, F) without their reasons."""
    rng = np.random.default_rng(seed)
    rows = matrix[rng.permutation(len(matrix))[:ROWS]]
    drawn = [matrix[rng.integers(0, len(matrix), len(rows))] for _ in range(DRAWS)]
    margins, contributions = explainer.contributions(rows)
    shares = {}
    for name, most in (("", REASONS_EACH_WAY), ("heaviest_", 1)):
        for way, sign in WAYS.items():
            named = named_features(schema, sign * contributions, most)
            without = np.mean(
                [explainer.margins(np.where(named, others, rows)) for others in drawn], axis=0
            )
            moved = sign * (margins - without)[named.any(axis=1)] > 0
            shares[f"{name}{way}"] = float(moved.mean()) if len(moved) else 1.0
    return Faithfulness(len(rows), **shares)


def named_features(schema: FeatureSchema, contributions: Numbers, most: int) -> Flags:
    """The features of each row's heaviest families, of those above zero; bool (n, F)."""
    known = families_of(schema.names)
    totals = sum_by_family(contributions, known.of_feature, len(known.names))
    chosen = np.argsort(-totals, axis=1, kind="stable")[:, :most]
    is_named = np.zeros(totals.shape, np.bool_)
    np.put_along_axis(is_named, chosen, values=True, axis=1)
    return (is_named & (totals > 0))[:, known.of_feature]
