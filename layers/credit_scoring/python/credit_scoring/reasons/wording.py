"""A feature's value in the words of a person, in French and English."""

import math

from credit_scoring.contract.columns import FEATURES, Column
from credit_scoring.features import FeatureSchema
from credit_scoring.lender import read_json

LANGUAGES = ("fr", "en")
DAYS_A_YEAR = 365.25
# From here on years are told as an age is: those that are over, without a decimal.
WHOLE_YEARS = 15
# One vocabulary for API, files, letters and page: language -> the contract's category -> words.
CATEGORY_WORDS: dict[str, dict[str, str]] = read_json("category_words")
# Why a value is missing; each source of data has its own words for "nothing".
NOT_GIVEN, NOT_KNOWN, DOES_NOT_APPLY = range(3)
ABSENCES: list[tuple[str, str]] = list(
    dict.fromkeys(
        [
            ("non renseigné", "not given"),
            ("non connu", "not known"),
            ("sans objet", "does not apply"),
            *(column.absence for column in FEATURES.values()),
        ]
    )
)
_YES_NO = {"fr": ("non", "oui"), "en": ("no", "yes")}


def feature_value(schema: FeatureSchema, name: str, stored: float) -> float | str | None:
    """A value of the matrix as a person would read it: None if missing, a category's text."""
    if math.isnan(stored):
        return None
    if FEATURES[name].is_category:
        return schema.vocabularies[name][int(stored)]
    return float(stored)


def formatted(
    column: Column, value: float | str | None, language: str, absence: int = NOT_GIVEN
) -> str:
    """The feature's name and its value: "Declared income: 180,000"."""
    words = worded_value(column, value, language, absence)
    if language == "fr":
        return f"{column.label_fr} : {words}"
    return f"{column.label_en}: {words}"


def worded_value(
    column: Column, value: float | str | None, language: str, absence: int = NOT_GIVEN
) -> str:
    """absence : why a missing value is missing, an index in ABSENCES"""
    if value is None:
        return ABSENCES[absence][LANGUAGES.index(language)]
    if isinstance(value, str):
        return CATEGORY_WORDS[language].get(value, value)
    if column.type == "flag":
        return _YES_NO[language][round(value) != 0]
    if column.is_duration:
        return _duration(-value if column.is_backward else value, language)
    if column.unit == "ratio":
        return _percent(value, language)
    decimals = decimals_of(column)
    words = spoken_number(value, decimals, language)
    return (
        f"{words} {_years(round(value, decimals), language)}" if column.unit == "years" else words
    )


def decimals_of(column: Column) -> int:
    """Days are told whole below a year, whatever their type; of a share, the decimals of 1 %."""
    if column.unit == "ratio":
        return 3
    is_whole = column.is_duration or column.unit == "currency" or column.type in ("integer", "flag")
    return 0 if is_whole else 2


def _percent(share: float, language: str) -> str:
    """0.44 is 44 %; a tenth of a percent is told where it is not nothing."""
    number = _short(100 * share, language)
    return f"{number}\u202f%" if language == "fr" else f"{number}%"


def _duration(days: float, language: str) -> str:
    """In days below a year, then in years; a column that only looks back needs no sign."""
    if abs(days) < DAYS_A_YEAR:
        return f"{spoken_number(days, 0, language)} {'jours' if language == 'fr' else 'days'}"
    years = days / DAYS_A_YEAR
    if abs(years) >= WHOLE_YEARS:
        years = float(math.trunc(years))
    return f"{_short(years, language)} {_years(round(years, 1), language)}"


def _short(value: float, language: str) -> str:
    """With a decimal where it is not nothing."""
    return spoken_number(value, 1, language).removesuffix(".0").removesuffix(",0")


def _years(number: float, language: str) -> str:
    return "years" if language == "en" else "ans" if abs(number) >= 2 else "an"


def spoken_number(value: float, decimals: int, language: str) -> str:
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: nothing is "-0"
    if language == "fr":
        # Narrow no-break space between thousands, decimal comma.
        text = text.replace(",", "\u202f").replace(".", ",")
    return text
