"""What a counterfactual can move: a field that is worth suggesting, and all that moves with it.

A lever has steps, the zeroth of which changes nothing. Levers combine: amounts are multiplied, so a
smaller loan over a longer time has the annuity that both make.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.applicants import Applicants, Array
from credit_scoring.contract.columns import INPUTS
from credit_scoring.what_if.actionable import SUGGESTED, Field, followers
from credit_scoring.what_if.loan_terms import ANNUITY, GOODS_PRICE, Terms

# One change is better than two, and a small one is still a change.
COST_OF_A_CHANGE = 0.05
_DIGITS = 3  # of an amount that is suggested: nobody asks for a loan of 471,238.17


@dataclass(frozen=True, eq=False)
class Lever:
    """Equal to itself alone, so that it can be a key.

    name : of the field, or down_payment and duration where a field alone does not say it
    field : what the lever is about
    factors : for each field that moves, its multiples float64 (S,), 1 at step 0
    value : instead, what the field is set to, for a lever of two steps
    costs : float64 (S,), 0 at step 0
    """

    name: str
    field: str
    factors: Mapping[str, Numbers]
    value: float | None
    costs: Numbers

    def __len__(self) -> int:
        return len(self.costs)

    @property
    def moves(self) -> tuple[str, ...]:
        return tuple(self.factors) or (self.field,)


def columns_of(base: Applicants, moved: Mapping[Lever, Indices]) -> dict[str, Array]:
    """The columns (n,) that differ from the only row of `base` when levers stand at steps (n,)."""
    columns: dict[str, Array] = {}
    for lever, steps in moved.items():
        for name, factors in lever.factors.items():
            columns[name] = columns.get(name, base[name]) * factors[steps]
        if lever.value is not None:
            columns[lever.field] = np.where(steps > 0, lever.value, base[lever.field])
    # In cents where something moved; what did not move keeps its bits.
    return {name: np.where(v == base[name], v, np.round(v, 2)) for name, v in columns.items()}


def make_levers(base: Applicants, terms: Terms | None, *, forbidden: Container[str]) -> list[Lever]:
    """The levers of one application; one that would move a forbidden field is left out.

    terms : None when the application has no annuity; then nothing is said of the duration
    """
    levers = [lever for field in SUGGESTED.values() for lever in _levers(base, field, terms)]
    return [
        lever
        for lever in levers
        if len(lever) > 1 and not any(name in forbidden for name in lever.moves)
    ]


def _levers(base: Applicants, field: Field, terms: Terms | None) -> Iterator[Lever]:
    if INPUTS[field.name].type == "flag":
        yield from _flag(base, field)
    elif field.name == ANNUITY:
        yield from _duration(field, terms)
    else:
        with_it = tuple(n for n in followers(field.name) if not np.isnan(base[n][0]))
        yield _amount(base, field, field.name, (field.name, *with_it))
        if GOODS_PRICE in with_it:
            kept = tuple(name for name in with_it if name != GOODS_PRICE)
            yield _amount(base, field, "down_payment", (field.name, *kept))


def _flag(base: Applicants, field: Field) -> Iterator[Lever]:
    """From not given to given; one that is given already moves no more."""
    if base[field.name][0] != field.most:
        costs = np.array([0.0, COST_OF_A_CHANGE + field.weight])
        yield Lever(field.name, field.name, {}, field.most, costs)


def _amount(base: Applicants, field: Field, name: str, moves: tuple[str, ...]) -> Lever:
    """An amount in round steps, with fields that follow in proportion."""
    before = float(base[field.name][0])
    assert field.step is not None
    count = round(abs(_furthest(field) - 1) / field.step)
    way = -1 if field.direction == "down" else 1
    shares = way * field.step * np.arange(1, count + 1, dtype=np.float64)
    rounded = _round_significant(before * (1 + shares))
    factors = np.clip(rounded, before * field.least, before * field.most) / before
    return _lever(field, name, moves, factors)


def _duration(field: Field, terms: Terms | None) -> Iterator[Lever]:
    """Every whole number of annuities for which the annuity stays within its bounds."""
    if terms is None:
        return
    durations = np.arange(1, 601, dtype=np.float64)
    factors = terms.annuities(np.array(terms.amount), durations) / terms.annuity
    within = (factors >= field.least) & (factors <= field.most)
    nearest_first = np.argsort(np.abs(factors[within] - 1), kind="stable")
    yield _lever(field, "duration", (field.name,), factors[within][nearest_first])


def _lever(field: Field, name: str, moves: tuple[str, ...], factors: Numbers) -> Lever:
    """With step 0 before the others; those that change nothing are left out."""
    factors = np.concatenate([[1.0], factors[factors != 1.0]])
    change = np.abs(factors - 1)
    costs = np.where(change > 0, COST_OF_A_CHANGE + field.weight * change, 0.0)
    return Lever(name, field.name, dict.fromkeys(moves, factors), None, costs)


def _furthest(field: Field) -> float:
    return field.least if field.direction == "down" else field.most


def _round_significant(values: Numbers) -> Numbers:
    scale = 10.0 ** (np.floor(np.log10(values)) - _DIGITS + 1)
    return np.round(values / scale) * scale
