"""The PD from which on refusing is cheaper than lending."""

import numpy as np
from credit_scoring.errors import EmptyDataset
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def choose_cutoff(default_probabilities: Numbers, defaulted: Flags, *, cost_ratio: float) -> float:
    """Find the PD above which lending costs more than refusing.

    default_probabilities : float64 (n,), in [0, 1]
    defaulted : bool (n,)
    cost_ratio : cost of an accepted default / cost of a refused good applicant

    Returns the cut-off in [0, 1]; ties take the lower PD. For calibrated PDs it comes near
    1 / (1 + cost_ratio).
    Raises EmptyDataset when no row is given.
    Source: Elkan 2001, "The Foundations of Cost-Sensitive Learning".
    """
    if not len(defaulted):
        raise EmptyDataset("a cut-off needs outcomes: no row is given")
    order = np.argsort(default_probabilities, kind="stable")
    bad = defaulted[order]
    ascending = default_probabilities[order]
    # Accepting the k lowest PDs, k = 0..n: defaults among them, good payers among the others.
    accepted_defaults = np.concatenate([[0], np.cumsum(bad)])
    refused_good = np.concatenate([[0], np.cumsum(~bad)])
    refused_good = refused_good[-1] - refused_good
    costs = cost_ratio * accepted_defaults + refused_good
    # Equal PDs are accepted or refused together: only where a new PD begins may the cut lie.
    # Nor does any cut-off accept a PD of one.
    possible = np.concatenate([[True], ascending[1:] != ascending[:-1], ascending[-1:] < 1])
    best = int(np.argmin(np.where(possible, costs, np.inf)))
    return float(ascending[best]) if best < len(ascending) else 1.0


def business_cost(
    default_probabilities: Numbers, defaulted: Flags, *, cutoff: float, cost_ratio: float
) -> float:
    """Cost per applicant, in refused good payers."""
    accepted = default_probabilities < cutoff
    return float(np.mean(cost_ratio * (accepted & defaulted) + (~accepted & ~defaulted)))
