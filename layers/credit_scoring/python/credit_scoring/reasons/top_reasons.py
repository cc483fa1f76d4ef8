"""The heaviest reasons of a whole file: the words of `explain_row`, for a few microseconds a row.

A block of rows stays in the cache while its contributions are added up family by family, and a
value is put into words once for all rows that would say it alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import batched

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.choice import (
    FEATURES_NAMED,
    NOBODY,
    REASONS_EACH_WAY,
    choose_reasons,
)
from credit_scoring.reasons.families import families_of
from credit_scoring.reasons.row_reasons import family_text, reason_code
from credit_scoring.reasons.wording_columns import WordedColumn

ROWS_AT_ONCE = 1_024


@dataclass(frozen=True)
class TopReasons:
    """The heaviest reasons of n rows, R of each, the heaviest first.

    families, raises, known, absences : as in `Choice`
    named : intp (n, R, FEATURES_NAMED), the features that its text names, or NOBODY
    values : float64 (n, R, FEATURES_NAMED), their values
    """

    schema: FeatureSchema
    families: Indices
    raises: NDArray[np.bool_]
    known: NDArray[np.bool_]
    named: Indices
    values: Numbers
    absences: Indices

    def __len__(self) -> int:
        return len(self.families)

    def codes(self) -> list[list[str]]:
        """R columns of n codes each; "" where there is no reason."""
        return self._columns(reason_code)

    def texts(self, language: str) -> list[list[str]]:
        """R columns of n texts each; "" where there is no reason."""
        begins = self._columns(partial(family_text, language=language))
        columns = zip(begins, self._told(language), strict=True)
        return [list(map(_sentence, begun, *told)) for begun, told in columns]

    def _columns(self, word: Callable[..., str]) -> list[list[str]]:
        """The word of each reason, by its family, its way and whether it is known."""
        families = families_of(self.schema.names).names
        words = [
            word(family, raises=raises, known=known)
            for known in (False, True)
            for raises in (False, True)
            for family in families
        ]
        kinds = 2 * self.known + self.raises
        places = np.where(self.families == NOBODY, -1, kinds * len(families) + self.families)
        words.append("")
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
            self.absences.transpose(1, 2, 0).ravel(),
        )


def _sentence(begin: str, *told: str) -> str:
    """The text of `explain_row`."""
    details = "; ".join(filter(None, told))
    return f"{begin} ({details})" if details else begin


def top_reasons(
    schema: FeatureSchema, features: Numbers, contributions: Numbers, slopes: Numbers, *, most: int
) -> TopReasons:
    """The heaviest reasons of rows (n, F), as `explain_row` tells them.

    slopes : float64 (n,), points of probability for a unit of log-odds
    most : reasons of each row, not above REASONS_EACH_WAY (ValueError)
    """
    if most > REASONS_EACH_WAY:
        raise ValueError(f"at most {REASONS_EACH_WAY} reasons, not {most}")
    n = len(contributions)
    families = np.empty((n, most), np.intp)
    raises, known = np.empty((n, most), np.bool_), np.empty((n, most), np.bool_)
    named, absences = (np.empty((n, most, FEATURES_NAMED), np.intp) for _ in range(2))
    for start in range(0, n, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = np.ascontiguousarray(contributions[rows])
        chosen = choose_reasons(schema, features[rows], block, slopes[rows], most=most)
        families[rows], raises[rows], known[rows] = chosen.families, chosen.raises, chosen.known
        named[rows], absences[rows] = chosen.named, chosen.absences
    values = features[np.arange(n)[:, None, None], named]
    # What no person could make anything of stays unsaid.
    sayable = np.array([FEATURES[name].is_sayable for name in schema.names] + [False])
    said = np.where(sayable[named], named, NOBODY)
    return TopReasons(schema, families, raises, known, said, values, absences)
