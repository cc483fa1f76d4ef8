"""When scores are to be expected."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from functions.canary.business_hours import BusinessHoursInvalid, read_business_hours

PARIS = ZoneInfo("Europe/Paris")
FRIDAY, MONDAY = (2026, 11, 27), (2026, 11, 30)


def at(day, hour, minute=0):
    return datetime(*day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(FRIDAY, 9), True), (at(FRIDAY, 8, 59), False), (at(FRIDAY, 18), False),
     (at((2026, 11, 28), 12), False), (at(MONDAY, 12), True)],
)  # fmt: skip
def test_a_lender_works_within_its_hours_on_its_days(moment, expected):
    assert read_business_hours("Mon-Fri 09:00-18:00").include(moment) is expected


def test_a_holiday_is_no_working_day():
    hours = read_business_hours("Mon-Fri 09:00-18:00", "2026-11-27,2026-12-25")
    assert not hours.include(at(FRIDAY, 12))


def test_hours_are_counted_over_a_weekend_but_not_of_it():
    hours = read_business_hours("Mon-Fri 09:00-18:00")
    assert hours.count_hours(at(FRIDAY, 17), at(MONDAY, 8)) == 1
    assert hours.count_hours(at(FRIDAY, 17), at(MONDAY, 10, 59)) == 2
    assert hours.count_hours(at(FRIDAY, 17), at(MONDAY, 11)) == 3
    assert hours.count_hours(at(FRIDAY, 19), at(FRIDAY, 23)) == 0


def test_the_hour_that_clocks_show_twice_counts_twice():
    night = read_business_hours("Mon-Sun 00:00-23:59")
    assert night.count_hours(at((2026, 10, 25), 1), at((2026, 10, 25), 4)) == 4


@pytest.mark.parametrize(
    ("text", "closed"),
    [("", ""), ("always", ""), ("Mon-Fri 18:00-09:00", ""), ("Fri-Mon 09:00-18:00", ""),
     ("Mon-Fri 09:00-25:00", ""), ("Mon-Fri 09:00-18:00", "Christmas")],
)  # fmt: skip
def test_what_says_no_hours_is_refused(text, closed):
    with pytest.raises(BusinessHoursInvalid, match="write them like"):
        read_business_hours(text, closed)
