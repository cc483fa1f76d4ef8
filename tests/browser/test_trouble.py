"""Rare answers: what the page makes of them, in words and without a dead end."""

import pytest
from playwright.sync_api import expect

from tests.browser.stand_in import PASSWORD, REQUEST_ID

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


def test_an_unknown_applicant_is_said_kindly(page, enter):
    enter(page, "/applicants/404404")
    expect(page.get_by_text("No applicant has the number 404404.")).to_be_visible()
    page.get_by_role("link", name="Find another applicant").click()
    expect(page.locator(".row-link").first).to_be_visible()


def test_problem_details_show_title_fields_and_request_id(page, enter):
    enter(page, "/applicants/422422")
    alert = page.get_by_role("alert")
    for words in (
        "Some values are not allowed",
        "Invalid applicant",
        "AMT_CREDIT",
        "Pirate",
        REQUEST_ID,
    ):
        expect(alert).to_contain_text(words)


def test_a_passing_trouble_is_over_with_one_click(page, enter):
    enter(page, "/applicants/503503")
    expect(page.get_by_role("alert")).to_contain_text("The service is not available for the moment")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".verdict")).to_be_visible()


def test_no_network_is_said_and_the_page_recovers(page, enter):
    enter(page)
    page.wait_for_selector(".row-link")
    page.context.set_offline(True)
    page.get_by_label("Application number").fill("1000")
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".row-link").first).to_be_visible()


def test_a_session_that_ends_asks_for_the_password_over_the_view_and_loses_no_form(
    page, enter, site
):
    enter(page, "/new")
    page.get_by_label("Credit amount").fill("250000")
    page.route("**/api/**", lambda route: route.fulfill(status=401, json={"message": "Ended"}))
    for label, value in (("Application id", "900001"), ("Declared income", "120000")):
        page.get_by_label(label).fill(value)
    page.get_by_label("Date of birth").fill("1985-03-04")
    page.get_by_role("button", name="Score", exact=True).click()
    layer = page.get_by_role("dialog", name=f"Password of {site.user}")
    expect(layer).to_be_visible()
    for _ in range(4):  # it cannot be put away
        page.keyboard.press("Escape")
        expect(layer).to_be_visible()
    page.unroute("**/api/**")
    layer.get_by_label("Password", exact=True).fill(site.password)
    layer.get_by_role("button", name="Sign in", exact=True).click()
    expect(layer).not_to_be_visible()
    expect(page.get_by_label("Credit amount")).to_have_value("250000")
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.locator(".verdict")).to_be_visible()


def test_a_session_that_ends_at_once_leads_back_to_the_address(page, site):
    page.goto(f"{site.url}#/upload")
    page.fill("input[name=username]", "short.session")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    layer = page.get_by_role("dialog")
    expect(layer).to_contain_text("Your session has ended")
    layer.get_by_role("button", name="Sign in with another account").click()
    page.fill("input[name=username]", site.user)
    page.fill("input[name=password]", site.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Send a file")).to_be_visible()


def test_a_new_account_chooses_its_password(page, site):
    page.goto(site.url)
    page.get_by_label("User name").fill("new.advisor")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    chosen = page.get_by_label("New password", exact=True)
    repeated = page.get_by_label("New password, again", exact=True)
    submit = page.get_by_role("button", name="Save and sign in")

    chosen.fill("short")
    repeated.fill("shorter")
    submit.click()
    expect(page.get_by_role("alert")).to_have_text("The two passwords differ.")
    repeated.fill("short")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("This password is too weak")
    chosen.fill("A-much-longer-one-7")
    repeated.fill("A-much-longer-one-7")
    submit.click()
    expect(page.get_by_role("heading", name="Applicants")).to_be_visible()


def test_an_address_that_leads_nowhere_leads_home(page, enter):
    enter(page, "/salaries")
    page.get_by_role("link", name="Go to the start").click()
    expect(page.locator(".row-link").first).to_be_visible()


def test_a_view_that_cannot_be_fetched_says_so(page, enter):
    enter(page)
    page.wait_for_selector(".row-link")
    page.route("**/parts/upload-view-*.js", lambda route: route.abort())
    page.get_by_role("link", name="Files").click()
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")


def test_a_page_without_its_configuration_says_so(page, site):
    page.route("**/config.json", lambda route: route.fulfill(status=404))
    page.goto(site.url)
    expect(page.get_by_role("alert")).to_contain_text("could not read its configuration")
