"""Whether groups of applicants are treated alike, measured on decisions and outcomes.

The rule for a verdict is the four-fifths rule (US Uniform Guidelines 1978, 29 CFR 1607.4 D): the
approval rate of the group that is accepted least, over that of the group that is accepted most,
should not be below 0.8. For gender nothing excuses a lower ratio. Age, family status and income
type do differ in how often they default: there a lower ratio fails only where the PDs of the group
that is accepted least overstate its defaults, and else asks for attention.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.decision import accepts

from training.evaluation.audit.gender_proxies import GENDER, GenderProxies
from training.evaluation.audit.group_rates import AGE, Group, Rate, groups_of, measure_groups
from training.evaluation.statistics import percentile_interval

Status = Literal["pass", "attention", "fail", "unknown"]

FOUR_FIFTHS = 0.8
OVERSTATED = 0.9  # observed / expected defaults below this, beyond chance
RESAMPLES = 2000

ATTRIBUTES = (GENDER, AGE, with_role("family_status"), with_role("income_type"))


@dataclass(frozen=True)
class AttributeAudit:
    """One attribute's groups and what they say.

    lowest, highest : the judged groups that are accepted least and most
    approval_ratio : lowest over highest, with a bootstrap interval of that pair
    equal_opportunity_difference : largest distance between the judged groups' rates of good payers
        who are refused, with Newcombe's interval
    sentence : the verdict
    calibration : whose PDs are too high or too low beyond chance, in one sentence
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
    seed: int,
    proxies: GenderProxies | None = None,
) -> Audit:
    """Compare groups by gender, age, family status and income type.

    default_probabilities : float64 (n,), from models that did not see the row
    """
    refused = ~accepts(default_probabilities, cutoff=cutoff)
    attributes = [
        _audit_attribute(name, applicants, default_probabilities, refused, defaulted, seed)
        for name in ATTRIBUTES
    ]
    status = _worst([attribute.status for attribute in attributes])
    return Audit(status, _overall_sentence(attributes), attributes, proxies)


def _audit_attribute(
    attribute: str,
    applicants: Applicants,
    pds: Numbers,
    refused: Flags,
    defaulted: Flags,
    seed: int,
) -> AttributeAudit:
    of_row, names = groups_of(applicants, attribute)
    groups = measure_groups(of_row, names, pds, refused, defaulted)
    judged = [group for group in groups if group.judged]
    label = INPUTS[attribute].label_en
    lowest, highest = _extremes(judged)
    ratio = _approval_ratio(lowest, highest, len(defaulted), seed) if lowest and highest else None
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
    )


def _extremes(judged: list[Group]) -> tuple[Group | None, Group | None]:
    """Who is accepted least and most; None when there are not two groups to compare."""
    if len(judged) < 2:
        return None, None
    return min(judged, key=_approval), max(judged, key=_approval)


def _approval(group: Group) -> float:
    return group.approval_rate.value if group.approval_rate else 0.0


def _approval_ratio(lowest: Group, highest: Group, n: int, seed: int) -> Rate | None:
    """None when nobody is accepted. Resampling n applicants is drawing how many are of each kind:
    of either group, accepted or not, or of none.
    """
    if _approval(highest) == 0:
        return None
    kinds = []
    for group in (lowest, highest):
        accepted = round(_approval(group) * group.applicants)
        kinds += [accepted, group.applicants - accepted]
    chances = np.array([*kinds, n - sum(kinds)]) / n
    drawn = np.random.default_rng(seed).multinomial(n, chances, size=RESAMPLES)  # (resamples, 5)
    with np.errstate(divide="ignore", invalid="ignore"):  # a resample may lack a kind
        low, high = drawn[:, 0] / drawn[:, :2].sum(axis=1), drawn[:, 2] / drawn[:, 2:4].sum(axis=1)
        ratios = np.where(high > 0, low / high, np.nan)
    return Rate(_approval(lowest) / _approval(highest), percentile_interval(ratios))


def _equal_opportunity(judged: list[Group]) -> Rate | None:
    """Source of the interval: Newcombe 1998, method 10."""
    rates = sorted(
        (group.false_positive_rate for group in judged if group.false_positive_rate),
        key=lambda rate: rate.value,
    )
    if len(rates) < 2:
        return None
    low, high = rates[0], rates[-1]
    difference = high.value - low.value
    below = math.hypot(high.value - high.interval[0], low.interval[1] - low.value)
    above = math.hypot(high.interval[1] - high.value, low.value - low.interval[0])
    return Rate(difference, (difference - below, difference + above))


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
    for group in judged:
        found = group.observed_to_expected
        if found and not found.interval[0] <= 1 <= found.interval[1]:
            (more if found.value > 1 else fewer).append(f"{group.name} ({found.value:.2f})")
    parts = [("more", more), ("fewer", fewer)]
    said = [f"{word} than expected of {', '.join(names)}" for word, names in parts if names]
    if not said:
        return "defaults of every group are what its PDs say, within chance."
    return f"defaults are {' and '.join(said)}, as a ratio to what the PDs say."


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
    sentence = "; ".join(parts)
    return f"Approval rates {sentence}."
