"""The work list: tabs, filters and order in the address, pages that go on, Back as it was left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import is_settled, shown_number

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


def ids(page: Page) -> list[str]:
    is_settled(page)
    return page.locator(".row-link").all_inner_texts()


def show_more(page: Page):
    return page.get_by_role("button", name=re.compile("Show more"))


def open_filters(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Filters")).click()


def test_tabs_filters_and_order_stand_in_the_address_and_are_what_the_service_is_asked(page, enter):
    enter(page)
    page.get_by_role("button", name="Undecided").click()
    open_filters(page)
    page.get_by_label("The model recommends").select_option("refuse")
    with page.expect_response(re.compile("sort=income")) as answer:
        page.get_by_role("button", name="Income").click()
    is_settled(page)
    assert "state=open&decision=refuse&sort=income" in page.url
    told = answer.value.json()
    expect(page.locator(".row-link")).to_have_text([i["applicant_id"] for i in told["items"]])
    incomes = [item["income"] for item in told["items"]]
    assert incomes == sorted(incomes, reverse=True)
    expect(page.locator(".list-total")).to_have_text(f"{told['total']} applications")
    expect(page.get_by_role("button", name="Filters (1)")).to_be_visible()


def test_a_head_that_is_clicked_again_sorts_the_other_way_round(page, enter):
    enter(page)
    head = page.get_by_role("columnheader", name="Risk")
    for way, is_reverse in (("descending", True), ("ascending", False)):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", way)
        is_settled(page)
        risks = [
            shown_number(text.rstrip("%"))
            for text in page.locator('td[data-label="Risk"]').all_inner_texts()
        ]
        assert risks == sorted(risks, reverse=is_reverse)


def test_a_tab_shows_what_waits_there_and_how_much(page, enter, api):
    enter(page)
    tab = page.get_by_role("button", name=re.compile("^Yours to decide"))
    total = api.ask("GET", "/applicants?state=review&limit=1", user="alice.martin")["total"]
    expect(tab).to_have_text(re.compile(rf"\b{total}$"))
    tab.click()
    expect(page.locator(".list-total")).to_have_text(f"{total} applications")
    expect(page.locator(".row .chip.review").first).to_be_visible()
    expect(page.locator(".row .chip.accept, .row .chip.refuse")).to_have_count(0)


def test_back_finds_the_filters_again(page, enter):
    enter(page)
    open_filters(page)
    page.get_by_label("The model recommends").select_option("accept")
    page.get_by_label("Risk band").select_option("medium")
    page.get_by_label("Amount, at most").fill("250000")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("amount_max=250000"))
    before, address = ids(page), page.url
    page.locator(".row-link").first.click()
    page.wait_for_selector(".verdict")
    page.go_back()
    expect(page.locator(".row-link")).to_have_text(before)
    assert page.url == address
    expect(page.get_by_label("The model recommends")).to_have_value("accept")
    expect(page.get_by_label("Risk band")).to_have_value("medium")
    expect(page.get_by_label("Amount, at most")).to_have_value(re.compile("250,?000"))


def test_back_shows_the_list_as_it_was_left(page, enter):
    enter(page, "/applicants?state=open&sort=amount")
    show_more(page).click()
    expect(page.locator(".row-link")).not_to_have_count(25)
    shown = page.locator(".row-link").count()
    last = page.locator(".row-link").nth(shown - 2)
    last.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 40)")
    page.wait_for_function("scrollY > 200")
    before = page.evaluate("scrollY")
    last.click()
    page.wait_for_selector(".verdict")
    page.go_back()
    expect(page.locator(".row-link")).to_have_count(shown)
    page.wait_for_function("before => Math.abs(scrollY - before) < 5", arg=before)
    assert page.url.endswith("state=open&sort=amount")


def test_amounts_are_filtered_as_people_of_the_language_write_them(open_page, enter, api):
    for language, label, typed in (("en", "Amount, at least", "300,000"),
                                   ("fr", "Montant, au moins", "300 000")):  # fmt: skip
        page = open_page(locale=language)
        enter(page)
        page.locator(".filter-button").click()
        with page.expect_response(re.compile("amount_min=")) as answer:
            page.get_by_label(label).fill(typed)
            page.keyboard.press("Enter")
        assert "amount_min=300000&" in answer.value.url
        assert all(item["amount"] >= 300_000 for item in answer.value.json()["items"])


def test_an_answer_that_comes_late_does_not_wipe_out_what_is_typed(page, enter):
    held = []
    page.route("**/api/contract*", lambda route: held.append(route))
    enter(page)
    page.locator(".filter-button").click()
    page.get_by_label("Amount, at least").fill("300,000")
    for route in held:
        route.continue_()
    expect(page.get_by_label("Source of income").locator("option")).not_to_have_count(1)
    expect(page.get_by_label("Amount, at least")).to_have_value("300,000")


def test_nothing_that_fits_leads_back_to_everything(page, enter):
    enter(page, "/applicants?state=open&amount_min=90000000&query=1")
    expect(page.get_by_text("Nothing fits this search.")).to_be_visible()
    page.get_by_role("button", name="Clear the search and the filters").click()
    expect(page.locator(".row-link").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/applicants\?state=open$"))
    expect(page.get_by_label("Application number")).to_have_value("")


def test_a_tab_in_which_nothing_waits_says_so(page, enter):
    enter(page, "/applicants?state=to_confirm", user="lea.lyon")
    expect(page.get_by_text("Nothing waits for a second person.")).to_be_visible()


def test_a_list_goes_on_until_everybody_was_shown(page, enter):
    enter(page)
    page.wait_for_selector(".row-link")
    total = int(page.locator(".list-total").inner_text().split()[0])
    while show_more(page).is_visible():
        shown = page.locator(".row-link").count()
        show_more(page).click()
        expect(page.locator(".row-link")).not_to_have_count(shown)
    assert len(set(ids(page))) == total


def test_who_clicks_twice_is_shown_nobody_twice(page, enter):
    enter(page)
    page.wait_for_selector(".row-link")
    show_more(page).evaluate("button => { button.click(); button.click(); }")
    expect(page.locator(".row-link")).not_to_have_count(25)
    page.wait_for_load_state("networkidle")
    assert len(ids(page)) == len(set(ids(page))) == 50


def test_a_page_that_cannot_be_fetched_is_said_and_asked_for_again(page, enter):
    enter(page)
    page.wait_for_selector(".row-link")
    page.route(re.compile("cursor="), lambda route: route.fulfill(status=503, json={}))
    show_more(page).click()
    expect(page.get_by_role("alert")).to_contain_text("not available for the moment")
    expect(page.locator(".row-link")).to_have_count(25)
    page.unroute(re.compile("cursor="))
    show_more(page).click()
    expect(page.locator(".row-link")).to_have_count(50)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_each_branch_sees_its_own_and_who_sees_all_may_choose(open_page, enter):
    own, every = open_page(), open_page()
    enter(own, user="lea.lyon")
    expect(own.locator(".list-total")).to_have_text("5 applications")
    enter(every, user="anna.all")
    expect(every.locator(".list-total")).to_have_text("65 applications")
    open_filters(every)
    every.get_by_label("Branch").fill("lyon-02")
    every.keyboard.press("Enter")
    expect(every.locator(".list-total")).to_have_text("5 applications")
    assert ids(every) == ids(own)
