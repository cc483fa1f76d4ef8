"""Which reasons a row has: one rule for one applicant and for a million.

A reason is a family whose contribution is worth saying. It states something only when most of what
weighs its way is known; otherwise it says that something is not known. It names the features that
weigh most its way on that side, of each subject one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import FEATURES, HISTORY, Column
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.families import families_of, sum_by_family
from credit_scoring.reasons.wording import ABSENCES, DOES_NOT_APPLY, NOT_KNOWN

REASONS_EACH_WAY = 4
FEATURES_NAMED = 2
# Up to so many rows it takes longer to call numpy for each column than to let it add along rows.
FEW_ROWS = 64
NOBODY = -1  # in the place of a family or a feature that there is not
# Worth saying: half a point of probability, or a twentieth of all that moves the applicant.
POINTS_WORTH_SAYING, SHARE_WORTH_SAYING = 0.005, 0.05

type Flags = NDArray[np.bool_]

# Role of a feature that only tells how much is known or missing -> its values that tell nothing of
# the applicant, of one number or of many.
_COUNTS_NOTHING: dict[str, Callable[[Any], Any]] = {
    "known_count": lambda count: count == 0,
    "missing_count": lambda count: count > 0,
}


@dataclass(frozen=True)
class Choice:
    """The heaviest reasons of n rows, R of each, the heaviest first.

    families : intp (n, R), indices in `families_of`, or NOBODY
    totals : float64 (n, K), each family's contribution
    raises : bool (n, R), whether the reason raises the PD
    known : bool (n, R), whether it states something, or says that something is not known
    named : intp (n, R, FEATURES_NAMED), the features that it names, or NOBODY
    absences : intp (n, R, FEATURES_NAMED), why a named value is missing, an index in ABSENCES
    """

    families: Indices
    totals: Numbers
    raises: Flags
    known: Flags
    named: Indices
    absences: Indices


def choose_reasons(
    schema: FeatureSchema, features: Numbers, contributions: Numbers, slopes: Numbers, *, most: int
) -> Choice:
    """The reasons of rows (n, F), at most REASONS_EACH_WAY that raise and as many that lower.

    slopes : float64 (n,), points of probability for a unit of log-odds (`decision.point_slopes`)
    Of equal weights the one that raises the PD comes first, then the families' names decide.
    """
    known = families_of(schema.names)
    totals = sum_by_family(contributions, known.of_feature, len(known.names))
    families, raises = _heaviest(_worth_saying(totals, slopes), most)
    unknown = unknown_values(schema, features)
    states, named = _most_telling(schema, contributions, unknown, families, raises)
    return Choice(families, totals, raises, states, named, _absences(schema, features, named))


def unknown_values(schema: FeatureSchema, features: Numbers) -> Flags:
    """Which of features (n, F) tell nothing of the applicant; bool (n, F).

    What is missing, and a count that only tells how much is.
    """
    unknown = np.isnan(features)
    for index, role in _subjects(schema.names).counts:
        unknown[:, index] |= _COUNTS_NOTHING[role](features[:, index])
    return unknown


def tells_something(name: str, value: float | None) -> bool:
    """The same of one value, None where missing."""
    if value is None:
        return False
    role = FEATURES[name].role if name in FEATURES else ""  # of an older contract
    return role not in _COUNTS_NOTHING or not _COUNTS_NOTHING[role](value)


def _worth_saying(totals: Numbers, slopes: Numbers) -> Numbers:
    """Totals (n, K), those that are too small to be a reason set to 0."""
    sizes = np.abs(totals)
    worth = sizes * slopes[:, None] >= POINTS_WORTH_SAYING
    worth |= sizes >= SHARE_WORTH_SAYING * _sum(sizes)[:, None]
    return np.where(worth, totals, 0.0)


def _heaviest(totals: Numbers, most: int) -> tuple[Indices, Flags]:
    """Families and ways of the heaviest reasons, both (n, most)."""
    n, known = totals.shape
    weights = np.hstack([_heaviest_above_zero(totals), _heaviest_above_zero(-totals)])
    rows = np.arange(n)
    families, raises = np.full((n, most), NOBODY, np.intp), np.zeros((n, most), np.bool_)
    for place in range(most):
        best = weights.argmax(axis=1)
        there = weights[rows, best] > 0
        raises[:, place] = best < known
        families[:, place] = np.where(there, best % known, NOBODY)
        weights[rows, best] = 0.0
    return families, raises


def _heaviest_above_zero(totals: Numbers) -> Numbers:
    """Totals (n, K), all but the REASONS_EACH_WAY heaviest that are above zero set to 0."""
    weights = np.maximum(totals, 0.0)
    others = np.argsort(-weights, axis=1, kind="stable")[:, REASONS_EACH_WAY:]
    np.put_along_axis(weights, others, 0.0, axis=1)
    return weights


def _most_telling(
    schema: FeatureSchema, contributions: Numbers, unknown: Flags, families: Indices, raises: Flags
) -> tuple[Flags, Indices]:
    """Whether each reason states something, and the features that it names."""
    subjects = _subjects(schema.names)
    known = np.ones(families.shape, np.bool_)
    named = np.full((*families.shape, FEATURES_NAMED), NOBODY, np.intp)
    for family, members in enumerate(families_of(schema.names).members):
        rows, places = np.nonzero(families == family)
        if not len(rows):
            continue
        own = np.array(members)
        ways = np.where(raises[rows, places], 1.0, -1.0)[:, None]
        weights = np.maximum(contributions[rows[:, None], own] * ways, 0.0)
        missing = unknown[rows[:, None], own]
        states = _sum(np.where(missing, 0.0, weights)) >= _sum(np.where(missing, weights, 0.0))
        known[rows, places] = states
        telling = np.where(missing == states[:, None], 0.0, weights)
        sayable = np.where(subjects.sayable[own], telling, 0.0)
        telling = np.where((sayable > 0).any(axis=1)[:, None], sayable, telling)
        same = subjects.number[own][:, None] == subjects.number[own]
        each = np.arange(len(rows))
        for number in range(min(FEATURES_NAMED, len(members))):
            best = telling.argmax(axis=1)
            named[rows, places, number] = np.where(telling[each, best] > 0, own[best], NOBODY)
            telling = np.where(same[best], 0.0, telling)
    return known, named


def _sum(weights: Numbers) -> Numbers:
    """Over the columns, one after the other: the same bits alone and in company."""
    if len(weights) <= FEW_ROWS:
        total: Numbers = np.cumsum(weights, axis=1)[:, -1]
        return total
    total = np.zeros(len(weights))
    for column in weights.T:
        total += column
    return total


def _absences(schema: FeatureSchema, features: Numbers, named: Indices) -> Indices:
    """Why each named value is missing, where it is."""
    absences = np.zeros(named.shape, np.intp)
    rows = np.arange(len(named))[:, None, None]
    absent = np.where(np.isnan(features[rows, named]), named, NOBODY)
    # Not np.unique: its first call imports numpy.ma, a good part of a cold start.
    for feature in set(absent.ravel().tolist()) - {NOBODY}:
        where = np.nonzero(absent == feature)
        column = FEATURES[schema.names[feature]]
        absences[where] = why_missing(schema, column, features[where[0]])
    return absences


def why_missing(schema: FeatureSchema, column: Column, features: Numbers) -> Indices:
    """Indices in ABSENCES, intp (n,), for rows (n, F) that lack a column's value.

    It does not apply where the contract says so; of past credits it is known whether anything of
    their source is.
    """
    nothing = ABSENCES.index(column.absence)
    why = np.full(len(features), nothing, np.intp)
    if column.name in HISTORY:
        beside = [
            index
            for index, name in enumerate(schema.names)
            if name in HISTORY and FEATURES[name].absence == column.absence
        ]
        why[~np.isnan(features[:, beside]).all(axis=1)] = NOT_KNOWN
    if column.absent_when and (condition := column.absent_when[0]) in schema.names:
        words = schema.vocabularies[condition]
        codes = [words.index(word) for word in column.absent_when[1] if word in words]
        values = features[:, schema.names.index(condition)]
        for code in codes:
            why[values == code] = DOES_NOT_APPLY
    return why


@dataclass(frozen=True)
class _Subjects:
    """number : intp (F,), equal for features that tell of the same; sayable : bool (F,)

    counts : features that only tell how much is known or missing, with their roles
    """

    number: Indices
    sayable: Flags
    counts: list[tuple[int, str]]


@lru_cache(maxsize=8)
def _subjects(names: tuple[str, ...]) -> _Subjects:
    columns = [FEATURES[name] for name in names]
    numbers: dict[str, int] = {}
    return _Subjects(
        np.array([numbers.setdefault(c.subject or c.name, len(numbers)) for c in columns], np.intp),
        np.array([column.is_sayable for column in columns], np.bool_),
        [(index, c.role) for index, c in enumerate(columns) if c.role in _COUNTS_NOTHING],
    )
