"""One application in many variants, ready to be scored in one call."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.applicants import Applicants, Array
from credit_scoring.contract.columns import INPUTS

# Field -> least and most value.
Limits = Mapping[str, tuple[float, float]]


def vary(base: Applicants, columns: Mapping[str, Array]) -> Applicants:
    """The only row of `base` n times, with these columns (n,) in place of its own."""
    count = len(next(iter(columns.values())))
    first = np.zeros(count, np.intp)
    repeated: dict[str, Array] = {name: own[first] for name, own in base.columns.items()}
    return Applicants(base.ids * count, {**repeated, **columns})


def stack(parts: Sequence[Applicants]) -> Applicants:
    """Applications one after the other; what a part did not send is missing there."""
    names = dict.fromkeys(name for part in parts for name in part.columns)
    nothing = [(np.full(len(part), np.nan), np.full(len(part), -1, np.int32)) for part in parts]
    columns: dict[str, Array] = {}
    for name in names:
        kind = INPUTS[name].is_category
        values = [
            part.columns.get(name, none[kind]) for part, none in zip(parts, nothing, strict=True)
        ]
        columns[name] = np.concatenate(values)
    return Applicants([each for part in parts for each in part.ids], columns)


def keeps(columns: Mapping[str, Array], limits: Limits) -> NDArray[np.bool_]:
    """bool (n,): whether every value is within the contract and the limits; missing ones are."""
    fine = np.ones(len(next(iter(columns.values()))), np.bool_)
    for name, values in columns.items():
        least, most = limits.get(name, (-np.inf, np.inf))
        contract = INPUTS[name]
        below = values < max(least, contract.minimum)
        fine &= ~(below | (values > min(most, contract.maximum)))
    return fine
