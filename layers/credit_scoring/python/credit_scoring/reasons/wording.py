"""A feature's value in the words of a person, in French and English."""

import math

from credit_scoring.contract.columns import FEATURES, Column
from credit_scoring.features import FeatureSchema

LANGUAGES = ("fr", "en")
DAYS_A_YEAR = 365.25


def feature_value(schema: FeatureSchema, name: str, stored: float) -> float | str | None:
    """A value of the matrix as a person would read it: None if missing, a category's text."""
    if math.isnan(stored):
        return None
    if FEATURES[name].is_category:
        return schema.vocabularies[name][int(stored)]
    return float(stored)


def formatted(column: Column, value: float | str | None, language: str) -> str:
    """The feature's name and its value: "Declared income: 180,000"."""
    if language == "fr":
        return f"{column.label_fr} : {worded_value(column, value, language)}"
    return f"{column.label_en}: {worded_value(column, value, language)}"


def worded_value(column: Column, value: float | str | None, language: str) -> str:
    if value is None:
        return "non renseigné" if language == "fr" else "not given"
    if isinstance(value, str):
        return value
    if column.unit == "days":
        return _duration(-value if column.maximum <= 0 else value, language)
    return spoken_number(value, decimals_of(column), language)


def decimals_of(column: Column) -> int:
    """Days are told whole below a year, whatever their type."""
    return (
        0
        if column.unit == "days" or column.type in ("integer", "flag") or column.unit == "currency"
        else 2
    )


def _duration(days: float, language: str) -> str:
    """In days below a year, then in years; a column that only looks back needs no sign."""
    if abs(days) < DAYS_A_YEAR:
        return f"{spoken_number(days, 0, language)} {'jours' if language == 'fr' else 'days'}"
    years = days / DAYS_A_YEAR
    unit = "years" if language == "en" else "ans" if abs(years) >= 2 else "an"
    return f"{spoken_number(years, 1, language)} {unit}"


def spoken_number(value: float, decimals: int, language: str) -> str:
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: nothing is "-0"
    if language == "fr":
        # Narrow no-break space between thousands, decimal comma.
        text = text.replace(",", "\u202f").replace(".", ",")
    return text
