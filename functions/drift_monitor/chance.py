"""How likely chance alone is: exact where counts are small, and for the largest of many tests."""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Counts = NDArray[np.integer[Any]]
type Floats = NDArray[np.float64]

# A bin is compared where this many rows of either side are expected in it; the others are pooled.
FEWEST_EXPECTED = 8


def share_rise(count: int, rows: int, count_before: int, rows_before: int) -> float:
    """P-value of a share that rose: Fisher's exact test, one side.

    Source: Fisher 1935, "The Logic of Inductive Inference"; hypergeometric tail.
    """
    total, marked = rows + rows_before, count + count_before
    most = min(rows, marked)
    if count > most:
        return 0.0
    terms = [_log_hypergeometric(k, rows, marked, total) for k in range(count, most + 1)]
    peak = max(terms)
    return min(1.0, math.exp(peak) * sum(math.exp(term - peak) for term in terms))


def _log_hypergeometric(k: int, rows: int, marked: int, total: int) -> float:
    if rows - k > total - marked:
        return -math.inf
    return _log_choose(marked, k) + _log_choose(total - marked, rows - k) - _log_choose(total, rows)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def pooled(reference: Counts, current: Counts) -> tuple[Counts, Counts]:
    """The same two histograms with their rare bins added up: fewer rows than expected say nothing.

    reference, current : rows in each bin, (bins,)
    """
    both = reference + current
    totals = int(reference.sum()), int(current.sum())
    least = min(totals) / max(sum(totals), 1)
    rare = both * least < FEWEST_EXPECTED
    if not rare.any():
        return reference, current
    before, now = (np.append(each[~rare], each[rare].sum()) for each in (reference, current))
    if (before[-1] + now[-1]) * least < FEWEST_EXPECTED and len(before) > 1:
        smallest = int(np.argmin(before[:-1] + now[:-1]))
        for each in (before, now):
            each[smallest] += each[-1]
        before, now = before[:-1], now[:-1]
    return before, now


@lru_cache(maxsize=10_000)
def chi_square_limit(degrees: int, alpha: float) -> float:
    """Which chi-square is exceeded by chance with probability `alpha`.

    Source: Wilson and Hilferty 1931, "The Distribution of Chi-Square".
    """
    if degrees < 1:
        return math.inf
    if degrees == 1:  # the square of a normal value; the approximation is worst here
        return normal_limit(alpha / 2) ** 2
    spread = 2 / (9 * degrees)
    return float(degrees * (1 - spread + normal_limit(alpha) * math.sqrt(spread)) ** 3)


@lru_cache(maxsize=10_000)
def normal_limit(alpha: float) -> float:
    """Which standard normal value is exceeded with probability `alpha` (one side), by bisection."""
    low, high = -10.0, 40.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if math.erfc(middle / math.sqrt(2)) / 2 > alpha else (low, middle)
        )
    return high


def chi_square(reference: Counts, current: Counts) -> float:
    """Pearson's statistic of two histograms over the same bins, both with rows in them."""
    both = (reference + current).astype(np.float64)
    n, m = float(current.sum()), float(reference.sum())
    used = both > 0
    gap = current[used] * math.sqrt(m / n) - reference[used] * math.sqrt(n / m)
    return float(np.sum(gap * gap / both[used]))
