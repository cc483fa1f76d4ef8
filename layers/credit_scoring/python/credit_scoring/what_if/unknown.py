"""What is not known of an application, ranked by how far each of it could move the PD."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import HISTORY
from credit_scoring.errors import InvalidApplicant
from credit_scoring.scoring import Model, Verdicts, judge_applicants
from credit_scoring.what_if.stacking import stack

# By column: what it usually is.
Usual = Mapping[str, tuple[object, ...]]
# A point in ten thousand is nothing to send anybody home for.
LEAST_REACH = 1e-4


@dataclass(frozen=True)
class UnknownColumn:
    """One column that nobody gave.

    best, worst : rows of the verdicts where it has its most and least favourable usual value
    reach : between the two PDs
    """

    name: str
    values: tuple[object, object]
    best: int
    worst: int
    reach: float


@dataclass(frozen=True)
class Unknowns:
    """verdicts : row 0 of the application as it is, then of each value of each column."""

    verdicts: Verdicts
    columns: list[UnknownColumn]


def rank_unknown(model: Model, base: Applicants, usual: Usual) -> Unknowns:
    """Each missing column that the model reads, alone, everything else as it is.

    base : one row; usual : values by column, of which those that do not fit are left out
    The one that could change most comes first; what changes nothing is left out.
    """
    record = base.record(0)
    missing = [name for name in usual if name not in record and name not in HISTORY]
    variants = [
        (name, value, parsed)
        for name in missing
        for value in usual[name]
        if (parsed := _with(record, name, value)) is not None
    ]
    verdicts = judge_applicants(model, stack([base, *(parsed for _, _, parsed in variants)]))
    pds = verdicts.default_probabilities
    rows: dict[str, list[int]] = {}
    for row, (name, _, _) in enumerate(variants, start=1):
        rows.setdefault(name, []).append(row)
    found = [_column(name, own, pds, variants) for name, own in rows.items()]
    ranked = sorted(found, key=lambda column: -column.reach)
    return Unknowns(verdicts, [column for column in ranked if column.reach >= LEAST_REACH])


def _with(record: Mapping[str, object], name: str, value: object) -> Applicants | None:
    try:
        return parse_record({**record, name: value})
    except InvalidApplicant:  # beside the others it cannot be so
        return None


def _column(
    name: str, rows: list[int], pds: np.ndarray, variants: list[tuple[str, object, Applicants]]
) -> UnknownColumn:
    best, worst = min(rows, key=pds.__getitem__), max(rows, key=pds.__getitem__)
    values = (variants[best - 1][1], variants[worst - 1][1])
    return UnknownColumn(name, values, best, worst, float(pds[worst] - pds[best]))
