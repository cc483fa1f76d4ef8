"""Shifts of the population: other applicants than the model was trained on, whoever sent them."""

from collections.abc import Container, Iterator

from functions.drift_monitor.finding import Finding, Kind
from functions.drift_monitor.scopes import Histogram, Reference, Scope
from functions.drift_monitor.stability import movement

# Log-odds: a feature that moved scores by less is as if it had not moved.
MATERIAL = 0.005
PD_COLUMN = "probability_of_default"


def find_shifts(
    scope: Scope, reference: Reference, *, faulty: Container[str], alpha: float
) -> Iterator[Finding]:
    """Columns that have moved and have moved the scores with them.

    A shift that the model does not see (incomes that end in other digits) is none.
    faulty : columns whose fault is known already
    """
    sides = zip(scope.names, reference.histograms, scope.histograms, strict=True)
    for place, (name, before, now) in enumerate(sides):
        severity = float(scope.severities[place])
        if name in faulty or severity < MATERIAL:
            continue
        found = movement(before, now, alpha=alpha)
        if found.is_moved:
            yield Finding(
                kind=Kind.POPULATION,
                columns=(name,),
                source=scope.source,
                rows=len(scope),
                severity=severity,
                measures={"psi": found.index, "threshold": found.limit},
            )


def find_pd_shift(
    before: Histogram, now: Histogram, scope: Scope, *, alpha: float
) -> Finding | None:
    """Scores that have moved although no column of their own has moved enough to be named."""
    found = movement(before, now, alpha=alpha)
    if not found.is_moved:
        return None
    return Finding(
        kind=Kind.POPULATION,
        columns=(PD_COLUMN,),
        source=scope.source,
        rows=len(scope),
        measures={"psi": found.index, "threshold": found.limit},
    )
