"""Somebody who is not in the system: only what is needed, mistakes where they are, then decided."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import spell_percent, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

NEEDED = {
    "Application id": "900002", "Declared income": "150,000", "Credit amount": "250,000",
    "Loan annuity": "20,000",
}  # fmt: skip


def fill_in(page: Page, **others: str) -> None:
    for label, value in NEEDED.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Date of birth").fill("1985-03-04")


def score(page: Page):
    """Returns what the service says."""
    with page.expect_response(re.compile("/predict$")) as answer:
        page.locator(".manual button.primary").press("Enter")
    return answer.value


def summary(page: Page):
    return page.locator(".error-summary")


def test_only_what_is_needed_is_asked_and_the_summary_leads_to_it(page, enter):
    enter(page, "/new")
    button = page.get_by_role("button", name="Score", exact=True)
    for _ in range(2):  # each time that it is tried
        button.press("Enter")
        expect(summary(page)).to_contain_text("4 fields need a correction")
        expect(summary(page)).to_be_focused()
    summary(page).get_by_role("link", name="Credit amount").press("Enter")
    expect(page.get_by_label("Credit amount")).to_be_focused()


def test_a_mistake_is_told_on_leaving_the_field_and_the_focus_goes_on(page, enter):
    enter(page, "/new")
    amount = page.get_by_label("Credit amount")
    amount.fill("much")
    page.keyboard.press("Tab")
    expect(page.locator("#manual-AMT_CREDIT-error")).to_contain_text("write a number")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(page.locator(":is(input, select):focus")).to_have_count(1)
    amount.fill("-5")
    page.keyboard.press("Tab")
    expect(page.locator("#manual-AMT_CREDIT-error")).to_contain_text("from ")
    amount.fill("250000")
    page.keyboard.press("Tab")
    expect(page.locator("#manual-AMT_CREDIT-error")).to_have_count(0)


def test_what_stays_empty_is_not_sent(page, enter):
    enter(page, "/new")
    fill_in(page)
    sent = score(page).request.post_data_json
    assert sent.keys() == {
        "SK_ID_CURR", "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY", "DAYS_BIRTH",
    }  # fmt: skip
    assert sent["AMT_CREDIT"] == 250_000


def test_what_was_changed_since_is_scored_again_before_it_is_decided(page, enter):
    enter(page, "/new")
    fill_in(page)
    score(page)
    page.get_by_role("button", name="Go to the decision").click()
    page.get_by_label("What the applicant says").fill("It is for a car")
    page.get_by_label("Credit amount").fill("900,000")
    expect(page.get_by_text("Values have changed since the score")).to_be_visible()
    expect(page.locator("form.decide")).to_have_count(0)
    score(page)
    expect(page.get_by_text("Values have changed since the score")).to_have_count(0)
    expect(page.get_by_label("What the applicant says")).to_have_value("It is for a car")


def test_a_look_elsewhere_loses_nothing_of_what_was_typed(page, enter):
    enter(page, "/new")
    fill_in(page)
    score(page)
    told = page.locator(".verdict-pd").inner_text()
    page.get_by_role("link", name="Applicants").click()
    page.wait_for_selector(".row-link")
    page.get_by_role("link", name="New application").click()
    expect(page.get_by_label("Credit amount")).to_have_value("250,000")
    expect(page.locator(".verdict-pd")).to_have_text(told)
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_label("Credit amount")).to_have_value("")
    expect(page.locator(".verdict-pd")).to_have_count(0)


def test_words_about_one_person_are_not_kept_for_the_next(page, enter):
    enter(page, "/new")
    fill_in(page)
    score(page)
    page.get_by_role("button", name="Go to the decision").click()
    page.get_by_label("What the applicant says").fill("It is for a car")
    page.get_by_label("Application id").fill("900077")
    score(page)
    page.get_by_role("button", name="Go to the decision").click()
    expect(page.get_by_label("What the applicant says")).to_have_value("")


def test_a_change_of_language_changes_no_amount(page, enter):
    enter(page, "/new")
    fill_in(page)
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    sent = score(page).request.post_data_json
    assert (sent["AMT_CREDIT"], sent["AMT_ANNUITY"]) == (250_000, 20_000)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Credit amount")).to_have_value("250,000")


def test_somebody_new_is_scored_then_decided_for_a_branch(page, enter):
    enter(page, "/new")
    fill_in(page)
    pd = spell_percent(score(page).json()["probability_of_default"])
    expect(page.locator(".verdict-pd strong")).to_have_text(pd)
    expect(page.get_by_label("Branch")).to_have_value("paris-01")
    page.get_by_role("button", name="Go to the decision").press("Enter")
    tab_to(page, page.locator("#decision-accept"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#decision-refuse")).to_be_checked()
    if page.get_by_label("Reason", exact=True).is_visible():
        page.get_by_label("Reason", exact=True).select_option("not_affordable")
        page.get_by_label("In a few words").fill("Too much beside the rent")
    page.get_by_role("button", name="Decide", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="The decision", level=1)).to_be_visible()
    expect(page.locator(".outcome-card")).to_contain_text(f"risk {pd}")
    expect(page.locator(".letter-sheet")).to_contain_text("900002")


def test_values_that_are_changed_after_the_score_are_not_decided_unseen(page, enter):
    enter(page, "/new")
    fill_in(page)
    first = spell_percent(score(page).json()["probability_of_default"])
    page.get_by_role("button", name="Go to the decision").click()
    expect(page.locator(".advice")).to_contain_text(f"risk {first}")
    page.get_by_label("Credit amount").fill("900,000")
    page.get_by_label("Loan annuity").fill("400,000")
    second = spell_percent(score(page).json()["probability_of_default"])
    assert first != second
    expect(page.locator(".verdict-pd strong")).to_have_text(second)
    expect(page.locator(".advice, .manual-result")).not_to_contain_text([f"risk {first}"])


def test_who_may_not_decide_scores_and_is_offered_no_decision(page, enter):
    enter(page, "/new", user="dana.data")
    fill_in(page)
    score(page)
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.get_by_role("button", name="Go to the decision")).to_have_count(0)


def test_what_is_cleared_while_the_service_works_stays_cleared(page, enter):
    held = []
    page.route(re.compile("/predict$"), lambda route: held.append(route))
    enter(page, "/new")
    fill_in(page)
    page.locator(".manual button.primary").press("Enter")
    expect(page.get_by_role("button", name="Scoring…")).to_be_visible()
    page.get_by_role("button", name="Clear all").click()
    held[0].continue_()
    expect(page.get_by_role("button", name="Score", exact=True)).to_be_enabled()
    expect(page.locator(".verdict")).to_have_count(0)
    expect(page.get_by_label("Credit amount")).to_have_value("")


def test_everything_is_cleared_at_once(page, enter):
    enter(page, "/new")
    fill_in(page)
    score(page)
    page.wait_for_selector(".verdict")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".verdict")).to_have_count(0)
    expect(page.get_by_label("Credit amount")).to_have_value("")
