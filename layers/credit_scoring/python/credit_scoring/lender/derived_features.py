"""What is computed from this lender's columns: caps, groups of columns, and a formula a feature."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from credit_scoring.arrays import Numbers, ratio
from credit_scoring.lender import read_table

FORM = tuple(row["name"] for row in read_table("columns"))

# Beyond these values the form holds typing errors and rarities (an income of 117 million, 348
# acquaintances observed): they are drawn back to what still orders applicants.
CAPS = {
    "AMT_INCOME_TOTAL": 5_000_000.0,
    "OBS_30_CNT_SOCIAL_CIRCLE": 50.0,
    "OBS_60_CNT_SOCIAL_CIRCLE": 50.0,
    "AMT_REQ_CREDIT_BUREAU_QRT": 20.0,
}
_EXT_SOURCES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
_DOCUMENTS = tuple(name for name in FORM if name.startswith("FLAG_DOCUMENT_"))
_HOUSING = tuple(name for name in FORM if name.endswith("_AVG"))
_ENQUIRIES = tuple(name for name in FORM if name.startswith("AMT_REQ_CREDIT_BUREAU_"))
_ADDRESS_FLAGS = (
    "REG_REGION_NOT_LIVE_REGION",
    "REG_REGION_NOT_WORK_REGION",
    "LIVE_REGION_NOT_WORK_REGION",
    "REG_CITY_NOT_LIVE_CITY",
    "REG_CITY_NOT_WORK_CITY",
    "LIVE_CITY_NOT_WORK_CITY",
)
_CONTACT_FLAGS = (
    "FLAG_MOBIL",
    "FLAG_EMP_PHONE",
    "FLAG_WORK_PHONE",
    "FLAG_CONT_MOBILE",
    "FLAG_PHONE",
    "FLAG_EMAIL",
)

# Moves with the scores from outside but neither up nor down with them, so that through it a better
# score could raise the PD: left out of a model that keeps the directions of monotone.csv.
UNDIRECTED = ("EXT_SOURCE_STD",)


class Inputs(Protocol):
    """Numeric inputs by name, each float64 (n,) with NaN for missing."""

    def __getitem__(self, name: str) -> Numbers: ...
    def present_sum(self, names: tuple[str, ...]) -> tuple[Numbers, Numbers]:
        """The sum of the values that are present, and how many are; both float64 (n,)."""


def _mean(inputs: Inputs, names: tuple[str, ...]) -> Numbers:
    return ratio(*inputs.present_sum(names))


def _total(inputs: Inputs, names: tuple[str, ...]) -> Numbers:
    total, count = inputs.present_sum(names)
    return np.where(count > 0, total, np.nan)


def _standard_deviation(inputs: Inputs, names: tuple[str, ...]) -> Numbers:
    """Of the present values; missing unless two are."""
    mean = _mean(inputs, names)
    squares = np.zeros(len(mean))
    for name in names:
        distance = inputs[name] - mean
        squares += np.where(np.isnan(distance), 0.0, distance * distance)
    count = inputs.present_sum(names)[1]
    return np.where(count > 1, np.sqrt(ratio(squares, count)), np.nan)


def _extreme(choose: np.ufunc, inputs: Inputs, names: tuple[str, ...]) -> Numbers:
    extreme = inputs[names[0]]
    for name in names[1:]:
        extreme = choose(extreme, inputs[name])
    return extreme


def _product(inputs: Inputs, names: tuple[str, ...]) -> Numbers:
    """Missing as soon as one factor is."""
    return _extreme(np.multiply, inputs, names)


# One line a feature; its label and family stand under the same name in derived.csv.
FORMULAS: dict[str, Callable[[Inputs], Numbers]] = {
    # This loan
    "CREDIT_TO_INCOME": lambda i: ratio(i["AMT_CREDIT"], i["AMT_INCOME_TOTAL"]),
    "ANNUITY_TO_INCOME": lambda i: ratio(i["AMT_ANNUITY"], i["AMT_INCOME_TOTAL"]),
    "ANNUITY_TO_CREDIT": lambda i: ratio(i["AMT_ANNUITY"], i["AMT_CREDIT"]),
    "CREDIT_TO_GOODS": lambda i: ratio(i["AMT_CREDIT"], i["AMT_GOODS_PRICE"]),
    "GOODS_TO_INCOME": lambda i: ratio(i["AMT_GOODS_PRICE"], i["AMT_INCOME_TOTAL"]),
    "CREDIT_MINUS_GOODS": lambda i: i["AMT_CREDIT"] - i["AMT_GOODS_PRICE"],
    # Income and employment
    "INCOME_AFTER_ANNUITY": lambda i: i["AMT_INCOME_TOTAL"] - i["AMT_ANNUITY"],
    "INCOME_PER_HEAD": lambda i: ratio(i["AMT_INCOME_TOTAL"], i["CNT_FAM_MEMBERS"]),
    "EMPLOYED_TO_AGE": lambda i: ratio(i["DAYS_EMPLOYED"], i["DAYS_BIRTH"]),
    "AGE_AT_EMPLOYMENT": lambda i: i["DAYS_EMPLOYED"] - i["DAYS_BIRTH"],
    # Household and its history
    "CHILDREN_SHARE": lambda i: ratio(i["CNT_CHILDREN"], i["CNT_FAM_MEMBERS"]),
    "ID_CHANGE_TO_AGE": lambda i: ratio(i["DAYS_ID_PUBLISH"], i["DAYS_BIRTH"]),
    "REGISTRATION_TO_AGE": lambda i: ratio(i["DAYS_REGISTRATION"], i["DAYS_BIRTH"]),
    "PHONE_CHANGE_TO_AGE": lambda i: ratio(i["DAYS_LAST_PHONE_CHANGE"], i["DAYS_BIRTH"]),
    "REGISTRATION_MINUS_ID_CHANGE": lambda i: i["DAYS_REGISTRATION"] - i["DAYS_ID_PUBLISH"],
    "CAR_AGE_TO_AGE": lambda i: ratio(i["OWN_CAR_AGE"] * -365.25, i["DAYS_BIRTH"]),
    "CAR_AGE_TO_EMPLOYED": lambda i: ratio(i["OWN_CAR_AGE"] * -365.25, i["DAYS_EMPLOYED"]),
    # External scores
    "EXT_SOURCE_MEAN": lambda i: _mean(i, _EXT_SOURCES),
    "EXT_SOURCE_MIN": lambda i: _extreme(np.fmin, i, _EXT_SOURCES),
    "EXT_SOURCE_MAX": lambda i: _extreme(np.fmax, i, _EXT_SOURCES),
    "EXT_SOURCE_STD": lambda i: _standard_deviation(i, _EXT_SOURCES),
    "EXT_SOURCE_PRODUCT": lambda i: _product(i, _EXT_SOURCES),
    "EXT_SOURCE_COUNT": lambda i: i.present_sum(_EXT_SOURCES)[1],
    # Documents, contact, surroundings, housing
    "DOCUMENT_COUNT": lambda i: _total(i, _DOCUMENTS),
    "CONTACT_COUNT": lambda i: _total(i, _CONTACT_FLAGS),
    "ADDRESS_MISMATCH_COUNT": lambda i: _total(i, _ADDRESS_FLAGS),
    "BUREAU_ENQUIRY_COUNT": lambda i: _total(i, _ENQUIRIES),
    "SOCIAL_DEFAULT_RATE_30": lambda i: ratio(
        i["DEF_30_CNT_SOCIAL_CIRCLE"], i["OBS_30_CNT_SOCIAL_CIRCLE"]
    ),
    "SOCIAL_DEFAULT_RATE_60": lambda i: ratio(
        i["DEF_60_CNT_SOCIAL_CIRCLE"], i["OBS_60_CNT_SOCIAL_CIRCLE"]
    ),
    "HOUSING_MEAN": lambda i: _mean(i, _HOUSING),
    "HOUSING_MISSING_COUNT": lambda i: len(_HOUSING) - i.present_sum(_HOUSING)[1],
}
