"""What is planted into windows of held-out applications, and what a monitor must say of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from credit_scoring.contract.applicants import Applicants
from numpy.typing import NDArray

from functions.drift_monitor.faults import (
    CONSTANT_SHARE,
    MISSING_RISE,
    VARIED_SHARE,
)
from functions.drift_monitor.finding import PAGE, TICKET, Finding, Kind
from functions.drift_monitor.scopes import EVERYWHERE, Reference

BRANCHES = 10
BROKEN = 3
INCOME, CREDIT, ANNUITY, GOODS = (
    "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE",
)  # fmt: skip
AMOUNTS = (INCOME, CREDIT, ANNUITY, GOODS)
SECOND, THIRD = "EXT_SOURCE_2", "EXT_SOURCE_3"
AGE, INCOME_TYPE = "DAYS_BIRTH", "NAME_INCOME_TYPE"
TEN_YEARS = 3652

type Rows = NDArray[np.intp]
type Edit = Callable[[Applicants, Rows], Applicants]


@dataclass(frozen=True)
class Fault:
    """plant : edits the given rows
    columns : the raw ones to be named, before all others; none: nothing may call
    kinds : each is a right name for it; urgencies : each is right
    source : who causes it, EVERYWHERE or the broken branch; branches : how many there are
    names_all : whether every one of the columns must be named, as far as the model has it
    refused_share : of the rows, turned away at the door for a new word in the first column
    """

    name: str
    plant: Edit
    columns: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    urgencies: frozenset[str] = frozenset({PAGE})
    is_local: bool = False
    branches: int = BRANCHES
    names_all: bool = False
    refused_share: float = 0.0

    @property
    def source(self) -> str:
        return branch_name(BROKEN) if self.is_local else EVERYWHERE


def branch_name(number: int) -> str:
    return f"branch-{number:03}"


def file_name(number: int) -> str:
    return f"file-{number:03}"


@dataclass(frozen=True)
class Told:
    """Whether a run said what it must: each is one column of the table."""

    rang: bool
    column_first: bool
    source_named: bool
    nothing_else: bool

    @property
    def is_right(self) -> bool:
        return self.rang and self.column_first and self.source_named and self.nothing_else


def grade(fault: Fault, found: Sequence[Finding], columns: Sequence[str]) -> Told:
    """columns : raw columns of the model."""
    if not fault.columns:
        calls = [f for f in found if f.urgency in fault.urgencies]
        return Told(*[not calls] * 4)
    wanted = set(fault.columns)
    first = found[0] if found else None
    named = {name for f in found if f.kind in fault.kinds for name in f.columns}
    lacking = (wanted & set(columns)) - named if fault.names_all else set()
    return Told(
        rang=any(f.urgency in fault.urgencies and wanted & {*f.columns} for f in found),
        column_first=first is not None
        and wanted >= {*first.columns}
        and first.kind in fault.kinds
        and not lacking,
        source_named=first is not None
        and first.source == fault.source
        and (
            not fault.is_local or bool(fault.refused_share) or first.files == (file_name(BROKEN),)
        ),
        nothing_else=all(wanted >= {*f.columns} for f in found),
    )


def named_faults() -> Iterator[Fault]:
    """Those that an operator has met or fears."""
    shifts = {"kinds": frozenset({Kind.POPULATION}), "urgencies": frozenset({TICKET})}
    yield Fault("income + 0.50", edited(INCOME, lambda v: v + 0.5))
    yield Fault("price of the goods + 1", edited(GOODS, lambda v: v + 1))
    yield Fault("income x 1.5", edited(INCOME, lambda v: v * 1.5), (INCOME,), **shifts)
    amounts = Fault(
        "amounts x 100", edited(AMOUNTS, lambda v: v * 100), AMOUNTS, frozenset({Kind.UNIT}),
        names_all=True,
    )  # fmt: skip
    yield amounts
    yield replace(amounts, name="amounts x 100 in one branch of 10", is_local=True)
    tenth = replace(amounts, name="amounts x 100 in a tenth of a branch's rows", is_local=True)
    yield replace(tenth, plant=in_a_tenth(amounts.plant))
    for branches in (10, 30, 100):
        yield Fault(
            f"{SECOND} missing in one branch of {branches}",
            edited(SECOND, lambda v: v * np.nan), (SECOND,), frozenset({Kind.MISSING}),
            is_local=True, branches=branches,
        )  # fmt: skip
    yield Fault(
        "a new income type in 10 % of a branch's rows", lambda a, _: a, (INCOME_TYPE,),
        frozenset({Kind.CATEGORY}), is_local=True, refused_share=0.1,
    )  # fmt: skip
    yield Fault("ten years older", edited(AGE, lambda v: v - TEN_YEARS), (AGE,), **shifts)
    for pair in ((CREDIT, ANNUITY), (SECOND, THIRD)):
        yield Fault(
            " <-> ".join(pair), swapped(*pair), pair, frozenset({Kind.SWAPPED}), names_all=True
        )


def faults_of_columns(reference: Reference) -> Iterator[Fault]:
    """Each raw column once empty and once constant, where the rules could see it at all."""
    for place, name in enumerate(reference.names):
        if reference.missing[place] / len(reference) < CONSTANT_SHARE - MISSING_RISE:
            kinds = frozenset({Kind.MISSING})
            yield Fault("a column missing", edited(name, emptied), (name,), kinds)
        if reference.commonest(place) <= VARIED_SHARE * len(reference.ordered(place)):
            kinds = frozenset({Kind.CONSTANT})
            yield Fault("a column constant", edited(name, levelled), (name,), kinds)


def edited(names: str | Sequence[str], change: Callable[[NDArray], NDArray]) -> Edit:
    def plant(applicants: Applicants, rows: Rows) -> Applicants:
        columns = dict(applicants.columns)
        for name in [names] if isinstance(names, str) else names:
            values = columns[name].copy()
            values[rows] = change(values[rows])
            columns[name] = values
        return Applicants(applicants.ids, columns)

    return plant


def in_a_tenth(plant: Edit) -> Edit:
    return lambda applicants, rows: plant(applicants, rows[::10])


def swapped(left: str, right: str) -> Edit:
    def plant(applicants: Applicants, _: Rows) -> Applicants:
        columns = dict(applicants.columns)
        columns[left], columns[right] = columns[right], columns[left]
        return Applicants(applicants.ids, columns)

    return plant


def emptied(values: NDArray) -> NDArray:
    """A category that is missing is -1, a number NaN."""
    return np.full_like(values, np.nan if values.dtype.kind == "f" else -1)


def levelled(values: NDArray) -> NDArray:
    """Everybody has what the middle one has."""
    there = np.sort(values[~np.isnan(values)] if values.dtype.kind == "f" else values)
    return np.full_like(values, there[len(there) // 2])
