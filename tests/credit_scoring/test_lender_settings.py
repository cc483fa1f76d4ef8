"""What a lender sets: its name, its clocks, what its letters may say."""

from datetime import UTC, datetime

import pytest
from credit_scoring.lender_settings import LenderSettings


def test_an_empty_environment_has_every_default():
    assert LenderSettings.of_environment({}) == LenderSettings()
    assert LenderSettings.of_environment({"LENDER_NAME": "", "TIME_ZONE": ""}) == LenderSettings()
    assert LenderSettings().zone == "Europe/Paris"
    assert not LenderSettings().tells_protected


def test_an_environment_sets_each():
    settings = LenderSettings.of_environment(
        {
            "LENDER_NAME": "Banque",
            "LENDER_CONTACT": "1 rue de la Paix",
            "TIME_ZONE": "America/New_York",
            "TELL_PROTECTED_GROUNDS": "1",
        }
    )
    assert settings == LenderSettings("Banque", "1 rue de la Paix", "America/New_York", True)
    assert LenderSettings.of_environment(settings.environment) == settings
    assert LenderSettings.of_environment(LenderSettings().environment) == LenderSettings()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), "2026-01-31"),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), "2026-02-01"),  # winter: one hour ahead
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), "2026-07-01"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "2026-07-02"),  # summer: two
    ],
)
def test_a_day_begins_when_the_lenders_clocks_say_so(instant, day):
    assert LenderSettings().local(instant).date().isoformat() == day
