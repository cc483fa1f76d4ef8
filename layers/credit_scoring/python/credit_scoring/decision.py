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


def point_slopes(margins: Numbers, base_value: float) -> Numbers:
    """Points of probability for a unit of log-odds on the way from the average applicant, (n,).

    margins : float64 (n,); base_value : the average applicant's log-odds
    A contribution times its row's slope is what it adds to the PD, and all of them add up from the
    average's PD to this applicant's: the integral of the sigmoid's derivative along the straight
    line between both, which is (PD - average PD) / (margin - base value).
    Source: Sundararajan et al. 2017, "Axiomatic Attribution for Deep Networks".
    """
    probabilities = default_probabilities(margins)
    [average] = default_probabilities(np.array([base_value]))
    way = margins - base_value
    # Where both meet the quotient is lost in rounding, and its limit is the derivative.
    near = np.abs(way) < 1e-6
    middle = default_probabilities((margins + base_value) / 2)
    return np.where(
        near, middle * (1 - middle), (probabilities - average) / np.where(near, 1.0, way)
    )


def accepts(probabilities: Numbers, *, cutoff: float) -> NDArray[np.bool_]:
    """Lend below the cut-off, refuse from it on; bool (n,)."""
    return probabilities < cutoff


def risk_bands(probabilities: Numbers, *, edges: tuple[float, float]) -> NDArray[np.int8]:
    """Positions in RISK_BANDS, int8 (n,): low below the first edge, high from the second on."""
    return np.searchsorted(edges, probabilities, side="right").astype(np.int8)


def verdicts(accepted: NDArray[np.bool_], to_review: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Positions in VERDICTS, int8 (n,): what is to be reviewed is neither accepted nor refused."""
    return np.where(to_review, 2, np.where(accepted, 0, 1)).astype(np.int8)
