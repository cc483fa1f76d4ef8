"""The one feature path: validated applicants in, the model's matrix out.

Training, the API and the batch all call `build_features`, so a feature cannot mean two things.
Every step is elementwise with a fixed order of additions: a row gives the same bits alone or among
a million.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import APPLICATION, DERIVED, FEATURES, HISTORY, INPUTS

# Beyond these values the form holds typing errors and rarities (an income of 117 million, 348
# acquaintances observed): they are drawn back to what still orders applicants.
CAPS = {
    "AMT_INCOME_TOTAL": 5_000_000.0,
    "OBS_30_CNT_SOCIAL_CIRCLE": 50.0,
    "OBS_60_CNT_SOCIAL_CIRCLE": 50.0,
    "AMT_REQ_CREDIT_BUREAU_QRT": 20.0,
}
_EXT_SOURCES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
_DOCUMENTS = tuple(name for name in APPLICATION if name.startswith("FLAG_DOCUMENT_"))
_HOUSING = tuple(name for name in APPLICATION if name.endswith("_AVG"))
_ENQUIRIES = tuple(name for name in APPLICATION if name.startswith("AMT_REQ_CREDIT_BUREAU_"))
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


@dataclass(frozen=True)
class FeatureSchema:
    """Which features a model reads, in order, and how it numbers categories.

    names : every one a key of `contract.FEATURES`
    vocabularies : for each categorical feature, the texts it was trained on, in code order
    """

    names: tuple[str, ...]
    vocabularies: dict[str, tuple[str, ...]]

    @classmethod
    def of_lists(
        cls, names: Iterable[str], vocabularies: Mapping[str, Iterable[str]]
    ) -> "FeatureSchema":
        """As JSON keeps it, which knows no tuples."""
        return cls(tuple(names), {name: tuple(words) for name, words in vocabularies.items()})

    def __len__(self) -> int:
        return len(self.names)

    def __getstate__(self) -> dict[str, object]:
        """Training pickles pipelines; what is computed from a schema is computed anew."""
        return {"names": self.names, "vocabularies": self.vocabularies}

    @cached_property
    def codes(self) -> dict[str, Numbers]:
        """From a position in the contract's categories to this model's code; NaN if unseen.

        The last entry serves position -1: a missing category is NaN.
        """
        return {name: _codes(name, words) for name, words in self.vocabularies.items()}

    @cached_property
    def sources(self) -> tuple[Callable[["CleanInputs"], Numbers], ...]:
        """How each feature is made, in order; KeyError where this version does not know one."""
        return tuple(_source(self, name) for name in self.names)

    @cached_property
    def history(self) -> tuple[str, ...]:
        """The history columns that the model reads, in its order."""
        return tuple(name for name in self.names if name in HISTORY)


def build_features(applicants: Applicants, schema: FeatureSchema) -> Numbers:
    """Compute the model's matrix.

    Returns float64 (n, n_features), stored feature by feature; NaN is missing.
    Raises KeyError when the schema names a feature that this version does not know.
    """
    inputs = CleanInputs(applicants)
    matrix = np.empty((len(schema), len(applicants)))  # (n_features, n)
    for row, source in enumerate(schema.sources):
        matrix[row] = source(inputs)
    return matrix.T


def _source(schema: FeatureSchema, name: str) -> Callable[["CleanInputs"], Numbers]:
    if name in DERIVED:
        return DERIVED_FEATURES[name]
    if FEATURES[name].is_category:
        codes = schema.codes[name]
        return lambda inputs: codes[inputs.applicants[name]]
    return itemgetter(name)


class CleanInputs(dict[str, Numbers]):
    """Numeric inputs after the sentinel and outlier rules, each computed once."""

    def __init__(self, applicants: Applicants) -> None:
        super().__init__()
        self.applicants = applicants
        self._present_sums: dict[tuple[str, ...], tuple[Numbers, Numbers]] = {}

    def __missing__(self, name: str) -> Numbers:
        self[name] = _clean(name, self.applicants[name])
        return self[name]

    def present_sum(self, names: tuple[str, ...]) -> tuple[Numbers, Numbers]:
        """The sum of the values that are present, and how many are; both float64 (n,)."""
        if names not in self._present_sums:
            self._present_sums[names] = _present_sum([self[name] for name in names])
        return self._present_sums[names]


def _clean(name: str, values: NDArray[Any]) -> Numbers:
    sentinel = INPUTS[name].sentinel
    if sentinel is not None:
        values = np.where(values == sentinel, np.nan, values)
    return np.minimum(values, CAPS[name]) if name in CAPS else values


def _codes(name: str, vocabulary: tuple[str, ...]) -> Numbers:
    places = {text: float(code) for code, text in enumerate(vocabulary)}
    return np.array([places.get(text, np.nan) for text in INPUTS[name].categories] + [np.nan])


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    """above / below, missing where below is zero."""
    quotient = np.full(above.shape, np.nan)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient


def _present_sum(columns: list[Numbers]) -> tuple[Numbers, Numbers]:
    values = np.array(columns)  # (k, n)
    missing = np.isnan(values)
    np.copyto(values, 0.0, where=missing)
    total = np.zeros(values.shape[1])
    for value in values:  # `sum` adds the values of one row in another order than those of many
        total += value
    return total, len(values) - missing.sum(axis=0, dtype=np.float64)


def _mean(inputs: CleanInputs, names: tuple[str, ...]) -> Numbers:
    return _ratio(*inputs.present_sum(names))


def _total(inputs: CleanInputs, names: tuple[str, ...]) -> Numbers:
    total, count = inputs.present_sum(names)
    return np.where(count > 0, total, np.nan)


def _standard_deviation(inputs: CleanInputs, names: tuple[str, ...]) -> Numbers:
    """Of the present values; missing unless two are."""
    mean = _mean(inputs, names)
    squares = np.zeros(len(inputs.applicants))
    for name in names:
        distance = inputs[name] - mean
        squares += np.where(np.isnan(distance), 0.0, distance * distance)
    count = inputs.present_sum(names)[1]
    return np.where(count > 1, np.sqrt(_ratio(squares, count)), np.nan)


def _extreme(choose: np.ufunc, inputs: CleanInputs, names: tuple[str, ...]) -> Numbers:
    extreme = inputs[names[0]]
    for name in names[1:]:
        extreme = choose(extreme, inputs[name])
    return extreme


def _product(inputs: CleanInputs, names: tuple[str, ...]) -> Numbers:
    """Missing as soon as one factor is."""
    return _extreme(np.multiply, inputs, names)


# One line a feature; its label and family stand under the same name in derived.csv.
DERIVED_FEATURES: dict[str, Callable[[CleanInputs], Numbers]] = {
    # This loan
    "CREDIT_TO_INCOME": lambda i: _ratio(i["AMT_CREDIT"], i["AMT_INCOME_TOTAL"]),
    "ANNUITY_TO_INCOME": lambda i: _ratio(i["AMT_ANNUITY"], i["AMT_INCOME_TOTAL"]),
    "ANNUITY_TO_CREDIT": lambda i: _ratio(i["AMT_ANNUITY"], i["AMT_CREDIT"]),
    "CREDIT_TO_GOODS": lambda i: _ratio(i["AMT_CREDIT"], i["AMT_GOODS_PRICE"]),
    "GOODS_TO_INCOME": lambda i: _ratio(i["AMT_GOODS_PRICE"], i["AMT_INCOME_TOTAL"]),
    "CREDIT_MINUS_GOODS": lambda i: i["AMT_CREDIT"] - i["AMT_GOODS_PRICE"],
    # Income and employment
    "INCOME_AFTER_ANNUITY": lambda i: i["AMT_INCOME_TOTAL"] - i["AMT_ANNUITY"],
    "INCOME_PER_HEAD": lambda i: _ratio(i["AMT_INCOME_TOTAL"], i["CNT_FAM_MEMBERS"]),
    "EMPLOYED_TO_AGE": lambda i: _ratio(i["DAYS_EMPLOYED"], i["DAYS_BIRTH"]),
    "AGE_AT_EMPLOYMENT": lambda i: i["DAYS_EMPLOYED"] - i["DAYS_BIRTH"],
    # Household and its history
    "CHILDREN_SHARE": lambda i: _ratio(i["CNT_CHILDREN"], i["CNT_FAM_MEMBERS"]),
    "ID_CHANGE_TO_AGE": lambda i: _ratio(i["DAYS_ID_PUBLISH"], i["DAYS_BIRTH"]),
    "REGISTRATION_TO_AGE": lambda i: _ratio(i["DAYS_REGISTRATION"], i["DAYS_BIRTH"]),
    "PHONE_CHANGE_TO_AGE": lambda i: _ratio(i["DAYS_LAST_PHONE_CHANGE"], i["DAYS_BIRTH"]),
    "REGISTRATION_MINUS_ID_CHANGE": lambda i: i["DAYS_REGISTRATION"] - i["DAYS_ID_PUBLISH"],
    "CAR_AGE_TO_AGE": lambda i: _ratio(i["OWN_CAR_AGE"] * -365.25, i["DAYS_BIRTH"]),
    "CAR_AGE_TO_EMPLOYED": lambda i: _ratio(i["OWN_CAR_AGE"] * -365.25, i["DAYS_EMPLOYED"]),
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
    "SOCIAL_DEFAULT_RATE_30": lambda i: _ratio(
        i["DEF_30_CNT_SOCIAL_CIRCLE"], i["OBS_30_CNT_SOCIAL_CIRCLE"]
    ),
    "SOCIAL_DEFAULT_RATE_60": lambda i: _ratio(
        i["DEF_60_CNT_SOCIAL_CIRCLE"], i["OBS_60_CNT_SOCIAL_CIRCLE"]
    ),
    "HOUSING_MEAN": lambda i: _mean(i, _HOUSING),
    "HOUSING_MISSING_COUNT": lambda i: len(_HOUSING) - i.present_sum(_HOUSING)[1],
}
