"""From contributions to reasons that an advisor can say.

Features of one family tell of one thing (three external scores and their mean are one matter), so a
reason is a family: its contribution is the sum of its features', which keeps the sum of all reasons
equal to the margin minus the base value. The text says which way the family speaks, and names the
features that weigh most in that direction with their values.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract import FEATURES, Column
from credit_scoring.features import FeatureSchema

Numbers = NDArray[np.float64]

LANGUAGES = ("fr", "en")
REASONS_EACH_WAY = 4
FEATURES_NAMED = 2
_DAYS_A_YEAR = 365.25


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
    families = [FEATURES[name].family for name in schema.names]
    totals = dict.fromkeys(families, 0.0)
    for family, contribution in zip(families, contributions.tolist(), strict=True):
        totals[family] += contribution
    reasons = []
    for sign in (1, -1):
        ranked = sorted((-sign * total, family) for family, total in totals.items())
        chosen = [family for below, family in ranked if below < 0][:REASONS_EACH_WAY]
        for family in chosen:
            own = [place for place, other in enumerate(families) if other == family]
            telling = sorted(own, key=lambda place: -sign * contributions[place])
            named = [p for p in telling[:FEATURES_NAMED] if sign * contributions[p] > 0]
            reasons.append(_reason(family, totals[family], named, schema, features))
    return sorted(reasons, key=lambda reason: -abs(reason.contribution))


def _reason(
    family: str, total: float, named: list[int], schema: FeatureSchema, features: Numbers
) -> Reason:
    words = FAMILIES[family]
    way = "raises" if total > 0 else "lowers"
    names = [schema.names[place] for place in named]
    values = [feature_value(schema, schema.names[place], features[place]) for place in named]
    text = {}
    for language in LANGUAGES:
        details = [
            f"{FEATURES[name].label[language]}{' : ' if language == 'fr' else ': '}"
            f"{spoken_value(FEATURES[name], value, language)}"
            for name, value in zip(names, values, strict=True)
        ]
        text[language] = f"{words[f'{way}_{language}']} ({'; '.join(details)})"
    return Reason(f"{words['code']}{'+' if total > 0 else '-'}", family, total, names, text)


def feature_value(schema: FeatureSchema, name: str, stored: float) -> float | str | None:
    """A value of the matrix as a person would read it: None if missing, a category's text."""
    if np.isnan(stored):
        return None
    if FEATURES[name].is_category:
        return schema.vocabularies[name][int(stored)]
    return float(stored)


def spoken_value(column: Column, value: float | str | None, language: str) -> str:
    if value is None:
        return "non renseigné" if language == "fr" else "not given"
    if isinstance(value, str):
        return value
    if column.unit == "days":
        return _duration(-value if column.maximum <= 0 else value, language)
    if column.type in ("integer", "flag") or column.unit == "currency":
        return _number(value, 0, language)
    return _number(value, 2, language)


def _duration(days: float, language: str) -> str:
    """In days below a year, then in years; a column that only looks back needs no sign."""
    if abs(days) < _DAYS_A_YEAR:
        return f"{_number(days, 0, language)} {'jours' if language == 'fr' else 'days'}"
    years = days / _DAYS_A_YEAR
    unit = "years" if language == "en" else "ans" if abs(years) >= 2 else "an"
    return f"{_number(years, 1, language)} {unit}"


def _number(value: float, decimals: int, language: str) -> str:
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: nothing is "-0"
    if language == "fr":
        # Narrow no-break space between thousands, decimal comma.
        text = text.replace(",", "\u202f").replace(".", ",")
    return text
