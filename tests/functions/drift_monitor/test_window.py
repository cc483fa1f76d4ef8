"""The days that one run looks at."""

from datetime import date

import pytest

from functions.drift_monitor.window import InvalidWindow, read_window

TODAY = date(2026, 3, 10)


def test_the_default_is_the_seven_whole_days_that_ended_yesterday():
    window = read_window({"source": "aws.scheduler", "time": "2026-03-10T03:00:00Z"}, today=TODAY)

    assert (window.start, window.end, window.days) == (date(2026, 3, 3), date(2026, 3, 9), 7)
    assert not window.looks_back


def test_today_may_be_looked_at_before_it_is_over():
    window = read_window({"date": "2026-03-10", "window_days": 1}, today=TODAY)

    assert (window.start, window.end) == (TODAY, TODAY)
    assert not window.looks_back


def test_a_past_day_with_a_length_looks_back():
    window = read_window({"date": "2026-02-28", "window_days": 2}, today=TODAY)

    assert (window.start, window.end) == (date(2026, 2, 27), date(2026, 2, 28))
    assert window.looks_back


@pytest.mark.parametrize(
    ("event", "is_nightly"),
    [({}, True), ({"date": "2026-03-09", "window_days": 7}, True), ({"window_days": 8}, False),
     ({"date": "2026-03-10"}, False), ({"date": "2026-03-08"}, False)],
)  # fmt: skip
def test_a_nightly_window_is_the_seven_days_that_ended_yesterday_whoever_asks(event, is_nightly):
    assert read_window(event, today=TODAY).is_nightly is is_nightly


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"date": "10/03/2026"}, "date"),
        ({"date": 20260310.5}, "date"),
        ({"date": "2026-03-11"}, "date"),
        ({"window_days": 0}, "window_days"),
        ({"window_days": 1000}, "window_days"),
        ({"window_days": "7"}, "window_days"),
        ({"window_days": True}, "window_days"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_by_name(event, field):
    with pytest.raises(InvalidWindow) as refused:
        read_window(event, today=TODAY)

    assert refused.value.field == field
    assert refused.value.allowed in str(refused.value)
    assert not refused.value.retryable
