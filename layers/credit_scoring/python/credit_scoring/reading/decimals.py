"""Whether a sender writes a decimal point or a comma: told by the first records."""

import re

from credit_scoring.contract.columns import INPUTS
from credit_scoring.reading.cutting.records import Records

_SAMPLE = 1_000
_POINT = re.compile(rb"\s*[+-]?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_COMMA = re.compile(rb"\s*[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?\s*")
# 1,234 may be a thousand and more: it proves nothing.
_THOUSANDS = re.compile(rb"\s*[+-]?[1-9]\d{0,2},\d{3}\s*")
_SWAPPED = str.maketrans({",": ".", ".": ","})


def is_number(name: str) -> bool:
    return name in INPUTS and INPUTS[name].type not in ("id", "category")


def swapped(text: str) -> str:
    """A number with a decimal comma as one with a point; with a point, it becomes none."""
    return text.translate(_SWAPPED)


class DecimalSample:
    """Counts the decimal marks of the first records that fit the header."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._places = [place for place, name in enumerate(names) if is_number(name)]
        self._width = len(names)
        self._left = _SAMPLE
        self._points = self._commas = 0

    def add(self, records: Records) -> None:
        """Once a number shows a point, nothing more is to be learnt."""
        for row in (records.counts == self._width).nonzero()[0][: self._left].tolist():
            self._left -= 1
            if self._points:
                return
            fields = records.fields(row)
            for place in self._places:
                if not fields[place].isdigit():
                    self._count(fields[place])

    @property
    def decimal(self) -> str:
        """A comma only where no number shows a point."""
        return "," if self._commas and not self._points else "."

    def _count(self, field: bytes) -> None:
        if b"." in field:
            self._points += _POINT.fullmatch(field) is not None
        elif b"," in field and _COMMA.fullmatch(field):
            self._commas += _THOUSANDS.fullmatch(field) is None
