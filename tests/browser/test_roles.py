"""Each role begins where it works, is led nowhere else, and is told what belongs to others."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import is_settled, log_in
from tests.browser.service import OFFERED

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

ADVISORS = ["Applicants", "New application", "Files", "Model"]


@pytest.mark.parametrize(
    ("user", "heading", "links"),
    [
        ("alice.martin", "Applicants", ADVISORS),
        ("anna.all", "Applicants", ADVISORS),
        ("carol.office", "Files", ["Applicants", "Files", "Model"]),
        ("otto.operator", "Operations", ["Files", "Operations", "Model"]),
        ("dana.data", "Model card", ["New application", "Operations", "Model"]),
    ],
)
def test_each_role_begins_where_it_works_and_is_led_nowhere_else(page, site, user, heading, links):
    page.goto(site.url)
    log_in(page, user, site.password)
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    main = page.get_by_role("navigation", name="Main")
    expect(main.get_by_role("link")).to_have_text(links)
    for link in links:
        main.get_by_role("link", name=link).click()
        expect(main.get_by_role("link", name=link)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("This page is for another role")).to_have_count(0)
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("user", "desk"),
    [("alice.martin", "Espace conseiller"), ("otto.operator", "Espace collaborateur"),
     ("carol.office", "Espace collaborateur"), ("dana.data", "Espace collaborateur")],
)  # fmt: skip
def test_nobody_is_called_an_advisor_who_is_none(open_page, enter, user, desk):
    page = open_page(locale="fr")
    enter(page, "", user=user)
    expect(page.locator(".brand-desk")).to_have_text(desk)


@pytest.mark.parametrize(
    ("user", "address", "home"),
    [
        ("carol.office", f"/applicants/{OFFERED}/decide", "Files"),
        ("carol.office", "/new", "Files"),
        ("otto.operator", "/applicants", "Operations"),
        ("alice.martin", "/operations", "Applicants"),
        ("carol.office", "/operations/drift", "Files"),
        ("dana.data", f"/applicants/{OFFERED}", "Model card"),
        ("dana.data", "/upload", "Model card"),
    ],
)
def test_a_view_of_another_role_says_so_without_an_error(page, enter, user, address, home):
    refused = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status > 399 else None)
    enter(page, address, user=user)
    expect(page.get_by_role("heading", name="This page is for another role")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("link", name="Go to the start").click()
    expect(page.get_by_role("heading", name=home, level=1)).to_be_visible()
    assert refused == []


def test_the_back_office_reads_a_file_and_is_led_to_nothing_that_it_may_not_see(
    page, enter, api, site
):
    id_ = api.spare("refuse")
    version = api.ask("GET", "/model")["version"]
    taken = {"applicant_id": id_, "decision": "refuse", "model_version": version}
    api.ask("POST", "/decisions", taken, user="alice.martin")
    enter(page, f"/applicants?query={id_}", user="carol.office")
    is_settled(page)
    expect(page.locator("tr", has_text=id_)).to_contain_text("refused")
    hrefs = page.locator("main a").evaluate_all("links => links.map(link => link.hash)")
    page.locator(".row-link").click()
    page.wait_for_selector(".history")
    expect(page.get_by_role("button", name="This is wrong")).to_have_count(0)
    hrefs += page.locator("main a").evaluate_all("links => links.map(link => link.hash)")
    for address in sorted(set(hrefs)):
        page.goto(f"{site.url}{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("This page is for another role")).to_have_count(0)
