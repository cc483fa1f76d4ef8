"""Windows of other applicants whose outcomes are known: what is estimated beside what happened."""

from collections.abc import Iterator
from dataclasses import astuple

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.scoring import score_applicants
from numpy.typing import NDArray

from functions.drift_monitor.performance import Decisions, Estimate, area_under_curve, estimate
from tests.bench.planted.faults import AGE, CREDIT, INCOME, SECOND
from tests.bench.planted.windows import Laboratory

ROWS, STRENGTH, MOST = 2_000, 0.5, 3.0
FIGURES = ("default rate", "AUC", "cost an applicant")
# Of a normal value: mean absolute deviation, and half the width of its 95 % interval.
ABSOLUTE, HALF_WIDTH = 0.798, 1.96


def estimate_runs(
    laboratory: Laboratory, defaulted: NDArray[np.bool_], windows: int, seed: int
) -> Iterator[str]:
    """A row a figure: mean error, what such intervals promise of it, how many intervals hold.

    defaulted : of the applications held out (n,)
    """
    random = np.random.default_rng([seed, ROWS, 3])
    decisions = Decisions(laboratory.model.cutoff, laboratory.model.cost_ratio)
    pds = score_applicants(laboratory.model, laboratory.held).default_probabilities
    traits, calibration = _traits(laboratory.held), laboratory.monitored.calibration
    errors, chances, held = [], [], np.zeros(len(FIGURES), int)
    for _ in range(windows):
        rows = _draw(traits, random)
        found: list[Estimate] = [*_estimates(estimate(pds[rows], calibration, decisions))]
        real = _reality(pds[rows], defaulted[rows], decisions)
        errors.append([abs(e.value - r) for e, r in zip(found, real, strict=True)])
        chances.append([(e.high - e.low) / (2 * HALF_WIDTH) * ABSOLUTE for e in found])
        held += [e.low <= r <= e.high for e, r in zip(found, real, strict=True)]
    means = zip(FIGURES, np.mean(errors, axis=0), np.mean(chances, axis=0), held, strict=True)
    for name, error, chance, count in means:
        yield f"| {name} | {error:.4f} | {chance:.4f} | {count} of {windows} |"


def _estimates(performance) -> Iterator[Estimate]:
    return (Estimate(*each) for each in astuple(performance))


def _traits(applicants: Applicants) -> NDArray[np.float64]:
    """By what windows differ: score, age, income and credit, each of mean 0 and spread 1 (n, 4)."""
    columns = [
        applicants[SECOND], applicants[AGE], np.log(applicants[INCOME]), np.log(applicants[CREDIT]),
    ]  # fmt: skip
    return np.nan_to_num(
        np.column_stack([(values - np.nanmean(values)) / np.nanstd(values) for values in columns])
    )


def _draw(traits: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.intp]:
    """Rows that are likelier the further they lie in some direction."""
    direction = random.normal(size=traits.shape[1])
    along = traits @ (direction / np.linalg.norm(direction)) * STRENGTH
    weights = np.exp(np.clip(along, -MOST, MOST))
    return random.choice(len(traits), ROWS, replace=False, p=weights / weights.sum())


def _reality(
    pds: NDArray[np.float64], defaulted: NDArray[np.bool_], decisions: Decisions
) -> tuple[float, float, float]:
    order = np.argsort(pds, kind="stable")
    ordered, outcomes = pds[order], defaulted[order].astype(np.float64)
    cost = decisions.expected_costs(ordered, outcomes).mean()
    return float(outcomes.mean()), area_under_curve(ordered, outcomes), float(cost)
