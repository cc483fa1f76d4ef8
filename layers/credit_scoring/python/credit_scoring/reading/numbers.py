"""How a sender writes numbers: proved from the whole file, or its doubtful numbers are refused.

180.000 may be 180 or 180,000. A point or a comma is a decimal mark where it cannot be anything else
(0.52, 24700.5), a mark of thousands where it cannot be a decimal mark (1.184.062; 1.234,5; a part
of a whole number of days), or, where nothing else speaks, where every amount from a thousand on is
cut into groups of three. A number that could be either then is refused. Groups of three between
spaces or apostrophes, and a currency sign behind, leave no doubt.
"""

import re
from dataclasses import dataclass

from credit_scoring.contract.columns import INPUTS

MARKS = (".", ",")
# What may be either: 180.000.
EITHER = {mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}[{mark}]\d{{3}}", re.ASCII) for mark in MARKS}
_SPACES = " \u00a0\u2007\u2009\u202f"
_CURRENCY = re.compile(rf"[{_SPACES}]*(?:[$£€¥]|EUR|USD|GBP|CHF)\Z", re.IGNORECASE)
_SPACED = {
    mark: re.compile(rf"[+-]?\d{{1,3}}(?:{mark}\d{{3}})+(?:[.,]\d*)?", re.ASCII)
    for mark in (*_SPACES, "'", "\u2019")
}
_SWAPPED = str.maketrans({",": ".", ".": ","})


@dataclass(frozen=True)
class Numbers:
    """decimal : ``.`` or ``,``; grouping : the mark between groups of three, or ""

    doubtful : the mark of which a file does not say what it is in numbers like 180.000, or ""
    """

    decimal: str = "."
    grouping: str = ""
    doubtful: str = ""


def is_number(name: str) -> bool:
    return name in INPUTS and INPUTS[name].type not in ("id", "category")


def swapped(text: str) -> str:
    """A number with a decimal comma as one with a point; with a point, it becomes none."""
    return text.translate(_SWAPPED)


def without_spaces(text: str) -> str:
    """Without a currency sign behind, nor what only stands between groups of three digits."""
    text = _CURRENCY.sub("", text.strip(), count=1)
    for mark, pattern in _SPACED.items():
        if mark in text and pattern.fullmatch(text):
            return text.replace(mark, "")
    return text


def plain_number(text: str, numbers: Numbers) -> str:
    """As the contract reads it, with a decimal point alone; what is no number stays none."""
    if text.isascii() and text.isdecimal():
        return text
    text = without_spaces(text)
    if numbers.grouping and _is_grouped(text, numbers):
        text = text.replace(numbers.grouping, "")
    return swapped(text) if numbers.decimal == "," else text


def is_doubtful(text: str, numbers: Numbers) -> bool:
    """Whether a number may be a thousand times another, and the file does not say."""
    if not numbers.doubtful or numbers.doubtful not in text:
        return False
    return EITHER[numbers.doubtful].fullmatch(without_spaces(text)) is not None


def _is_grouped(text: str, numbers: Numbers) -> bool:
    whole, _, part = text.partition(numbers.decimal)
    first, *groups = whole.lstrip("+-").split(numbers.grouping)
    return (
        bool(groups)
        and numbers.grouping not in part
        and 1 <= len(first) <= 3
        and all(len(group) == 3 and group.isdecimal() for group in groups)
    )
