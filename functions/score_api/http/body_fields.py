"""The fields of a body that is not an application, each bounded; all that is wrong told at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from credit_scoring.errors import InvalidApplicant, Problem


class BodyFields:
    """Read every field, then `check`: until then wrong ones are read as their defaults.

    known : fields that may be there; within : the path of an object inside the body, with its dot
    """

    def __init__(
        self, content: Mapping[str, Any], known: Sequence[str], *, within: str = ""
    ) -> None:
        self._content, self._within = content, within
        self.problems = [
            Problem(f"{within}{name}"[:80], "unknown_field", "", ", ".join(known))
            for name in content
            if name not in known
        ]

    def check(self) -> None:
        """Raises InvalidApplicant with every problem found."""
        if self.problems:
            raise InvalidApplicant(self.problems)

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        value = self._content.get(name)
        if value is None:
            return default
        allowed = f"a number from {least:g} to {most:g}"
        if not _is_number(value):
            self.refuse(name, "wrong_type", value, allowed)
        elif not least <= value <= most:
            self.refuse(name, "out_of_range", value, allowed)
        else:
            return float(value)
        return default

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self._content.get(name)
        if isinstance(value, float) and not value.is_integer():
            self.refuse(name, "not_integer", value, f"a whole number from {least} to {most}")
            return default
        return int(self.number(name, default, least=least, most=most))

    def text(self, name: str, *, most: int, least: int = 1) -> str:
        """Without spaces around it; it may be absent only where `least` is 0."""
        value = self._content.get(name)
        if value is None and least == 0:
            return ""
        allowed = f"text of {least} to {most} characters"
        if not isinstance(value, str):
            self.refuse(name, "missing" if value is None else "wrong_type", "", allowed)
        elif not least <= len(value.strip()) <= most:
            self.refuse(name, "out_of_range", value, allowed)
        else:
            return value.strip()
        return ""

    def word(self, name: str, allowed: Sequence[str]) -> str:
        """One of those, by default the first."""
        value = self._content.get(name)
        if value in allowed:
            return str(value)
        cause = "missing" if value is None else "unknown_category"
        self.refuse(name, cause, value or "", ", ".join(allowed))
        return allowed[0]

    def day(self, name: str) -> date:
        """As 2026-01-31."""
        value = self._content.get(name)
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is not None and day.isoformat() == value:
            return day
        cause = "missing" if value is None else "wrong_type"
        self.refuse(name, cause, value or "", "a day, as 2026-01-31")
        return date.min

    def texts(self, name: str, *, allowed: Sequence[str]) -> list[str]:
        """A list of known words; empty where it is absent."""
        words = self.items(name, most=len(allowed))
        for place, word in enumerate(words):
            if word not in allowed:
                self.refuse(f"{name}[{place}]", "unknown_category", word, ", ".join(allowed))
        return [word for word in words if word in allowed]

    def items(self, name: str, *, most: int, least: int = 0) -> list[Any]:
        value = self._content.get(name)
        if value is None and least == 0:
            return []
        if isinstance(value, list) and least <= len(value) <= most:
            return value
        self.refuse(name, "missing" if value is None else "wrong_type", "",
                    f"a list of {least} to {most} entries")  # fmt: skip
        return []

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self._content.get(name)
        if value is None or isinstance(value, dict):
            return value or {}
        self.refuse(name, "wrong_type", "", "an object")
        return {}

    def inside(self, name: str, known: Sequence[str]) -> "BodyFields":
        """The fields of an object in this one; their problems are told with these."""
        inner = BodyFields(self.mapping(name), known, within=f"{self._within}{name}.")
        inner.problems = self._join(inner.problems)
        return inner

    def has(self, name: str) -> bool:
        return self._content.get(name) is not None

    def _join(self, problems: list[Problem]) -> list[Problem]:
        self.problems += problems
        return self.problems

    def refuse(self, name: str, cause: str, value: object, allowed: str) -> None:
        """cause : one of `PROBLEM_CAUSES`"""
        self.problems.append(Problem(f"{self._within}{name}", cause, str(value)[:80], allowed))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
