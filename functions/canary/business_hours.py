"""When scores are to be expected, as a lender writes it: Mon-Fri 09:00-18:00."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DEFAULT = "Mon-Fri 09:00-18:00"
_DAY, _TIME = f"({'|'.join(DAYS)})", r"(\d\d:\d\d)"
_PATTERN = re.compile(f"{_DAY}(?:-{_DAY})? {_TIME}-{_TIME}")


class BusinessHoursInvalid(ValueError):
    """Text that does not say when a lender works."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} are no business hours: write them like {DEFAULT}.")


@dataclass(frozen=True)
class BusinessHours:
    """days : 0 is Monday; opens, closes : local times; closed : holidays"""

    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    def include(self, moment: datetime) -> bool:
        """Whether scores are expected then; the moment is local."""
        is_working_day = moment.weekday() in self.days and moment.date() not in self.closed
        return is_working_day and self.opens <= moment.time() < self.closes

    def count_hours(self, since: datetime, until: datetime) -> int:
        """Whole business hours from one moment to another, both aware and in the lender's zone."""
        minutes = _minutes(since, until)
        return sum(map(self.include, minutes)) // 60


def _minutes(since: datetime, until: datetime) -> Iterable[datetime]:
    """Of the clock of the world: a local hour may come twice, or not at all."""
    first, last = int(since.timestamp()), int(until.timestamp())
    for second in range(first, last - 59, 60):
        yield datetime.fromtimestamp(second, since.tzinfo)


def read_business_hours(text: str, closed: str = "") -> BusinessHours:
    """closed : dates like 2026-12-25, with commas. Raises BusinessHoursInvalid."""
    found = _PATTERN.fullmatch(text.strip())
    try:
        holidays = frozenset(map(date.fromisoformat, filter(None, closed.split(","))))
        opens, closes = (time.fromisoformat(found[n]) for n in (3, 4)) if found else (None, None)
    except ValueError:
        raise BusinessHoursInvalid(f"{text} {closed}".strip()) from None
    if not found or opens is None or closes is None or opens >= closes:
        raise BusinessHoursInvalid(text)
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    if last < first:
        raise BusinessHoursInvalid(text)
    return BusinessHours(frozenset(range(first, last + 1)), opens, closes, holidays)
