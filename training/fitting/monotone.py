"""Which way the domain says a feature must pull, so that no reason can say the absurd."""

from collections.abc import Iterable

from credit_scoring.lender import read_table
from credit_scoring.lender.derived_features import UNDIRECTED as UNDIRECTED

# 1: a higher value never lowers the PD; -1: a higher value never raises it.
DIRECTIONS = {row["feature"]: int(row["direction"]) for row in read_table("monotone")}


def directions(names: Iterable[str]) -> list[int]:
    """LightGBM's `monotone_constraints`, 0 where the domain demands nothing."""
    return [DIRECTIONS.get(name, 0) for name in names]
