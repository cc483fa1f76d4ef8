"""Which days of scores one run looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from credit_scoring.errors import CreditScoringError

DEFAULT_DAYS = 7
LONGEST_DAYS = 92


class InvalidWindow(CreditScoringError):
    """The event asks for days that cannot be measured."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field, self.value, self.allowed = field, value, allowed
        super().__init__(f"{field} {str(value)[:80]!r} cannot be used: give {allowed}")


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days of the lender's zone, `start` and `end` both included.

    looks_back : the window ended before yesterday, so it says nothing about the present
    is_nightly : it is the one that the schedule asks for
    """

    start: date
    end: date
    looks_back: bool = False
    is_nightly: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


def read_window(event: Mapping[str, Any], *, today: date) -> Window:
    """Read the window from what the schedule sent, by default the seven days that ended yesterday.

    event : {"date": "YYYY-MM-DD", "window_days": n}, both optional; other keys are the schedule's.
        `date` may be today, whose scores are not complete yet
    today : the lender's

    Raises InvalidWindow, not retryable, when a value is not a day or a number of days.
    """
    yesterday = today - timedelta(days=1)
    end = _last_day(event.get("date"), default=yesterday, today=today)
    days = _days(event.get("window_days"))
    return Window(
        start=end - timedelta(days=days - 1),
        end=end,
        looks_back=end < yesterday,
        is_nightly=end == yesterday and days == DEFAULT_DAYS,
    )


def read_pseudonym(value: object) -> int:
    """Of whom to forget. Raises InvalidWindow."""
    if type(value) is not int or not -(2**63) <= value < 2**63 or value == 0:
        raise InvalidWindow("forget", "...", "an applicant's pseudonym, a whole number of 64 bits")
    return value


def _last_day(value: object, *, default: date, today: date) -> date:
    if value is None:
        return default
    day = _parse_day(value)
    if day is None or day > today:
        raise InvalidWindow("date", value, f"a day as YYYY-MM-DD, up to {today}")
    return day


def _parse_day(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def _days(value: object) -> int:
    if value is None:
        return DEFAULT_DAYS
    if type(value) is not int or not 1 <= value <= LONGEST_DAYS:
        raise InvalidWindow("window_days", value, f"a whole number from 1 to {LONGEST_DAYS}")
    return value
