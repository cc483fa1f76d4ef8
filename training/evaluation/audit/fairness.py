"""Whether groups of applicants are treated alike, measured on decisions and outcomes.

The rule for a verdict is the four-fifths rule (US Uniform Guidelines 1978, 29 CFR 1607.4 D): the
approval rate of the group that is accepted least, over that of the group that is accepted most,
should not be below 0.8. For gender nothing excuses a lower ratio. Age, family status and income
type do differ in how often they default: there a lower ratio fails only where the PDs of the group
that is accepted least overstate its defaults, and else asks for attention.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.decision import accepts
from credit_scoring.population.intervals import wilson_interval
from scipy.stats import norm, studentized_range

from training.evaluation.audit.gender_proxies import GENDER, GenderProxies
from training.evaluation.audit.group_rates import AGE, Group, Rate, groups_of, measure_groups
from training.evaluation.statistics import Interval

Status = Literal["pass", "attention", "fail", "unknown"]

FOUR_FIFTHS = 0.8
# Defaults of a group over what its PDs say, beyond chance: from here on it is watched, or fails.
WATCHED_MISCALIBRATION, MOST_MISCALIBRATED = 0.05, 0.25
OVERSTATED = 0.9  # observed / expected defaults below this, beyond chance

ATTRIBUTES = (GENDER, AGE, with_role("family_status"), with_role("income_type"))


@dataclass(frozen=True)
class AttributeAudit:
    """One attribute's groups and what they say.

    lowest, highest : the judged groups that are accepted least and most
    approval_ratio : lowest over highest; equal_opportunity_difference : largest distance between
        the judged groups' rates of good payers who are refused. Their intervals know that the pair
        was picked as the farthest apart of all
    sentence : the verdict
    calibration : whose PDs are too high or too low beyond chance, in one sentence; its status
        fails where defaults are a quarter more or fewer than the PDs say, and asks for attention
        from a twentieth on. `status` and `sentence` are of the approval rates
    """

    attribute: str
    label: str
    groups: list[Group]
    lowest: str | None
    highest: str | None
    approval_ratio: Rate | None
    equal_opportunity_difference: Rate | None
    status: Status
    sentence: str
    calibration: str
    calibration_status: Status


@dataclass(frozen=True)
class Audit:
    """status : fail if an attribute fails, attention if one asks for it or cannot be judged"""

    status: Status
    sentence: str
    attributes: list[AttributeAudit]
    proxies: GenderProxies | None


def audit(
    applicants: Applicants,
    default_probabilities: Numbers,
    defaulted: Flags,
    *,
    cutoff: float,
    proxies: GenderProxies | None = None,
) -> Audit:
    """Compare groups by gender, age, family status and income type.

    default_probabilities : float64 (n,), from models that did not see the row
    """
    refused = ~accepts(default_probabilities, cutoff=cutoff)
    attributes = [
        _audit_attribute(name, applicants, default_probabilities, refused, defaulted)
        for name in ATTRIBUTES
    ]
    statuses = [status for a in attributes for status in (a.status, a.calibration_status)]
    status = _worst(statuses)
    return Audit(status, _overall_sentence(attributes), attributes, proxies)


def _audit_attribute(
    attribute: str,
    applicants: Applicants,
    pds: Numbers,
    refused: Flags,
    defaulted: Flags,
) -> AttributeAudit:
    of_row, names = groups_of(applicants, attribute)
    groups = measure_groups(of_row, names, pds, refused, defaulted)
    judged = [group for group in groups if group.judged]
    label = INPUTS[attribute].label_en
    lowest, highest = _extremes(judged)
    ratio = _approval_ratio(lowest, highest, len(judged)) if lowest and highest else None
    status, sentence = _verdict(attribute, lowest, highest, ratio)
    return AttributeAudit(
        attribute=attribute,
        label=label,
        groups=groups,
        lowest=lowest.name if lowest else None,
        highest=highest.name if highest else None,
        approval_ratio=ratio,
        equal_opportunity_difference=_equal_opportunity(judged),
        status=status,
        sentence=f"{label}: {sentence}",
        calibration=f"{label}: {_calibration(judged)}",
        calibration_status=_calibration_status(judged),
    )


def _extremes(judged: list[Group]) -> tuple[Group | None, Group | None]:
    """Who is accepted least and most; None when there are not two groups to compare."""
    if len(judged) < 2:
        return None, None
    return min(judged, key=_approval), max(judged, key=_approval)


def _approval(group: Group) -> float:
    return group.approval_rate.value if group.approval_rate else 0.0


@cache
def picked_pair_z(groups: int) -> float:
    """Standard errors that the two farthest apart of so many equal groups stay within in 95 %.

    1.96 for two groups, 3.27 for twelve.
    Source: Tukey 1953, "The Problem of Multiple Comparisons" (studentized range).
    """
    return float(studentized_range.ppf(0.95, groups, np.inf)) / math.sqrt(2)


def _approval_ratio(lowest: Group, highest: Group, groups: int) -> Rate | None:
    """None when nobody is accepted. The interval is of the log of the ratio.

    Source: Katz et al. 1978, "Obtaining Confidence Intervals for the Risk Ratio", with half an
    applicant added to each kind so that none is empty.
    """
    if _approval(highest) == 0:
        return None
    value = _approval(lowest) / _approval(highest)
    shares, variance = [], 0.0
    for group in (lowest, highest):
        accepted, n = _approval(group) * group.applicants + 0.5, group.applicants + 1.0
        shares.append(accepted / n)
        variance += 1 / accepted - 1 / n
    ratio, spread = shares[0] / shares[1], picked_pair_z(groups) * math.sqrt(variance)
    ends = ratio * math.exp(-spread), ratio * math.exp(spread)
    return Rate(value, (min(ends[0], value), min(1.0, max(ends[1], value))))


def _equal_opportunity(judged: list[Group]) -> Rate | None:
    """Source of the interval: Newcombe 1998, method 10, as wide as a picked pair needs."""
    known = [group for group in judged if group.false_positive_rate]
    rates = sorted((_refused_good(group) for group in known), key=lambda pair: pair[0] / pair[1])
    if len(rates) < 2:
        return None
    z = picked_pair_z(len(rates))
    (low, low_ends), (high, high_ends) = (_with_ends(*pair, z) for pair in (rates[0], rates[-1]))
    difference = high - low
    below = math.hypot(high - high_ends[0], low_ends[1] - low)
    above = math.hypot(high_ends[1] - high, low - low_ends[0])
    return Rate(difference, (difference - below, difference + above))


def _refused_good(group: Group) -> tuple[float, int]:
    """How many good payers are refused, of how many."""
    assert group.false_positive_rate is not None
    assert group.default_rate is not None
    good = group.applicants - round(group.default_rate.value * group.applicants)
    return group.false_positive_rate.value * good, good


def _with_ends(refused: float, good: int, z: float) -> tuple[float, Interval]:
    low, high = wilson_interval(refused, good, z=z)
    return refused / good, (float(low), float(high))


def _verdict(
    attribute: str, lowest: Group | None, highest: Group | None, ratio: Rate | None
) -> tuple[Status, str]:
    if lowest is None or highest is None:
        return "unknown", "too few applicants to tell."
    if ratio is None:
        return "unknown", "nobody is accepted, so there is nothing to compare."
    found = (
        f"approval of {lowest.name} is {ratio.value:.2f} ({ratio.interval[0]:.2f} to "
        f"{ratio.interval[1]:.2f}) of {highest.name}'s"
    )
    if ratio.value >= FOUR_FIFTHS:
        return "pass", f"{found}: within the four-fifths rule."
    if ratio.interval[1] >= FOUR_FIFTHS:
        return "attention", f"{found}: below four fifths, though chance may explain it."
    if attribute == GENDER:
        return "fail", f"{found}: below four fifths, which nothing excuses."
    if _is_overstated(lowest):
        return "fail", f"{found}: below four fifths, and its PDs overstate how often it defaults."
    return "attention", f"{found}: below four fifths, {_default_rates(lowest, highest)}."


def _is_overstated(group: Group) -> bool:
    found = group.observed_to_expected
    return found is not None and found.value < OVERSTATED and found.interval[1] < 1


def _default_rates(lowest: Group, highest: Group) -> str:
    assert lowest.default_rate is not None
    assert highest.default_rate is not None
    low, high = lowest.default_rate.value, highest.default_rate.value
    return f"where {low:.1%} default against {high:.1%}"


def _calibration(judged: list[Group]) -> str:
    more: list[str] = []
    fewer: list[str] = []
    for group, ratio in _miscalibrated(judged):
        (more if ratio > 1 else fewer).append(f"{group.name} ({ratio:.2f})")
    parts = [("more", more), ("fewer", fewer)]
    said = [f"{word} than expected of {', '.join(names)}" for word, names in parts if names]
    if not said:
        return "defaults of every group are what its PDs say, within chance."
    return f"defaults are {' and '.join(said)}, as a ratio to what the PDs say."


def _miscalibrated(judged: list[Group]) -> list[tuple[Group, float]]:
    """Groups whose defaults are not what their PDs say, beyond what chance does to one of many."""
    # Sidak 1967: as many intervals as there are groups hold together in 95 %.
    z = float(norm.ppf(1 - (1 - 0.95 ** (1 / max(1, len(judged)))) / 2))
    found = []
    for group in judged:
        if not (group.mean_pd and group.default_rate):
            continue
        defaults = group.default_rate.value * group.applicants
        low, high = wilson_interval(defaults, group.applicants, z=z)
        if not low <= group.mean_pd <= high:
            found.append((group, group.default_rate.value / group.mean_pd))
    return found


def _calibration_status(judged: list[Group]) -> Status:
    if not judged:
        return "unknown"
    far = max((abs(ratio - 1) for _, ratio in _miscalibrated(judged)), default=0.0)
    if far > MOST_MISCALIBRATED:
        return "fail"
    return "attention" if far > WATCHED_MISCALIBRATION else "pass"


def _worst(statuses: list[Status]) -> Status:
    if "fail" in statuses:
        return "fail"
    return "pass" if set(statuses) == {"pass"} else "attention"


_SAID: dict[Status, str] = {
    "fail": "below four fifths without excuse",
    "attention": "below four fifths, to be watched",
    "unknown": "not to be told",
    "pass": "within the four-fifths rule",
}


def _overall_sentence(attributes: list[AttributeAudit]) -> str:
    parts = []
    for status, words in _SAID.items():
        labels = [attribute.label for attribute in attributes if attribute.status == status]
        if labels:
            parts.append(f"{words}: {', '.join(labels)}")
    sentence = f"Approval rates {'; '.join(parts)}."
    off = [a.label for a in attributes if a.calibration_status in ("attention", "fail")]
    if off:
        sentence += f" PDs do not say how often groups default, beyond chance, by {', '.join(off)}."
    return sentence
