"""Who should be decided by a person, measured on the rows of a training."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from credit_scoring.review import MEASURED_CAUSES, WHOLE, UsualProfile
from numpy.typing import NDArray

# People can look at so many for being near the cut-off.
MOST_NEAR = 0.05
# The standard error is measured on so many rows around the cut-off.
NEIGHBOURS = 0.1
MOST_NEIGHBOURS = 5_000
# So many of the reference are unlike the rest of it.
UNLIKE = 0.01
# On each side of a feature so many values are unusual; of fewer rows an end would be chance.
EXTREME, FEWEST_EXTREME = 0.001, 20


@dataclass(frozen=True)
class NearCutoff:
    """PDs that the model cannot tell from the cut-off.

    low, high : from low on and below high; width : of each side, in log-odds
    standard_error : of the margins there, in log-odds; None when the cut-off parts nobody
    share, share_by_error : of the applicants between low and high, and within one standard error
    """

    low: float
    high: float
    width: float
    standard_error: float | None
    share: float
    share_by_error: float


def nearest_rows(margins: Numbers, cutoff: float) -> NDArray[np.intp]:
    """The rows around the cut-off, the nearest first."""
    most = min(MOST_NEIGHBOURS, max(1, int(NEIGHBOURS * len(margins))))
    return np.argsort(np.abs(margins - _log_odds(cutoff)), kind="stable")[:most]


def standard_error(margins: Numbers) -> float:
    """Of a model's margins, from those of models that each left out one of k groups of rows.

    margins : float64 (k, n), in log-odds
    Returns the median over the n rows of the delete-a-group jackknife's standard error,
    sqrt((k - 1) / k * sum of (margin - mean)²).
    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 11.
    """
    k = len(margins)
    squares = ((margins - margins.mean(axis=0)) ** 2).sum(axis=0)
    return float(np.median(np.sqrt((k - 1) / k * squares)))


def near_cutoff(margins: Numbers, *, cutoff: float, error: float) -> NearCutoff:
    """One standard error on both sides of the cut-off, as far as people can look at so many.

    margins : held out, float64 (n,), in log-odds; error : their standard error there
    """
    if not 0 < cutoff < 1:
        return NearCutoff(cutoff, cutoff, 0.0, None, 0.0, 0.0)
    middle = _log_odds(cutoff)
    distances = np.sort(np.abs(margins - middle))
    width = min(error, float(distances[int(MOST_NEAR * len(margins))]))
    low, high = default_probabilities(np.array([middle - width, middle + width])).tolist()
    pds = default_probabilities(margins)
    share = float(np.mean((pds >= low) & (pds < high)))
    return NearCutoff(low, high, width, error, share, float(np.mean(distances < error)))


def usual_profile(matrix: Numbers, schema: FeatureSchema, shares: Numbers) -> UsualProfile:
    """What is usual among the training rows.

    matrix : float64 (n, F); shares : float64 (F,), of all importance
    The limit is such that at most UNLIKE of these rows are beyond it.
    """
    ends = [_ends(matrix[:, k], name in schema.vocabularies) for k, name in enumerate(schema.names)]
    lows, highs = np.array(ends).reshape(-1, 2).T
    profile = UsualProfile(
        lows=lows,
        highs=highs,
        missing_is_usual=np.isnan(matrix).sum(axis=0) > _few(len(matrix)),
        weights=np.rint(WHOLE * shares),
        limit=0.0,
    )
    limit = float(np.quantile(profile.novelty_score(matrix), 1 - UNLIKE, method="higher"))
    return UsualProfile(lows, highs, profile.missing_is_usual, profile.weights, limit)


def describe_review(near: NearCutoff, causes: Flags, accepted: Flags) -> dict[str, Any]:
    """For people: how many are left to people, and why.

    causes : bool (n, 3), as ReviewRules tells them; accepted : bool (n,), below the cut-off
    """
    reviewed = causes.any(axis=1)
    return {
        "share": float(reviewed.mean()),
        "share_by_cause": dict(zip(MEASURED_CAUSES, causes.mean(axis=0).tolist(), strict=True)),
        "share_accepted": float((accepted & ~reviewed).mean()),
        "share_refused": float((~accepted & ~reviewed).mean()),
        "near_cutoff": asdict(near),
    }


def _ends(values: Numbers, is_category: bool) -> tuple[float, float]:
    """The least and the most that is usual; infinite for categories, and where few are known."""
    known = np.sort(values[~np.isnan(values)])
    beyond = _few(len(known))
    if is_category or len(known) <= 2 * beyond:
        return -np.inf, np.inf
    return float(known[beyond]), float(known[-1 - beyond])


def _few(rows: int) -> int:
    return max(FEWEST_EXTREME, int(EXTREME * rows))


def _log_odds(probability: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log(probability) - np.log1p(-probability))
