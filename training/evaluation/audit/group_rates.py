"""How each group of applicants fares: its size, its defaults, and how it is decided on.

Who defaults is positive, and so is who is refused. A false positive is a good payer who is refused;
a false negative is a default that is accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.population.intervals import wilson_interval
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
)
from numpy.typing import NDArray

from training.evaluation.statistics import Interval

Texts = NDArray[np.str_]

JUDGED_FROM = 100  # applicants; smaller groups are shown only
SHOWN_FROM = 10  # applicants; the rates of fewer would speak of persons

AGE = with_role("birth")
AGE_EDGES = (25, 35, 45, 55, 65)  # years
AGE_BANDS = ("under 25", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over")
DAYS_A_YEAR = 365.25
MISSING = "missing"


@dataclass(frozen=True)
class Rate:
    value: float
    interval: Interval


@dataclass(frozen=True)
class Group:
    """Rates are None without a denominator, and for groups of fewer than ten.

    judged : whether the group is large enough to enter the verdict
    observed_to_expected : defaults over the sum of PDs; below 1 the PDs overstate the risk
    """

    name: str
    judged: bool
    applicants: int
    mean_pd: float | None
    default_rate: Rate | None
    observed_to_expected: Rate | None
    approval_rate: Rate | None
    false_positive_rate: Rate | None
    false_negative_rate: Rate | None


def groups_of(applicants: Applicants, attribute: str) -> tuple[Texts, list[str]]:
    """Each applicant's group, text (n,), and the groups that occur, in the contract's order."""
    values = applicants[attribute]
    names = (*(AGE_BANDS if attribute == AGE else INPUTS[attribute].categories), MISSING)
    if attribute == AGE:
        missing = np.isnan(values)
        codes = np.searchsorted(AGE_EDGES, -values / DAYS_A_YEAR, side="right")
    else:
        missing, codes = values < 0, values.astype(np.intp)
    codes = np.where(missing, len(names) - 1, codes)
    return np.array(names)[codes], [names[code] for code in np.unique(codes)]


def measure_groups(
    of_row: Texts, names: list[str], pds: Numbers, refused: Flags, defaulted: Flags
) -> list[Group]:
    """One entry a name, from each applicant's group, PD, decision and outcome, all (n,)."""
    rates = _rates(of_row, refused, defaulted)
    return [
        _group(name, rates.by_group.loc[name], pds[of_row == name], defaulted[of_row == name])
        for name in names
    ]


def _rates(of_row: Texts, refused: Flags, defaulted: Flags) -> MetricFrame:
    return MetricFrame(
        metrics={
            "approval": partial(selection_rate, pos_label=0),
            "false_positive": false_positive_rate,
            "false_negative": false_negative_rate,
        },
        y_true=defaulted.astype(np.int8),
        y_pred=refused.astype(np.int8),
        sensitive_features=of_row,
    )


def _group(name: str, rates: Mapping[str, float], pds: Numbers, defaulted: Flags) -> Group:
    n, bad, mean_pd = len(pds), int(defaulted.sum()), float(pds.mean())
    if n < SHOWN_FROM:
        return Group(name, False, n, *[None] * 6)
    default_rate = _rate(bad / n, n)
    return Group(
        name=name,
        judged=n >= JUDGED_FROM,
        applicants=n,
        mean_pd=mean_pd,
        default_rate=default_rate,
        observed_to_expected=_divided(default_rate, mean_pd),
        approval_rate=_rate(rates["approval"], n),
        false_positive_rate=_rate(rates["false_positive"], n - bad),
        false_negative_rate=_rate(rates["false_negative"], bad),
    )


def _rate(value: float, trials: int) -> Rate | None:
    if not trials:
        return None
    low, high = wilson_interval(value * trials, trials)
    return Rate(float(value), (float(low), float(high)))


def _divided(rate: Rate | None, by: float) -> Rate | None:
    if rate is None or by == 0:
        return None
    return Rate(rate.value / by, (rate.interval[0] / by, rate.interval[1] / by))
