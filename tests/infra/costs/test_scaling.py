"""What docs/scaling.md reckons follows from measured figures, list prices and AWS's quotas."""

import re

import pytest

from infra.costs import figures, prices
from infra.costs.usage import price_scores
from tests.repository import ROOT

TEXT = re.sub(r"\s+", " ", (ROOT / "docs/scaling.md").read_text(encoding="utf-8"))
NIGHT = 8 * 3600
MONTH = 30 * 24 * 3600
BILLION = 1e9
# Of a default account: docs/scaling.md names their pages.
FRESH_TABLE, TABLE = 4_000, 40_000
# µs of a row that become packed profiles, records, and all of it: docs/performance.md.
PARTS = {"15.3": 4.2, "5.1": 1.4, "60.7": 16.9}


def two_digits(number):
    magnitude = 10 ** (len(f"{number:.0f}") - 2)
    return f"{round(number / magnitude) * magnitude:,.0f}"


@pytest.mark.parametrize("requests", [10, 100, 1_000, 10_000])
def test_dollars_of_a_month_are_those_of_its_scores(requests):
    [row] = re.findall(r"\| dollars a month of 30 days, day and night \|([ \d,|]+)\|", TEXT)
    cells = [cell.strip() for cell in row.split("|")]
    assert cells[len(str(requests)) - 2] == two_digits(price_scores(requests * MONTH).dollars)


@pytest.mark.parametrize("mebibytes", [1, 5])
def test_scores_that_fill_a_delivery_stream(mebibytes):
    scores = mebibytes * 2**20 / figures.LINE_BYTES.value
    assert re.search(rf"\b{scores:.0f} scores", TEXT)


def test_a_stack_has_as_many_alarms_as_the_page_says():
    assert f"alarms: {figures.ALARMS} a stack" in TEXT


@pytest.mark.parametrize("millions", [1, 10, 50, 400])
def test_write_units_of_a_night(millions):
    units = millions * 1e6 * figures.PROFILE_WRITES.value / NIGHT
    assert re.search(rf"\| {millions} million \| {units:,.0f} \|", TEXT)


def test_a_table_decides_how_long_a_million_rows_take():
    units = 1e6 * figures.PROFILE_WRITES.value
    assert f"{units / FRESH_TABLE / 60:.1f} min" in TEXT
    assert f"{units / TABLE:.0f} s." in TEXT
    for limit in (FRESH_TABLE, TABLE):
        assert f"{limit / figures.PROFILE_WRITES.value:,.0f}" in TEXT
    assert FRESH_TABLE / figures.PROFILE_WRITES.value < figures.ROWS_A_SECOND.value


def test_a_billion_rows_in_a_night():
    rate = BILLION / NIGHT
    workers = -(-rate // figures.ROWS_A_SECOND.value)
    assert f"{rate:,.0f} / {figures.ROWS_A_SECOND.value:,} = {workers:.0f} that" in TEXT
    assert f"{rate * figures.PROFILE_WRITES.value:,.0f}" in TEXT
    kept = BILLION * figures.RECORD_BYTES.value * figures.VALUE_DAYS
    assert f"{kept / 1e12:.0f} TB, some {two_digits(kept * prices.STORED.each)} dollars" in TEXT
    dollars = BILLION * figures.PROFILE_WRITES.value * prices.WRITE.each
    assert f"{dollars:,.0f} dollars" in TEXT


@pytest.mark.parametrize(("microseconds", "hours"), PARTS.items())
def test_hours_of_a_processor_are_those_that_were_measured(microseconds, hours):
    measured = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert f"| {microseconds} |" in measured
    assert BILLION * float(microseconds) / 1e6 / 3600 == pytest.approx(hours, abs=0.06)
    assert re.search(rf"\b{hours}\b", TEXT)
