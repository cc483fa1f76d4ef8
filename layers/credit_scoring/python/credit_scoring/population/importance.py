"""How much each feature and each family moves scores, over the rows that drift is measured from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Numbers
from credit_scoring.population.reference import Reference
from credit_scoring.reasons.families import families_of, mean_absolute, sum_by_family
from credit_scoring.scoring import Model

# Enough for the first digits of a mean, few enough to be computed while somebody waits.
ROWS = 2_000


@dataclass(frozen=True)
class Importance:
    """features, families : name and mean absolute contribution (log-odds), the heaviest first
    rows : how many applicants it is the mean of
    """

    features: list[tuple[str, float]]
    families: list[tuple[str, float]]
    rows: int


def measure_importance(model: Model, reference: bytes) -> Importance:
    """Of features, and of families as sums of their features.

    reference : the bundle's own file; its rows stand in no order, so the first are a sample
    """
    rows = Reference.from_bytes(reference).features[:ROWS].astype(np.float64)
    _, contributions = model.explainer.contributions(rows)
    names = model.schema.names
    families = families_of(names)
    sums = sum_by_family(contributions, families.of_feature, len(families.names))
    return Importance(_ranked(names, contributions), _ranked(families.names, sums), len(rows))


def _ranked(names: Sequence[str], contributions: Numbers) -> list[tuple[str, float]]:
    means = zip(names, mean_absolute(contributions).tolist(), strict=True)
    return sorted(means, key=lambda item: -item[1])
