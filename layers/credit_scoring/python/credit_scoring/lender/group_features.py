"""Features that tell of the group an applicant falls into: how it is named, what is told of it.

A tariff is the credit as a multiple of its annuity, to the hundredth: loans that are sold at one
price and for one length share it, and who is offered one, or chooses it, is not just anybody. To
the tenth it is a class of tariffs: larger groups, whose means are surer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from credit_scoring.arrays import Numbers, ratio
from credit_scoring.lender.derived_features import Inputs

# Group -> the number that names an applicant's, whole, so that equal ones are equal to the bit.
GROUPS: dict[str, Callable[[Inputs], Numbers]] = {
    "tariff": lambda i: np.rint(ratio(i["AMT_CREDIT"], i["AMT_ANNUITY"]) * 100.0),
    "tariff_class": lambda i: np.rint(ratio(i["AMT_CREDIT"], i["AMT_ANNUITY"]) * 10.0),
}
# Groups of fewer members tell of persons, and mostly of chance.
FEWEST_MEMBERS = 10


@dataclass(frozen=True)
class GroupFeature:
    """statistic : the group's share of all applicants, or the mean of what its members have

    of : the input or derived feature that is averaged, "" for a share
    """

    group: str
    statistic: Literal["share", "mean"]
    of: str = ""


# One line a feature; its label and family stand under the same name in group_features.csv.
GROUP_FEATURES = {
    "TARIFF_SHARE": GroupFeature("tariff", "share"),
    "TARIFF_EXT_SOURCE_MEAN": GroupFeature("tariff", "mean", "EXT_SOURCE_MEAN"),
    "TARIFF_INCOME_MEAN": GroupFeature("tariff", "mean", "AMT_INCOME_TOTAL"),
    "TARIFF_CREDIT_MEAN": GroupFeature("tariff", "mean", "AMT_CREDIT"),
    "TARIFF_ANNUITY_MEAN": GroupFeature("tariff", "mean", "AMT_ANNUITY"),
    "TARIFF_DAYS_EMPLOYED_MEAN": GroupFeature("tariff", "mean", "DAYS_EMPLOYED"),
    "TARIFF_CLASS_SHARE": GroupFeature("tariff_class", "share"),
    "TARIFF_CLASS_EXT_SOURCE_MEAN": GroupFeature("tariff_class", "mean", "EXT_SOURCE_MEAN"),
    "TARIFF_CLASS_INCOME_MEAN": GroupFeature("tariff_class", "mean", "AMT_INCOME_TOTAL"),
    "TARIFF_CLASS_CREDIT_MEAN": GroupFeature("tariff_class", "mean", "AMT_CREDIT"),
    "TARIFF_CLASS_ANNUITY_MEAN": GroupFeature("tariff_class", "mean", "AMT_ANNUITY"),
    "TARIFF_CLASS_DAYS_EMPLOYED_MEAN": GroupFeature("tariff_class", "mean", "DAYS_EMPLOYED"),
}
