"""The heaviest reasons of a whole file: the words of `explain_row`, for a few microseconds a row.

A block of rows stays in the cache while its contributions are added up family by family, and a
value is put into words once for all rows that would say it alike.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import batched

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.families import families_of, sum_by_family
from credit_scoring.reasons.row_reasons import (
    FEATURES_NAMED,
    REASONS_EACH_WAY,
    family_text,
    reason_code,
)
from credit_scoring.reasons.wording_columns import NOBODY, WordedColumn

ROWS_AT_ONCE = 1_024


@dataclass(frozen=True)
class TopReasons:
    """The heaviest reasons of n rows, R of each, the heaviest first.

    families : intp (n, R), places in `families_of`, or NOBODY
    raises : bool (n, R), whether the reason raises the PD
    named : intp (n, R, FEATURES_NAMED), the features that it names, or NOBODY
    values : float64 (n, R, FEATURES_NAMED), their values
    """

    schema: FeatureSchema
    families: Indices
    raises: NDArray[np.bool_]
    named: Indices
    values: Numbers

    def __len__(self) -> int:
        return len(self.families)

    def codes(self) -> list[list[str]]:
        """R columns of n codes each; "" where there is no reason."""
        known = families_of(self.schema.names).names
        words = [reason_code(family, raises=way) for way in (False, True) for family in known]
        return self._columns([*words, ""])

    def texts(self, language: str) -> list[list[str]]:
        """R columns of n texts each; "" where there is no reason."""
        known = families_of(self.schema.names).names
        begins = [
            family_text(family, raises=way, language=language)
            for way in (False, True)
            for family in known
        ]
        columns = zip(self._columns([*begins, ""]), self._told(language), strict=True)
        return [list(map(_sentence, begun, *told)) for begun, told in columns]

    def _columns(self, words: list[str]) -> list[list[str]]:
        """Words by reason: those that lower first, then those that raise; the last for nobody."""
        places = np.where(self.families == NOBODY, len(words) - 1, self.families)
        places = places + (self.raises & (self.families != NOBODY)) * (len(words) // 2)
        return [[words[place] for place in column] for column in places.T.tolist()]

    def _told(self, language: str) -> list[list[list[str]]]:
        """For each reason, for each feature that it may name, n times name and value, or ""."""
        words, n = self._spoken.words(language), len(self)
        count = self.families.shape[1] * FEATURES_NAMED
        columns = [words[place * n : (place + 1) * n] for place in range(count)]
        return [list(pair) for pair in batched(columns, FEATURES_NAMED, strict=True)]

    @cached_property
    def _spoken(self) -> WordedColumn:
        """Column by column."""
        return WordedColumn.of(
            self.schema,
            self.named.transpose(1, 2, 0).ravel(),
            self.values.transpose(1, 2, 0).ravel(),
        )


def _sentence(begin: str, first: str, second: str) -> str:
    """The text of `explain_row`; a reason names a feature at least."""
    if second:
        return f"{begin} ({first}; {second})"
    return f"{begin} ({first})" if begin else ""


def top_reasons(
    schema: FeatureSchema, features: Numbers, contributions: Numbers, *, most: int
) -> TopReasons:
    """The heaviest reasons of rows (n, F), as `explain_row` tells them.

    most : reasons of each row, not above REASONS_EACH_WAY (ValueError)
    """
    if most > REASONS_EACH_WAY:
        raise ValueError(f"at most {REASONS_EACH_WAY} reasons, not {most}")
    n = len(contributions)
    families, raises = np.empty((n, most), np.intp), np.empty((n, most), np.bool_)
    named = np.empty((n, most, FEATURES_NAMED), np.intp)
    known = families_of(schema.names)
    for start in range(0, n, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = np.ascontiguousarray(contributions[rows])
        totals = sum_by_family(block, known.of_feature, len(known.names))
        families[rows], raises[rows] = _heaviest(totals, most)
        named[rows] = _most_telling(block, schema, families[rows], raises[rows])
    values = features[np.arange(n)[:, None, None], named]
    return TopReasons(schema, families, raises, named, values)


def _heaviest(totals: Numbers, most: int) -> tuple[Indices, NDArray[np.bool_]]:
    """Families and ways of the heaviest reasons, both (n, most).

    Of equal weights the one that raises the PD comes first, then the families' names decide.
    """
    n, known = totals.shape
    weights = np.maximum(np.hstack([totals, -totals]), 0.0)
    rows = np.arange(n)
    families, raises = np.empty((n, most), np.intp), np.empty((n, most), np.bool_)
    for place in range(most):
        best = weights.argmax(axis=1)
        raises[:, place] = best < known
        families[:, place] = np.where(weights[rows, best] > 0, best % known, NOBODY)
        weights[rows, best] = 0.0
    return families, raises


def _most_telling(
    block: Numbers, schema: FeatureSchema, families: Indices, raises: NDArray[np.bool_]
) -> Indices:
    """The features of each reason's family that weigh most its way; (n, R, FEATURES_NAMED)."""
    named = np.full((*families.shape, FEATURES_NAMED), NOBODY, np.intp)
    for family, members in enumerate(families_of(schema.names).members):
        rows, places = np.nonzero(families == family)
        own = np.array(members)
        weights = block[rows[:, None], own]
        weights *= np.where(raises[rows, places], 1.0, -1.0)[:, None]
        each = np.arange(len(rows))
        for number in range(min(FEATURES_NAMED, len(members))):
            best = weights.argmax(axis=1)
            speaks = weights[each, best] > 0
            named[rows, places, number] = np.where(speaks, own[best], NOBODY)
            weights[each, best] = -np.inf
    return named
