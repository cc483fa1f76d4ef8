"""Query parameters, read strictly. Which ones a route knows stands in its rule."""

import math
from collections.abc import Collection, Mapping
from http import HTTPStatus

from functions.score_api.http.problems import RequestRefused

MOST_CHARACTERS = 512


class Parameters:
    """Of the request that is being answered; every reader raises RequestRefused (400)."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._sent = query

    def __contains__(self, name: str) -> bool:
        return name in self._sent

    def text(self, name: str) -> str:
        """Without spaces around it; "" where it is absent, or empty."""
        value = self._sent.get(name, "").strip()
        if len(value) > MOST_CHARACTERS:
            raise refused(name, f"at most {MOST_CHARACTERS} characters long")
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        if name not in self._sent:
            return ""
        value = self.text(name)
        if value not in allowed:
            raise refused(name, f"one of: {', '.join(allowed)}")
        return value

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name) if name in self._sent else str(default)
        # Other scripts have digits, too.
        if not (value.isascii() and value.isdecimal() and len(value) <= len(str(most))):
            raise refused(name, f"a whole number from {least} to {most}")
        if not least <= int(value) <= most:
            raise refused(name, f"a whole number from {least} to {most}")
        return int(value)

    def amount(self, name: str, default: float) -> float:
        """Zero or more; neither 1_000 nor infinity is a number here."""
        if name not in self._sent:
            return default
        value = self.text(name)
        try:
            number = float(value) if value.isascii() and "_" not in value else math.nan
        except ValueError:
            number = math.nan
        if not 0 <= number < math.inf:
            raise refused(name, "a number from 0")
        return number


def no_such_page() -> RequestRefused:
    """For a cursor that no answer to the same question gave."""
    return RequestRefused(
        HTTPStatus.NOT_FOUND,
        "There is no such page: `cursor` must be one that an answer to the same search gave.",
        title="Page not found",
    )


def refused(name: str, allowed: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.BAD_REQUEST, f"`{name}` must be {allowed}.")
