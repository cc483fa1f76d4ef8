"""Figures as a committee reads them."""

from collections.abc import Sequence

from credit_scoring.contract.columns import FEATURES
from credit_scoring.reasons.row_reasons import worded_value

NOTHING = "–"
PERCENT = "\u00a0%"  # the space does not break
HASH_LENGTH = 12


def number(value: float | None, decimals: int = 4) -> str:
    if value is None:
        return NOTHING
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: nothing is "-0"


def difference(value: float | None, decimals: int = 4) -> str:
    return NOTHING if value is None else f"{round(value, decimals) + 0.0:+,.{decimals}f}"


def percent(value: float | None, decimals: int = 1) -> str:
    return NOTHING if value is None else f"{100 * value:,.{decimals}f}{PERCENT}"


def whole(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.0f}"


def interval(ends: Sequence[float] | None, decimals: int = 4) -> str:
    if ends is None:
        return NOTHING
    return f"{number(ends[0], decimals)} to {number(ends[1], decimals)}"


def signed_interval(ends: Sequence[float] | None, decimals: int = 4) -> str:
    if ends is None:
        return NOTHING
    return f"{difference(ends[0], decimals)} to {difference(ends[1], decimals)}"


def percent_interval(ends: Sequence[float] | None, decimals: int = 1) -> str:
    if ends is None:
        return NOTHING
    return f"{100 * ends[0]:,.{decimals}f} to {100 * ends[1]:,.{decimals}f}{PERCENT}"


def setting(value: object) -> str:
    """A parameter: a search sets sixteen digits, of which nobody reads more than four."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.4g}"
    return str(value)


def scientific(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1e}" if value else "0"


def short_hash(value: str | None) -> str:
    return value[:HASH_LENGTH] if value else "unknown"


def label(name: str) -> str:
    """A feature's name in words."""
    return FEATURES[name].label_en if name in FEATURES else name


def value_of(name: str, value: float | str | None) -> str:
    """A value of `explain`, where what lies in the past counts upwards."""
    column = FEATURES[name]
    if isinstance(value, float) and column.is_backward:
        value = -value
    return worded_value(column, value, "en")


def listed(words: Sequence[str]) -> str:
    """One, two and three."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def lowered(sentence: str) -> str:
    """To stand after a colon."""
    return sentence[:1].lower() + sentence[1:]
