"""From contributions to reasons that an advisor can say.

Features of one family tell of one thing (three external scores and their mean are one matter), so a
reason is a family: its contribution is the sum of its features', which keeps the sum of all reasons
equal to the margin minus the base value. The text says which way the family speaks, and names the
features that weigh most in that direction with their values.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.spoken import LANGUAGES as LANGUAGES
from credit_scoring.spoken import feature_value as feature_value
from credit_scoring.spoken import spoken_value as spoken_value
from credit_scoring.spoken import told

Numbers = NDArray[np.float64]

REASONS_EACH_WAY = 4
FEATURES_NAMED = 2
# Rows that are ranked together; ranking holds a few numbers a row, reason and feature.
ROWS_AT_ONCE = 256


def _read_families() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("families.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["family"]: row for row in csv.DictReader(file)}


FAMILIES = _read_families()


@dataclass(frozen=True, slots=True)
class Reason:
    """code : stable, for files and letters; features : the most telling first."""

    code: str
    family: str
    contribution: float
    features: list[str]
    text: dict[str, str]


def explain_row(schema: FeatureSchema, features: Numbers, contributions: Numbers) -> list[Reason]:
    """The reasons of one row, from its features (F,) and contributions (F,).

    At most REASONS_EACH_WAY that raise the PD and as many that lower it, the heaviest first.
    """
    return next(explain_rows(schema, features[None], contributions[None]))


def explain_rows(
    schema: FeatureSchema,
    features: Numbers,
    contributions: Numbers,
    *,
    most: int = 2 * REASONS_EACH_WAY,
) -> Iterator[list[Reason]]:
    """The reasons of many rows (n, F), as `explain_row` tells them, at most so many of each."""
    for start in range(0, len(features), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        yield from _explain_some(schema, features[rows], contributions[rows], most)


def _explain_some(
    schema: FeatureSchema, features: Numbers, contributions: Numbers, most: int
) -> Iterator[list[Reason]]:
    families, of_feature = _families_of(schema.names)
    totals = _family_totals(contributions, of_feature, len(families))
    chosen, weights = _heaviest(totals)
    chosen, weights = chosen[:, :most], weights[:, :most]
    named, speaks = _most_telling(contributions, of_feature, chosen, np.sign(weights))
    values = features[np.arange(len(features))[:, None, None], named]  # (n, most, FEATURES_NAMED)
    names = schema.names
    for reasons in zip(
        *(a.tolist() for a in (chosen, weights, named, speaks, values)), strict=True
    ):
        yield [
            _reason(
                families[family],
                total,
                [(names[k], value) for k, told, value in zip(*details, strict=True) if told],
                schema,
            )
            for family, total, *details in zip(*reasons, strict=True)
            if total != 0
        ]


@lru_cache(maxsize=8)
def _families_of(names: tuple[str, ...]) -> tuple[list[str], NDArray[np.intp]]:
    """The families of these features, by name, and the place of each feature's family (F,)."""
    families = [FEATURES[name].family for name in names]
    # Not np.unique: its first call imports numpy.ma, a good part of a cold start.
    known = sorted(set(families))
    return known, np.array([known.index(family) for family in families], np.intp)


def _family_totals(
    contributions: Numbers, of_feature: NDArray[np.intp], n_families: int
) -> Numbers:
    """float64 (n, K). Added one after the other: the same bits alone and in any company."""
    n = len(contributions)
    place = np.arange(n)[:, None] * n_families + of_feature
    totals = np.bincount(place.ravel(), weights=contributions.ravel(), minlength=n * n_families)
    return totals.reshape(n, n_families)


def _heaviest(totals: Numbers) -> tuple[NDArray[np.intp], Numbers]:
    """Families and totals of the reasons, the heaviest first, 0 where there is none.

    Both (n, 2 * REASONS_EACH_WAY). Of equal weights the one that raises the PD comes first, then
    the families' names decide.
    """
    ways = [np.argsort(-sign * totals, axis=1, kind="stable") for sign in (1, -1)]
    raising, lowering = (order[:, :REASONS_EACH_WAY] for order in ways)
    up = np.maximum(np.take_along_axis(totals, raising, axis=1), 0.0)
    down = np.minimum(np.take_along_axis(totals, lowering, axis=1), 0.0)
    chosen, weights = np.hstack([raising, lowering]), np.hstack([up, down])
    order = np.argsort(-np.abs(weights), axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1), np.take_along_axis(weights, order, axis=1)


def _most_telling(
    contributions: Numbers,
    of_feature: NDArray[np.intp],
    chosen: NDArray[np.intp],
    way: Numbers,
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each reason the features of its family that weigh most its way, and whether they do.

    chosen, way : (n, R), a reason's family and sign; both results (n, R, FEATURES_NAMED)
    """
    own = of_feature == chosen[:, :, None]
    weight = np.where(own, way[:, :, None] * contributions[:, None], -np.inf)  # (n, R, F)
    named = np.empty((*chosen.shape, FEATURES_NAMED), np.intp)
    speaks = np.empty(named.shape, np.bool_)
    for place in range(FEATURES_NAMED):
        best = weight.argmax(axis=2)[:, :, None]
        named[:, :, place] = best[:, :, 0]
        speaks[:, :, place] = np.take_along_axis(weight, best, axis=2)[:, :, 0] > 0
        np.put_along_axis(weight, best, -np.inf, axis=2)
    return named, speaks


def _reason(
    family: str, total: float, named: list[tuple[str, float]], schema: FeatureSchema
) -> Reason:
    words = FAMILIES[family]
    way = "raises" if total > 0 else "lowers"
    values = [(FEATURES[name], feature_value(schema, name, stored)) for name, stored in named]
    text = {}
    for language in LANGUAGES:
        details = "; ".join(told(column, value, language) for column, value in values)
        text[language] = f"{words[f'{way}_{language}']} ({details})"
    code = f"{words['code']}{'+' if total > 0 else '-'}"
    return Reason(code, family, total, [name for name, _ in named], text)
