"""The rows of a fold, with what is known of groups learnt from the fold's own rows alone."""

from collections.abc import Callable

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import GROUPED
from credit_scoring.features import FeatureSchema
from credit_scoring.lender.group_features import GROUP_FEATURES, GROUPS

from training.fitting.group_tables import learn_groups
from training.fitting.prepared import Prepared

# The rows that are learnt from and those held out, by place -> their matrices.
RowsOf = Callable[[Indices, Indices], tuple[Numbers, Numbers]]


def rows_as_they_are(matrix: Numbers) -> RowsOf:
    return lambda learn, held_out: (matrix[learn], matrix[held_out])


def rows_with_own_groups(
    prepared: Prepared, schema: FeatureSchema, rows: Indices, matrix: Numbers
) -> RowsOf:
    """matrix : float64 (len(rows), F), a schema's features of the rows given

    A held-out row must not tell of its own group: served, an applicant is no member of it either.
    """
    places = {name: place for place, name in enumerate(schema.names) if name in GROUPED}
    groups = {GROUP_FEATURES[name].group for name in places}
    keys = {group: GROUPS[group](prepared.inputs)[rows] for group in groups}

    def rows_of(learn: Indices, held_out: Indices) -> tuple[Numbers, Numbers]:
        tables = learn_groups(prepared.inputs, rows[learn], places)
        parts = matrix[learn], matrix[held_out]  # copies
        for part, taken in zip(parts, (learn, held_out), strict=True):
            for name, place in places.items():
                group = GROUP_FEATURES[name].group
                found = tables[group].places(keys[group][taken])
                part[:, place] = tables[group].column(name)[found]
        return parts

    return rows_of
