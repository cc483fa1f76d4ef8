"""Many values in words: a wording is made once, whatever the number of values that share it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.choice import NOBODY
from credit_scoring.reasons.wording import (
    ABSENCES,
    DAYS_A_YEAR,
    WHOLE_YEARS,
    decimals_of,
    feature_value,
    formatted,
)

# What a value's key is: itself, what it is rounded to, its years (below two, more, or so many that
# only whole ones are told), or from _MISSING on why it is missing.
_EXACT, _ROUNDED, _YEARS, _MANY_YEARS, _WHOLE_YEARS, _MISSING = range(6)
# So near the middle of two roundings, or so large, numpy and Python might round apart.
_DOUBT, _LARGE = 1e-6, 1e9


@dataclass(frozen=True)
class WordedColumn:
    """m values of features, with keys that are equal only where the words are.

    features : places in the schema, or NOBODY
    kinds, cells : a value's key, beside its feature
    """

    schema: FeatureSchema
    features: list[int]
    values: list[float]
    kinds: list[int]
    cells: list[float]

    @classmethod
    def of(
        cls, schema: FeatureSchema, features: Indices, values: Numbers, absences: Indices
    ) -> "WordedColumn":
        """features : intp (m,); values : float64 (m,), as the matrix holds them

        absences : intp (m,), why each is missing, where it is
        """
        kinds, cells = _keys(schema, features, values, absences)
        return cls(schema, features.tolist(), values.tolist(), kinds.tolist(), cells.tolist())

    def words(self, language: str) -> list[str]:
        """Name and value of each, as `formatted` says them; "" for nobody."""
        kinds = range(_MISSING + len(ABSENCES))
        known = dict.fromkeys(((NOBODY, kind, 0.0) for kind in kinds), "")
        keys = zip(self.features, self.kinds, self.cells, strict=True)
        return [
            words
            if (words := known.get(key)) is not None
            else self._say(known, key, value, language)
            for key, value in zip(keys, self.values, strict=True)
        ]

    def _say(
        self, known: dict[tuple[int, int, float], str], key: tuple[int, int, float], value: float,
        language: str,
    ) -> str:  # fmt: skip
        name = self.schema.names[key[0]]
        absence = max(key[1] - _MISSING, 0)
        value_told = feature_value(self.schema, name, value)
        words = formatted(FEATURES[name], value_told, language, absence)
        known[key] = words
        return words


def _keys(
    schema: FeatureSchema, features: Indices, values: Numbers, absences: Indices
) -> tuple[NDArray[np.int8], Numbers]:
    scales, are_days = _how_spoken(schema.names)
    years = values / DAYS_A_YEAR
    in_years = are_days[features] & (np.abs(values) >= DAYS_A_YEAR)
    scaled = np.where(in_years, years * 10, values * scales[features])
    doubtful = np.abs(scaled - np.floor(scaled) - 0.5) < _DOUBT
    doubtful |= np.abs(scaled) > _LARGE
    kinds = np.where(in_years, np.where(np.abs(years) < 2, _YEARS, _MANY_YEARS), _ROUNDED)
    kinds[doubtful] = _EXACT
    cells = np.where(doubtful, values, np.floor(scaled + 0.5))
    whole = are_days[features] & (np.abs(years) >= WHOLE_YEARS)
    kinds[whole], cells[whole] = _WHOLE_YEARS, np.trunc(years[whole])
    missing = np.isnan(values)
    kinds[missing] = _MISSING + absences[missing]
    cells[missing | (features == NOBODY)] = 0.0
    return kinds.astype(np.int8), cells


@lru_cache(maxsize=8)
def _how_spoken(names: tuple[str, ...]) -> tuple[Numbers, NDArray[np.bool_]]:
    """For each feature what a unit of its last decimal is multiplied by, and whether it is days."""
    columns = [FEATURES[name] for name in names]
    scales = np.array([1.0 if c.is_category else 10.0 ** decimals_of(c) for c in columns])
    return scales, np.array([column.is_duration for column in columns], np.bool_)
