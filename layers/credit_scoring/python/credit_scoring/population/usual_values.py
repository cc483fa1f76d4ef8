"""Usual values of the columns that a model reads as they are: what a missing one might be."""

from collections.abc import Mapping

import numpy as np

from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import APPLICATION
from credit_scoring.features import FeatureSchema
from credit_scoring.population.reference import Reference

# The middle 90 %, in steps; and categories that one in twenty has.
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LEAST_SHARE = 0.05
# Fewer say nothing of what is usual, and too much of who they are.
LEAST_ROWS = 100
DIGITS = 3


def usual_values(reference: Reference, schema: FeatureSchema) -> dict[str, tuple[object, ...]]:
    """By column of the form that is a feature itself: values as a sender would write them.

    Numbers are rounded to three digits, so that none is anybody's.
    """
    columns = zip(schema.names, reference.features.T, strict=True)
    usual = {
        name: _usual(name, column[~np.isnan(column)].astype(float), schema.vocabularies)
        for name, column in columns
        if name in APPLICATION
    }
    return {name: values for name, values in usual.items() if values}


def _usual(
    name: str, known: Numbers, vocabularies: Mapping[str, tuple[str, ...]]
) -> tuple[object, ...]:
    if len(known) < LEAST_ROWS:
        return ()
    if name in vocabularies:
        counts = np.bincount(known.astype(int), minlength=len(vocabularies[name]))
        common = np.flatnonzero(counts >= LEAST_SHARE * len(known))
        return tuple(vocabularies[name][code] for code in common.tolist())
    if APPLICATION[name].type == "flag":
        return (0, 1)
    cuts = np.quantile(known, QUANTILES, method="nearest").tolist()
    values = dict.fromkeys(_rounded(cut, APPLICATION[name].type) for cut in cuts)
    return tuple(values)


def _rounded(value: float, kind: str) -> float | int:
    short = float(f"{value:.{DIGITS}g}")
    return round(short) if kind == "integer" else short
