"""Technical faults of one scope: what a column looks like when an export broke, not when people
changed. Each test looks for a signature that no population shows by itself.
"""

import math
from collections.abc import Iterator, Set
from itertools import combinations

import numpy as np

from functions.drift_monitor.chance import share_rise
from functions.drift_monitor.finding import Finding, Kind
from functions.drift_monitor.scopes import Reference, Scope, distance
from functions.drift_monitor.stability import movement

# A column that every tenth row lacks more than before may be a new kind of client; every fifth not.
MISSING_RISE = 0.2
CONSTANT_SHARE, VARIED_SHARE = 0.99, 0.9
FEWEST_REFUSED, NEW_CATEGORY_SHARE, REFUSED_SHARE = 5, 0.02, 0.05
UNITS = tuple(10.0**power for power in (1, 2, 3, -1, -2, -3))
# Of a column of which only some values have another unit: how many, and units that no applicant
# explains (an income may well be ten times the usual one).
FEWEST_STRAY, STRAY_SHARE = 5, 0.02
STRAY_UNITS = tuple(unit for unit in UNITS if not 0.05 < unit < 50)
NEAR_UNIT = 0.5  # of a power of ten
# Distances (0 to 1): from its own reference, and from the one that it would fit.
FAR, NEAR = 0.5, 0.25
# Kolmogorov-Smirnov: exceeded by chance in one of a thousand comparisons.
KOLMOGOROV = 1.95
UNKNOWN_CATEGORY = "unknown_category"


def find_faults(scope: Scope, reference: Reference, *, alpha: float) -> list[Finding]:
    """Every technical fault of a scope, a column in one of them at most.

    alpha : chance of a false alarm of one test
    """
    moved = _moved(scope, reference, alpha)
    found = [*_swaps(scope, reference, moved)]
    taken = _columns(found)
    found += _unit_changes(scope, reference, moved - taken)
    taken = _columns(found)
    for place in range(len(scope.names)):
        if scope.names[place] not in taken:
            found += _missing(scope, reference, place, alpha)
            found += _constant(scope, reference, place, alpha)
    return found + list(find_refusals(scope))


def _columns(found: list[Finding]) -> set[str]:
    return {name for finding in found for name in finding.columns}


def _moved(scope: Scope, reference: Reference, alpha: float) -> set[str]:
    sides = zip(scope.names, reference.histograms, scope.histograms, strict=True)
    return {name for name, before, now in sides if movement(before, now, alpha=alpha).is_moved}


def _swaps(scope: Scope, reference: Reference, moved: Set[str]) -> Iterator[Finding]:
    """Two columns of which each looks like the other used to, and not like itself."""
    noise = KOLMOGOROV * math.sqrt(1 / len(scope) + 1 / len(reference))
    places = [p for p, n in enumerate(scope.names) if n in moved and scope.is_measured(p)]
    left = set(places)
    for a, b in combinations(places, 2):
        if not {a, b} <= left:
            continue
        if max(distance(scope, a, reference, b), distance(scope, b, reference, a)) > noise:
            continue
        if min(distance(scope, a, reference, a), distance(scope, b, reference, b)) > 2 * noise:
            left -= {a, b}
            yield _finding(Kind.SWAPPED, scope, a, b)


def _unit_changes(scope: Scope, reference: Reference, moved: Set[str]) -> Iterator[Finding]:
    for place, name in enumerate(scope.names):
        if name not in moved or not scope.is_measured(place):
            continue
        apart = distance(scope, place, reference, place)
        if apart < FAR or not _is_scalable(reference, place):
            continue
        fits = {unit: distance(scope, place, reference, place, scale=unit) for unit in UNITS}
        unit = min(fits, key=fits.__getitem__)
        if fits[unit] <= NEAR and fits[unit] <= apart / 2:
            yield _finding(Kind.UNIT, scope, place, factor=unit)


def find_stray_units(
    scope: Scope, reference: Reference, *, taken: Set[str], alpha: float
) -> Iterator[Finding]:
    """Columns of which some values lie far outside the reference's range, and amid it once they
    are divided: a file of two systems, or a branch too small to be looked at alone.

    taken : columns whose fault is known already
    """
    for place, name in enumerate(scope.names):
        if name in taken or not scope.is_measured(place) or not _is_scalable(reference, place):
            continue
        before, values = reference.ordered(place), scope.ordered(place)
        low, high = reference.range(place)
        stray = values[(values < low) | (values > high)]
        share = len(stray) / len(scope)
        if len(stray) < FEWEST_STRAY or share < STRAY_SHARE:
            continue
        usual = int(np.sum((before < low) | (before > high)))
        unit = _unit_of(stray, before)
        if unit and share_rise(len(stray), len(values), usual, len(before)) <= alpha:
            yield _finding(Kind.UNIT, scope, place, factor=unit, share=share)


def _unit_of(stray: np.ndarray, before: np.ndarray) -> float | None:
    """By what stray values are to be divided to be like those before; None: by nothing."""
    now, usual = float(np.median(stray)), float(np.median(before))
    if now * usual <= 0:
        return None
    apart = {unit: abs(math.log10(now / usual / unit)) for unit in STRAY_UNITS}
    unit = min(apart, key=apart.__getitem__)
    return unit if apart[unit] <= NEAR_UNIT else None


def _is_scalable(reference: Reference, place: int) -> bool:
    """Whether a factor would show: nobody can tell a tenfold zero."""
    values = reference.ordered(place)
    return bool(len(values)) and float(np.mean(values == 0)) < FAR


def _missing(scope: Scope, reference: Reference, place: int, alpha: float) -> Iterator[Finding]:
    count, before = int(scope.missing[place]), int(reference.missing[place])
    share, share_before = count / len(scope), before / len(reference)
    if share - share_before < MISSING_RISE:
        return
    if share_rise(count, len(scope), before, len(reference)) <= alpha:
        yield _finding(Kind.MISSING, scope, place, share=share, share_before=share_before)


def _constant(scope: Scope, reference: Reference, place: int, alpha: float) -> Iterator[Finding]:
    values, before = scope.ordered(place), reference.ordered(place)
    if not len(values) or not len(before):
        return
    count = scope.commonest(place)
    usual = max(reference.commonest(place), 1) / len(before)
    if count / len(values) < CONSTANT_SHARE or usual > VARIED_SHARE:
        return
    # Chernoff's bound of so many equal values, were each as likely as the commonest one.
    if count * math.log(usual) <= math.log(alpha):
        yield _finding(Kind.CONSTANT, scope, place, share=count / len(values))


def find_refusals(scope: Scope) -> Iterator[Finding]:
    """Rows that were turned away at the door, by column and cause."""
    sent = scope.sent_rows
    for (column, cause), count in sorted(scope.refused.items()):
        is_category = cause == UNKNOWN_CATEGORY
        least = NEW_CATEGORY_SHARE if is_category else REFUSED_SHARE
        if count >= FEWEST_REFUSED and count / sent >= least:
            yield Finding(
                kind=Kind.CATEGORY if is_category else Kind.REFUSED,
                columns=(column,),
                source=scope.source,
                rows=len(scope),
                measures={"refused": count, "share": count / sent}
                | ({} if is_category else {"cause": cause}),
            )


def _finding(kind: Kind, scope: Scope, *places: int, **measures: float) -> Finding:
    return Finding(
        kind=kind,
        columns=tuple(scope.names[place] for place in places),
        source=scope.source,
        rows=len(scope),
        severity=float(max(scope.severities[list(places)])),
        measures=measures,
    )
