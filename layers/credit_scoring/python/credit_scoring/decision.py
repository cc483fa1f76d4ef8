"""From log-odds to a decision."""

import math

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers

RISK_BANDS = ("low", "medium", "high")
VERDICTS = ("accept", "refuse", "review")


def default_probabilities(margins: Numbers) -> Numbers:
    """PD in [0, 1] from log-odds, both float64 (n,)."""
    with np.errstate(over="ignore"):  # exp(-margin) of a margin below -709 is infinite: a PD of 0
        odds = np.exp(-margins)
    return 1.0 / (1.0 + odds)


def default_probability(margin: float) -> float:
    """The same of one margin, to within rounding; an array of one would take longer."""
    if margin < 0:  # no exponential of a large number, which overflows
        odds = math.exp(margin)
        return odds / (1.0 + odds)
    return 1.0 / (1.0 + math.exp(-margin))


def accepts(probabilities: Numbers, *, cutoff: float) -> NDArray[np.bool_]:
    """Lend below the cut-off, refuse from it on; bool (n,)."""
    return probabilities < cutoff


def risk_bands(probabilities: Numbers, *, edges: tuple[float, float]) -> NDArray[np.int8]:
    """Positions in RISK_BANDS, int8 (n,): low below the first edge, high from the second on."""
    return np.searchsorted(edges, probabilities, side="right").astype(np.int8)


def verdicts(accepted: NDArray[np.bool_], to_review: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Positions in VERDICTS, int8 (n,): what is to be reviewed is neither accepted nor refused."""
    return np.where(to_review, 2, np.where(accepted, 0, 1)).astype(np.int8)
