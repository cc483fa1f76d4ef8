"""How much each feature and each family moves scores, over the rows that drift is measured from."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.population.reference import Reference
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
    """Mean |contribution|, and of a family the mean of its features' sum: what tells the same
    neither counts twice nor hides behind its opposite.

    reference : the bundle's own file; its rows stand in no order, so the first are a sample
    Source: Lundberg & Lee 2017, "A Unified Approach to Interpreting Model Predictions".
    """
    rows = Reference.from_bytes(reference).features[:ROWS].astype(np.float64)
    _, contributions = model.explainer.contributions(rows)
    columns = dict(zip(model.schema.names, contributions.T, strict=True))
    sums: dict[str, Numbers] = defaultdict(lambda: np.zeros(len(rows)))
    for name, column in columns.items():
        sums[FEATURES[name].family] += column
    return Importance(_ranked(columns), _ranked(sums), len(rows))


def _ranked(columns: dict[str, Numbers]) -> list[tuple[str, float]]:
    means = {name: float(np.abs(column).mean()) for name, column in columns.items()}
    return sorted(means.items(), key=lambda item: -item[1])
