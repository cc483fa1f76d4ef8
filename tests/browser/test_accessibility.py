"""Everyone can use the page: axe finds nothing, the keyboard reaches everything, on any screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.repository import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

#: address -> what shows that it is complete
VIEWS = {
    "/applicants": ".list-row",
    "/applicants?query=999": ".empty",
    "/applicants/100002": ".chart svg",
    "/applicants/100003": ".chart svg",
    "/applicants/422422": ".failure",
    "/upload": ".received-row",
    "/upload/b-endless": ".waiting",
    "/upload/paris-01%2Frejects.csv": ".figures",
    "/upload/b-7f3c2a": ".figures",
    "/upload/b-broken": ".failure",
    "/model/card": ".model-card h2",
    "/salaries": ".empty",
}


def find_violations(page: Page) -> list[str]:
    """Rules of axe that the page breaks, best practices included, with the elements at fault."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    results = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_view(open_page, enter, site, theme):
    page = open_page(color_scheme=theme, reduced_motion="reduce")
    page.goto(site.url)
    page.wait_for_selector("form")
    found = {"login": find_violations(page)}
    enter(page)
    for address, complete in VIEWS.items():
        page.goto(f"{site.url}#{address}")
        page.wait_for_selector(complete)
        found[address] = find_violations(page)
    assert {address: violations for address, violations in found.items() if violations} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens_on_demand(open_page, enter, theme):
    page = open_page(color_scheme=theme, reduced_motion="reduce")
    enter(page, "/applicants/100002")
    page.wait_for_selector(".chart svg")
    page.get_by_role("button", name="Table").click()
    for family in page.locator(".family summary").all():
        family.click()
    assert find_violations(page) == []
    page.get_by_role("button", name="About this model").click()
    assert find_violations(page) == []


def test_the_skip_link_goes_to_the_content_and_not_to_another_route(page, enter):
    enter(page, "/upload")
    page.wait_for_selector(".drop-zone")
    page.reload()
    page.wait_for_selector(".drop-zone")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    assert page.url.endswith("#/upload")


def test_the_keyboard_walks_through_the_list(page, enter):
    enter(page)
    rows = page.locator(".list-row")
    expect(rows.first).to_be_visible()
    search = page.get_by_label("Application number")
    expect(search).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.first).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()


def test_a_slash_goes_back_to_the_search(page, enter):
    enter(page)
    page.wait_for_selector(".list-row")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Application number")).to_be_focused()


def test_a_new_view_is_announced_by_title_and_focus(page, enter):
    enter(page)
    page.locator(".list-row").first.click()
    heading = page.get_by_role("heading", name="Application 100002")
    expect(heading).to_be_focused()
    expect(page).to_have_title("Application 100002 · Prêt à dépenser")
    expect(page.locator("[aria-live=polite]")).to_contain_text("Dossier loaded. 14.2% risk")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_cut_off_on_a_screen_of_360_pixels(open_page, enter, site, language):
    page = open_page(viewport={"width": 360, "height": 740}, locale=language)
    enter(page)
    for address, complete in VIEWS.items():
        page.goto(f"{site.url}#{address}")
        page.wait_for_selector(complete)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_the_dossier_fits_on_two_printed_pages_black_on_white(open_page, enter):
    page = open_page(color_scheme="dark")
    enter(page, "/applicants/100002")
    page.wait_for_selector(".chart svg")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 24, 29)"
    for hidden in (".nav", ".header-tools", ".all-facts"):
        expect(page.locator(hidden)).not_to_be_visible()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") <= 2
