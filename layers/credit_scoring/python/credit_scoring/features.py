"""The one feature path: validated applicants in, the model's matrix out.

Training, the API and the batch all call `build_features`, so a feature cannot mean two things.
Every step is elementwise with a fixed order of additions: a row gives the same bits alone or among
a million.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers, present_sum
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import DERIVED, FEATURES, GROUPED, HISTORY, INPUTS
from credit_scoring.group_statistics import GroupTable
from credit_scoring.lender.derived_features import CAPS, FORMULAS
from credit_scoring.lender.group_features import GROUP_FEATURES, GROUPS


@dataclass(frozen=True)
class FeatureSchema:
    """Which features a model reads, in order, and how it numbers categories.

    names : every one a key of `contract.FEATURES`
    vocabularies : for each categorical feature, the texts it was trained on, in code order
    groups : for each group that a feature tells of, what the training's rows said of it
    """

    names: tuple[str, ...]
    vocabularies: dict[str, tuple[str, ...]]
    groups: dict[str, GroupTable] = field(default_factory=dict)

    @classmethod
    def of_lists(
        cls,
        names: Iterable[str],
        vocabularies: Mapping[str, Iterable[str]],
        groups: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> "FeatureSchema":
        """As JSON keeps it, which knows no tuples."""
        return cls(
            tuple(names),
            {name: tuple(words) for name, words in vocabularies.items()},
            {name: GroupTable.of_lists(table) for name, table in (groups or {}).items()},
        )

    def __len__(self) -> int:
        return len(self.names)

    def __getstate__(self) -> dict[str, object]:
        """Training pickles pipelines; what is computed from a schema is computed anew."""
        return {"names": self.names, "vocabularies": self.vocabularies, "groups": self.groups}

    @cached_property
    def codes(self) -> dict[str, Numbers]:
        """From a position in the contract's categories to this model's code; NaN if unseen.

        The last entry serves position -1: a missing category is NaN.
        """
        return {name: _codes(name, words) for name, words in self.vocabularies.items()}

    @cached_property
    def sources(self) -> tuple[Callable[["CleanInputs"], Numbers], ...]:
        """How each feature is made, in order; KeyError where this version does not know one."""
        return tuple(_source(self, name) for name in self.names)

    @cached_property
    def history(self) -> tuple[str, ...]:
        """The history columns that the model reads, in its order."""
        return tuple(name for name in self.names if name in HISTORY)

    @cached_property
    def made_of(self) -> dict[str, frozenset[str]]:
        """Of each feature the raw columns that its formula reads, found by running it on nobody."""
        sources = zip(self.names, self.sources, strict=True)
        return {name: _asked_columns(name, source) for name, source in sources}

    @cached_property
    def raw_numbers(self) -> tuple[str, ...]:
        """The raw columns of numbers behind the features, in the contract's order.

        Raw categories are features themselves.
        """
        asked = frozenset[str]().union(*self.made_of.values())
        return tuple(name for name in INPUTS if name in asked and not INPUTS[name].is_category)


def build_features(applicants: Applicants, schema: FeatureSchema) -> Numbers:
    """Compute the model's matrix.

    Returns float64 (n, n_features), stored feature by feature; NaN is missing.
    Raises KeyError when the schema names a feature that this version does not know.
    """
    inputs = CleanInputs(applicants)
    matrix = np.empty((len(schema), len(applicants)))  # (n_features, n)
    for row, source in enumerate(schema.sources):
        matrix[row] = source(inputs)
    return matrix.T


def sent_values(applicants: Applicants, names: Iterable[str]) -> NDArray[np.float32]:
    """Raw columns of numbers as they were sent, before any cap: float32 (n, len(names)).

    NaN is missing, a number that stands for "does not apply" included: a fault lies in a column
    that somebody fills in, and shows there first.
    """
    columns = [_without_sentinel(name, applicants[name]) for name in names]
    return np.array(columns, np.float32).reshape(len(columns), len(applicants)).T


def _source(schema: FeatureSchema, name: str) -> Callable[["CleanInputs"], Numbers]:
    if name in DERIVED:
        return FORMULAS[name]
    if name in GROUPED:
        group = GROUP_FEATURES[name].group
        table = schema.groups[group]
        values = table.column(name)
        return lambda inputs: values[inputs.place(group, table)]
    if FEATURES[name].is_category:
        codes = schema.codes[name]
        return lambda inputs: codes[inputs.applicants[name]]
    return itemgetter(name)


class CleanInputs(dict[str, Numbers]):
    """Numeric inputs after the sentinel and outlier rules, each computed once."""

    def __init__(self, applicants: Applicants) -> None:
        super().__init__()
        self.applicants = applicants
        self._present_sums: dict[tuple[str, ...], tuple[Numbers, Numbers]] = {}
        # By identity: the folds of a training have a table each. It is kept, so that its id is.
        self._places: dict[int, tuple[GroupTable, Indices]] = {}

    def __missing__(self, name: str) -> Numbers:
        self[name] = _clean(name, self.applicants[name])
        return self[name]

    def present_sum(self, names: tuple[str, ...]) -> tuple[Numbers, Numbers]:
        """The sum of the values that are present, and how many are; both float64 (n,)."""
        if names not in self._present_sums:
            self._present_sums[names] = present_sum([self[name] for name in names])
        return self._present_sums[names]

    def place(self, group: str, table: GroupTable) -> Indices:
        """Where each applicant's group stands in a model's table of it."""
        if id(table) not in self._places:
            self._places[id(table)] = table, table.places(GROUPS[group](self))
        return self._places[id(table)][1]


class _Recording(CleanInputs):
    """Inputs of nobody that note what is asked of them."""

    def __init__(self) -> None:
        super().__init__(Applicants([], {}))
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Numbers:
        self.asked.add(name)
        return super().__getitem__(name)


def _asked_columns(name: str, source: Callable[[CleanInputs], Numbers]) -> frozenset[str]:
    if FEATURES[name].is_category:
        return frozenset((name,))
    inputs = _Recording()
    source(inputs)
    return frozenset(inputs.asked)


def _clean(name: str, values: NDArray[Any]) -> Numbers:
    values = _without_sentinel(name, values)
    return np.minimum(values, CAPS[name]) if name in CAPS else values


def _without_sentinel(name: str, values: NDArray[Any]) -> NDArray[Any]:
    sentinel = INPUTS[name].sentinel
    return values if sentinel is None else np.where(values == sentinel, np.nan, values)


def _codes(name: str, vocabulary: tuple[str, ...]) -> Numbers:
    places = {text: float(code) for code, text in enumerate(vocabulary)}
    return np.array([places.get(text, np.nan) for text in INPUTS[name].categories] + [np.nan])
