"""Which features a model may read, and the vocabulary of its categories."""

from collections.abc import Sequence

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import DERIVED, FEATURES, GROUPED, HISTORY, INPUTS
from credit_scoring.features import CleanInputs, FeatureSchema
from credit_scoring.group_statistics import GroupTable

# The grounds on which nobody may be treated worse: ground -> the features that tell of it.
GROUNDS = {
    ground: tuple(name for name, column in FEATURES.items() if column.protected == ground)
    for ground in sorted({column.protected for column in FEATURES.values()} - {""})
}
# Kept for audits only: a decision that read it would treat men and women differently.
PROTECTED = GROUNDS["gender"]


def choose_schema(inputs: CleanInputs) -> FeatureSchema:
    """Every feature of a row itself that varies among these applicants, protected ones included.

    A vocabulary holds the categories that were seen: one that was not cannot have been learnt.
    """
    applicants = inputs.applicants
    names = [name for name in FEATURES if _is_there(applicants, name)]
    vocabularies = {name: _seen(applicants, name) for name in names if FEATURES[name].is_category}
    schema = FeatureSchema(tuple(names), vocabularies)
    made = zip(names, schema.sources, strict=True)
    return restrict(schema, [name for name, source in made if _varies(source(inputs))])


def restrict(schema: FeatureSchema, names: Sequence[str]) -> FeatureSchema:
    """The same features, numbered alike, but only those named and in that order."""
    kept = {name: words for name, words in schema.vocabularies.items() if name in names}
    groups = {group: t for group in schema.groups if (t := _of_groups(schema, group, names))}
    return FeatureSchema(tuple(names), kept, groups)


def _of_groups(schema: FeatureSchema, group: str, names: Sequence[str]) -> GroupTable | None:
    """A group's table of the features named; None if it has none of them."""
    table = schema.groups[group]
    values = {name: values for name, values in table.values.items() if name in names}
    return GroupTable(table.keys, values) if values else None


def _is_there(applicants: Applicants, name: str) -> bool:
    if name in GROUPED:  # learnt from the rows that a model may see
        return False
    return name in DERIVED or name not in HISTORY or name in applicants.columns


def _seen(applicants: Applicants, name: str) -> tuple[str, ...]:
    codes = np.unique(applicants[name])
    return tuple(INPUTS[name].categories[code] for code in codes if code >= 0)


def _varies(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    present = column[~np.isnan(column)]
    return bool(len(present)) and bool(len(present) < len(column) or np.ptp(present) > 0)
