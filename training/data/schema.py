"""Which features a model may read, and the vocabulary of its categories."""

from collections.abc import Sequence

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import DERIVED, FEATURES, HISTORY, INPUTS
from credit_scoring.features import FeatureSchema, build_features

# The grounds on which nobody may be treated worse: ground -> the features that tell of it.
GROUNDS = {
    ground: tuple(name for name, column in FEATURES.items() if column.protected == ground)
    for ground in sorted({column.protected for column in FEATURES.values()} - {""})
}
# Kept for audits only: a decision that read it would treat men and women differently.
PROTECTED = GROUNDS["gender"]


def choose_schema(applicants: Applicants) -> FeatureSchema:
    """Every feature that varies among these applicants, the protected ones included.

    A vocabulary holds the categories that were seen: one that was not cannot have been learnt.
    """
    names = [name for name in FEATURES if _is_there(applicants, name)]
    vocabularies = {name: _seen(applicants, name) for name in names if FEATURES[name].is_category}
    schema = FeatureSchema(tuple(names), vocabularies)
    matrix = build_features(applicants, schema)
    varying = [name for name, column in zip(names, matrix.T, strict=True) if _varies(column)]
    return restrict(schema, varying)


def restrict(schema: FeatureSchema, names: Sequence[str]) -> FeatureSchema:
    """The same features, numbered alike, but only those named and in that order."""
    kept = {name: words for name, words in schema.vocabularies.items() if name in names}
    return FeatureSchema(tuple(names), kept)


def _is_there(applicants: Applicants, name: str) -> bool:
    return name in DERIVED or name not in HISTORY or name in applicants.columns


def _seen(applicants: Applicants, name: str) -> tuple[str, ...]:
    codes = np.unique(applicants[name])
    return tuple(INPUTS[name].categories[code] for code in codes if code >= 0)


def _varies(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    present = column[~np.isnan(column)]
    return bool(len(present)) and bool(len(present) < len(column) or np.ptp(present) > 0)
