"""Which days of scores one run looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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
    """Whole days in UTC, `start` and `end` both included.

    looks_back : the window ended before today, so it says nothing about the present
    """

    start: date
    end: date
    looks_back: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


def read_window(event: Mapping[str, Any], *, now: datetime) -> Window:
    """Read the window from what the schedule sent, by default the last seven days up to now.

    event : {"date": "YYYY-MM-DD", "window_days": n}, both optional; other keys are the schedule's
    now : an aware datetime

    Raises InvalidWindow, not retryable, when a value is not a day or a number of days.
    """
    today = now.astimezone(UTC).date()
    end = _last_day(event.get("date"), today=today)
    days = _days(event.get("window_days"))
    return Window(start=end - timedelta(days=days - 1), end=end, looks_back=end < today)


def _last_day(value: object, *, today: date) -> date:
    if value is None:
        return today
    day = _parse_day(value)
    if day is None or day > today:
        raise InvalidWindow("date", value, f"a day as YYYY-MM-DD, up to {today} (UTC)")
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
