"""Help is a key away, in one's language; keys lead where a role may go, unless switched off."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import find_violations

pytestmark = pytest.mark.browser

PAGES = ("advisor", "back-office", "operator", "data-scientist", "glossary", "shortcuts", "new")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_help_is_readable(open_page, enter, site, language, theme):
    page = open_page(color_scheme=theme, locale=language, reduced_motion="reduce")
    enter(page, "/help")
    page.wait_for_selector(".prose h2")
    titles = set()
    for name in PAGES:
        page.goto(f"{site.url}#/help/{name}")
        expect(page.locator(f'.part[aria-current=page][href="#/help/{name}"]')).to_be_visible()
        page.wait_for_selector(".prose h2")
        titles.add(page.locator(".prose h2").inner_text())
        assert find_violations(page) == [], name
    assert len(titles) == len(PAGES)


def test_one_begins_with_the_page_of_the_own_role(rare, page, enter):
    enter(page, "/help", user="otto.operator")
    expect(page.locator(".prose h2")).to_have_text("Operator: your first ten minutes")
    expect(page.locator(".part").first).to_have_text("Operator")


def test_the_help_follows_the_language(page, enter):
    enter(page, "/help/glossary")
    expect(page.get_by_role("heading", name="Glossary")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Glossaire")).to_be_visible()


def test_a_page_that_is_not_there_is_told(page, enter):
    enter(page, "/help/nowhere")
    expect(page.get_by_text("No page of the help has this name.")).to_be_visible()


def test_keys_lead_to_the_sections_and_to_the_help(page, enter):
    enter(page, "/upload")
    page.wait_for_selector(".drop-zone")
    for keys, address in (("gm", "#/model/card"), ("ga", "#/applicants"), ("gf", "#/upload")):
        page.locator("h1").click()
        for key in keys:
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"{re.escape(address)}$"))
        page.wait_for_selector("h1")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()


def test_keys_open_nothing_of_another_role_and_nothing_while_one_types(page, enter):
    enter(page, "/applicants")
    page.wait_for_selector(".row-link")
    page.get_by_label("Application number").focus()
    page.keyboard.type("gf?")
    expect(page).to_have_url(re.compile(r"#/applicants(\?query=.*)?$"))
    page.locator("h1").click()
    page.keyboard.type("go")
    page.keyboard.type("gf")  # would come too late if the first had led away
    expect(page).to_have_url(re.compile("#/upload$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"#/applicants(\?query=.*)?$"))


def test_beside_the_applicant_no_key_leads_away(rare, page, enter):
    enter(page, "/applicants/100000")
    page.wait_for_selector(".waterfall")
    page.keyboard.press("F9")
    page.wait_for_selector(".facing")
    page.keyboard.press("?")
    page.keyboard.type("ga")
    expect(page.locator(".facing")).to_be_visible()
    expect(page).to_have_url(re.compile("#/applicants/100000$"))


def test_who_switches_them_off_has_no_shortcuts_at_the_next_visit_either(page, enter):
    enter(page, "/help/shortcuts")
    page.get_by_label("Shortcuts of one key are on").uncheck()
    page.locator("h1").click()
    page.keyboard.type("gf")
    expect(page).to_have_url(re.compile("#/help/shortcuts$"))
    page.reload()
    enter(page, "/applicants")
    page.wait_for_selector(".row-link")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_label("Application number")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page).to_have_url(re.compile("#/applicants$"))
