"""Everyone can use the page: axe finds nothing, the keyboard reaches everything, on any screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import open_first
from tests.repository import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

SOMEBODY, OFFERED = "100000", "100004"
#: address -> what shows that it is complete
VIEWS = {
    "/applicants": ".row-link",
    "/applicants?state=review&decision=review": ".row-link",
    "/applicants?query=999": ".empty",
    f"/applicants/{SOMEBODY}": ".checklist, .facts .place",
    f"/applicants/{SOMEBODY}/compare": ".heatmap",
    f"/applicants/{SOMEBODY}/unknown": ".checklist, .empty",
    f"/applicants/{SOMEBODY}/simulate": ".before-after",
    f"/applicants/{SOMEBODY}/offer": ".nothing-passes",
    f"/applicants/{OFFERED}/offer": ".proposal",
    f"/applicants/{OFFERED}/decide": ".outcomes",
    "/applicants/422422": ".failure",
    "/new": ".manual .family",
    "/upload": ".received-row",
    "/upload/b-endless": ".waiting",
    "/upload/paris-01%2Frejects.csv": ".tallies",
    "/upload/b-7f3c2a": ".tallies",
    "/upload/b-broken": ".failure",
    "/model/card": ".model-card h2",
    "/account": ".card .notice",
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


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_view(open_page, enter, site, theme, language):
    page = open_page(color_scheme=theme, locale=language, reduced_motion="reduce")
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
def test_a_list_is_readable_while_the_next_answer_is_on_its_way(open_page, enter, site, theme):
    page = open_page(color_scheme=theme, reduced_motion="reduce")
    enter(page, "/applicants")
    page.wait_for_selector(".row-link")
    page.route("**/applicants?*sort=income*", lambda route: None)  # is never answered
    page.locator("th button.sort", has_text="Income").click()
    page.wait_for_selector(".list-card[aria-busy=true] .row-link")
    assert find_violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens_on_demand(open_page, enter, site, theme):
    page = open_page(color_scheme=theme, reduced_motion="reduce")
    enter(page, f"/applicants/{SOMEBODY}")
    page.wait_for_selector(".waterfall")
    for fold in page.locator(".waterfall-step summary, .family summary, .explain summary").all():
        fold.click()
    assert find_violations(page) == []
    page.get_by_role("button", name="Show as a table").click()
    page.get_by_role("button", name="This is wrong").first.click()
    page.wait_for_selector("dialog .field, dialog .button")
    assert find_violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    page.wait_for_selector(".facing")
    assert find_violations(page) == []
    page.keyboard.press("F9")
    page.goto(f"{site.url}#/applicants")
    page.get_by_role("button", name="Filters").click()
    page.wait_for_selector("#filters")
    assert find_violations(page) == []
    page.get_by_role("button", name="About this model").click()
    page.get_by_role("dialog").wait_for()
    assert find_violations(page) == []


def test_the_skip_link_goes_to_the_content_and_not_to_another_route(page, enter):
    enter(page, "/upload")
    page.wait_for_selector(".drop-zone")
    page.locator(".brand-link").focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    assert page.url.endswith("#/upload")


def test_the_keyboard_walks_through_the_list(page, enter):
    enter(page)
    rows = page.locator(".row-link")
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
    page.wait_for_selector(".row-link")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Application number")).to_be_focused()


def test_a_new_view_is_announced_by_title_and_focus(page, enter, site):
    enter(page)
    id_ = open_first(page, site.url, decision="refuse")
    heading = page.get_by_role("heading", name=f"Application {id_}")
    expect(heading).to_be_focused()
    expect(page).to_have_title(f"Application {id_} · Prêt à dépenser")
    said = page.locator("[aria-live=polite]")
    expect(said).to_contain_text("Dossier loaded.")
    page.get_by_role("link", name="Decide").click()
    page.wait_for_selector(".outcomes")
    expect(said).to_have_text("")  # the last verdict is not read out over another view


# 320 px wide is also what 400 % zoom leaves of a screen of 1,280.
@pytest.mark.parametrize(("language", "height"), [("fr", 640), ("en", 256)])
def test_nothing_is_cut_off_on_a_screen_of_320_pixels(open_page, enter, site, language, height):
    page = open_page(viewport={"width": 320, "height": height}, locale=language)
    enter(page)
    for address, complete in VIEWS.items():
        page.goto(f"{site.url}#{address}")
        page.wait_for_selector(complete)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert page.evaluate("getComputedStyle(document.querySelector('.header')).position") in (
            "static", "relative",
        )  # fmt: skip


#: Sums up what moved by itself; nothing within half a second of a key or click counts.
NOTE_SHIFTS = (
    "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
    " if (!entry.hadRecentInput) window.shift += entry.value; })"
    ".observe({ type: 'layout-shift', buffered: true });"
)


@pytest.mark.parametrize(
    ("user", "address"),
    [
        ("alice.martin", "/applicants"),
        ("alice.martin", f"/applicants/{SOMEBODY}"),
        ("otto.operator", "/operations"),
        ("otto.operator", "/operations/drift"),
        ("otto.operator", "/model/card"),
        ("otto.operator", "/model/versions"),
    ],
)
def test_nothing_moves_once_it_is_drawn(page, enter, user, address):
    page.add_init_script(NOTE_SHIFTS)
    enter(page, address, user=user)
    page.wait_for_selector(".row-link, .waterfall, .stack .card, .model-card")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") <= 0.01


@pytest.mark.parametrize(
    ("address", "late", "drawn"),
    [
        ("/operations", "/api/(alarms|traffic)", ".alarm-sum"),
        ("/operations/drift", "/api/(drift/2|acknowledgements)", ".findings"),
        ("/model/card", "/api/model/card", ".model-card section"),
        ("/model/versions", "/api/(models|promotions)", ".findings"),
    ],
)
def test_what_comes_late_moves_nothing(page, enter, address, late, drawn):
    """The last first: an answer that is waited for longest is what the view begins with."""
    page.add_init_script(NOTE_SHIFTS)
    held = []
    page.route(re.compile(late), lambda route: held.append(route))
    enter(page, address, user="otto.operator")
    page.wait_for_selector("h1")
    page.wait_for_timeout(700)
    for route in reversed(held):
        route.continue_()
        page.wait_for_timeout(150)
    page.wait_for_selector(drawn)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") <= 0.01


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        (f"/applicants/{SOMEBODY}", ".waterfall"),
        (f"/applicants/{SOMEBODY}/compare", ".heatmap"),
        (f"/applicants/{SOMEBODY}/unknown", ".checklist"),
        (f"/applicants/{SOMEBODY}/offer", ".nothing-passes"),
        (f"/applicants/{OFFERED}/decide", ".outcomes"),
    ],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_what_comes_late_moves_nothing_of_a_dossier(open_page, enter, address, drawn, width):
    """Each answer a moment after what was drawn with the one before."""
    page = open_page(viewport={"width": width, "height": 900})
    page.add_init_script(NOTE_SHIFTS)
    held = []
    page.route(re.compile("/api/"), lambda route: held.append(route))
    enter(page, address)
    for _ in range(16):
        page.wait_for_timeout(200)
        if held:
            held.pop().continue_()
    for route in held:
        route.continue_()
    page.unroute_all()
    page.wait_for_selector(drawn)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") <= 0.01


@pytest.mark.parametrize("address", ["/applicants", f"/applicants/{SOMEBODY}"])
def test_the_word_about_a_slow_answer_moves_nothing(page, enter, address):
    page.add_init_script(NOTE_SHIFTS)
    held, is_slow = [], True
    page.route(
        re.compile("/api/applicants"),
        lambda route: held.append(route) if is_slow else route.continue_(),
    )
    enter(page, address)
    page.wait_for_selector(".skeleton-word")
    is_slow = False
    for route in held:
        route.continue_()
    page.wait_for_selector(".row-link, .waterfall")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") <= 0.001


def test_bars_and_gauge_stay_visible_in_forced_colours(open_page, enter):
    page = open_page(forced_colors="active")
    enter(page, f"/applicants/{SOMEBODY}")
    page.wait_for_selector(".waterfall-bar")
    for part in (".waterfall-bar", ".gauge-zone", ".reason-bar span"):
        style = page.locator(part).first.evaluate(
            "e => [getComputedStyle(e).borderTopWidth, getComputedStyle(e).backgroundColor]"
        )
        assert style[0] != "0px" or style[1] != "rgba(0, 0, 0, 0)", part


@pytest.mark.parametrize("decision", ["refuse", "accept"])
def test_a_dossier_fits_on_one_printed_page_black_on_white(open_page, enter, site, decision):
    page = open_page(color_scheme="dark")
    enter(page)
    open_first(page, site.url, decision=decision)
    page.wait_for_selector(".waterfall")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 24, 29)"
    for hidden in (".nav", ".header-tools", ".all-facts", ".parts"):
        expect(page.locator(hidden)).not_to_be_visible()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
