"""What came is found by state, branch, name and day, and the address keeps it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.real_files import OWNER
from tests.functions.batch_scorer.branch import draw_rows, to_csv, without_history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


@pytest.fixture(scope="module")
def sent(site) -> None:
    """Two good files, one with a row to correct, one that is no table."""
    if not site.is_stand_in:
        return
    rows = [without_history(row) for row in draw_rows(3, first_id=500_000)]
    files = site.server.files
    files.send("history-june.csv", to_csv(rows))
    files.send("history-july.csv", to_csv(rows))
    files.send("history-open.csv", to_csv([rows[0], rows[1] | {"AMT_CREDIT": "much"}]))
    files.send("history-broken.csv", b"%PDF-1.7")


def names(page: Page):
    return page.locator(".received-row .list-id")


def test_files_are_found_by_a_part_of_their_name_and_by_what_is_left_to_correct(page, enter, sent):
    enter(page, "/upload?name=HISTORY", user=OWNER)
    expect(names(page)).to_have_count(4)
    page.get_by_role("checkbox", name="With rows to correct").check()
    expect(names(page)).to_have_text(["history-open.csv"])
    page.get_by_role("checkbox", name="With rows to correct").uncheck()
    page.get_by_role("searchbox", name="Name of the file").fill("history-ju")
    expect(names(page)).to_have_text(["history-july.csv", "history-june.csv"])
    page.get_by_role("button", name="Show every file").click()
    expect(page.get_by_role("searchbox", name="Name of the file")).to_have_value("")


def test_days_bound_what_is_shown(page, enter, sent):
    enter(page, "/upload?name=history", user=OWNER)
    expect(names(page)).to_have_count(4)
    page.get_by_label("to", exact=True).fill("2020-01-01")
    expect(page.get_by_text("No recent file matches.")).to_be_visible()
    page.get_by_label("to", exact=True).fill("")
    page.get_by_label("From").fill("2020-01-01")
    expect(names(page)).to_have_count(4)


def test_the_address_keeps_the_filters_over_a_look_at_a_file(page, enter, sent):
    enter(page, "/upload", user=OWNER)
    page.get_by_role("button", name="Failed").click()
    page.get_by_role("searchbox", name="Name of the file").fill("history")
    expect(names(page)).to_have_text(["history-broken.csv"])
    assert page.url.endswith("#/upload?status=failed&name=history")
    names(page).first.click()
    expect(page.get_by_role("heading", name="history-broken.csv")).to_be_visible()
    page.go_back()
    expect(names(page)).to_have_text(["history-broken.csv"])
    expect(page.get_by_role("button", name="Failed")).to_have_attribute("aria-pressed", "true")
