"""From log-odds to a decision."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

RISK_BANDS = ("low", "medium", "high")


def default_probabilities(margins: Numbers) -> Numbers:
    """PD in [0, 1] from log-odds, both float64 (n,)."""
    with np.errstate(over="ignore"):  # exp(-margin) of a margin below -709 is infinite: a PD of 0
        odds = np.exp(-margins)
    return 1.0 / (1.0 + odds)


def accepts(probabilities: Numbers, *, cutoff: float) -> NDArray[np.bool_]:
    """Lend below the cut-off, refuse from it on; bool (n,)."""
    return probabilities < cutoff


def risk_bands(probabilities: Numbers, *, edges: tuple[float, float]) -> NDArray[np.int8]:
    """Positions in RISK_BANDS, int8 (n,): low below the first edge, high from the second on."""
    return np.searchsorted(edges, probabilities, side="right").astype(np.int8)
