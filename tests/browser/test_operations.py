"""Operators see what rings and why, say that they know of it, and run again what was given up."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.operators_life import BROKEN, COLUMN, QUIET, RINGS
from tests.browser.test_accessibility import find_violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

OPERATOR, SCIENTIST = "otto.operator", "dana.data"
VIEWS = {
    "/operations": ".series svg",
    "/operations/drift": ".lane-cell",
    "/operations/drift/latest": ".finding",
}


def test_an_operator_begins_at_what_rings_with_its_meaning_its_steps_and_its_history(page, enter):
    enter(page, "", user=OPERATOR)
    expect(page.get_by_role("heading", name="Operations", level=1)).to_be_visible()
    expect(page.get_by_text("1 of 2 alarms rings.")).to_be_visible()
    expect(page.locator(".alarm-name")).to_have_text([RINGS])
    page.locator(".alarm summary").click()
    expect(page.locator(".runbook li")).to_have_count(3)
    expect(page.locator(".runbook")).to_contain_text("Who: the operator")
    expect(page.locator(".alarm-history")).to_contain_text("rings")
    expect(page.get_by_text("this system is emulated")).to_be_visible()
    page.get_by_role("button", name="Show all 2").click()
    expect(page.locator(".alarm-name")).to_have_text([RINGS, QUIET])


def test_traffic_is_told_in_words_drawn_and_a_table(page, enter):
    enter(page, "/operations", user=SCIENTIST)
    verdicts = page.get_by_role("figure", name="Scores of the API")
    expect(verdicts).to_contain_text("for a person to decide")
    expect(verdicts.locator("rect").first).to_be_attached()
    verdicts.get_by_role("button", name="Show as a table").click()
    expect(verdicts.get_by_role("columnheader")).to_have_text(
        ["Time", "accepted", "for a person", "refused"]
    )
    page.get_by_role("button", name="7 d").click()
    expect(page.get_by_role("button", name="7 d")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("figure", name="Rows of files")).to_contain_text("scored")


def test_who_only_watches_is_offered_nothing_that_the_service_would_refuse(page, enter):
    enter(page, "/operations", user=SCIENTIST)
    expect(page.get_by_text("uploads/paris-01/week.csv")).to_be_visible()
    expect(page.get_by_role("button", name="Try all of it again")).to_have_count(0)
    page.get_by_role("link", name="Drift").click()
    expect(page.locator(".finding")).to_be_visible()
    expect(page.get_by_role("button", name="I know of it")).to_have_count(0)


def test_running_again_asks_first_and_a_refusal_is_told(page, enter):
    """The stand-in has no batch function: Lambda does not take the event, and nothing is lost."""
    enter(page, "/operations", user=OPERATOR)
    page.get_by_role("button", name="Try all of it again").click()
    dialog = page.get_by_role("dialog", name="Try one thing again?")
    expect(dialog).to_contain_text("Repair the cause first.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Try all of it again").click()
    dialog.get_by_role("button", name="Try all of it again").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("uploads/paris-01/week.csv")).to_be_visible()


def test_a_finding_is_acknowledged_with_a_reason_and_taken_back(page, enter):
    enter(page, "/operations/drift", user=OPERATOR)
    finding = page.locator(".finding")
    expect(finding).to_contain_text(f"{COLUMN}")
    expect(finding).to_contain_text(BROKEN)
    finding.get_by_role("button", name="I know of it").click()
    dialog = page.get_by_role("dialog", name="You know of this finding")
    dialog.get_by_role("button", name="Call nobody until then").click()
    expect(dialog.locator(".error-summary")).to_be_focused()
    dialog.get_by_label("Why").fill("The branch repairs its export.")
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    dialog.get_by_label("Until the end of").fill(until)
    dialog.get_by_role("button", name="Call nobody until then").click()
    expect(finding).to_contain_text("otto.operator knows of it, until")
    expect(finding).to_contain_text("The branch repairs its export.")
    finding.get_by_role("button", name="Change or take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(finding.get_by_role("button", name="I know of it")).to_be_visible()


def test_a_finding_leads_to_the_files_that_show_it_by_their_names(page, enter):
    known, gone = "8f51d3e25cd53d462d0fb7b5a7cbd428", "5a09a009a74a20375a4145bc4fff45ba"

    def with_digests(route):
        body = route.fetch().json()
        body["summary"]["findings"][0]["files"] = [known, gone]
        route.fulfill(json=body)

    batch = {"batch": f"{BROKEN}/week.csv/1", "file": "week.csv", "digest": known * 2}
    page.route("**/drift/*T*", with_digests)
    page.route("**/batches?*", lambda route: route.fulfill(json={"items": [batch], "cursor": None}))
    enter(page, "/operations/drift", user=OPERATOR)
    link = page.locator(".finding").get_by_role("link", name="week.csv")
    expect(link).to_have_attribute("href", f"#/upload/{BROKEN}%2Fweek.csv%2F1")
    expect(page.locator(".finding")).to_contain_text(gone[:12])
    expect(page.locator(".finding")).not_to_contain_text(gone)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_taking_an_acknowledgement_back_looks_like_no_cancelling_and_is_told(
    open_page, enter, api, language
):
    [found] = api.ask("GET", "/drift/latest", user=OPERATOR)["summary"]["findings"]
    finding = {name: found[name] for name in ("kind", "source", "columns")}
    until = datetime.now(UTC).date().isoformat()
    known = {**finding, "reason": "The branch repairs it.", "until": until}
    api.ask("POST", "/acknowledgements", known, user=OPERATOR)
    page = open_page(locale=language)
    enter(page, "/operations/drift", user=OPERATOR)
    page.locator(".finding .link-button").click()
    actions = page.get_by_role("dialog").locator(".form-actions button")
    expect(actions).to_have_count(3)
    assert len(set(actions.all_inner_texts())) == 3
    actions.nth(1).click()
    said = {"en": "somebody is called again", "fr": "quelqu’un est de nouveau appelé"}[language]
    expect(page.locator("[aria-live=polite]")).to_contain_text(said)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_runbook_is_marked_as_the_language_that_it_is_in(open_page, enter, language):
    page = open_page(locale=language)
    enter(page, "/operations", user=OPERATOR)
    page.locator(".alarm summary").click()
    runbook = page.locator(".runbook")
    expect(runbook).to_contain_text({"en": "Who:", "fr": "Qui"}[language])
    assert runbook.evaluate("element => element.closest('[lang]').lang") == language


def test_the_trend_shows_the_column_and_the_branch_and_leads_to_each_run(page, enter):
    enter(page, "/operations/drift", user=SCIENTIST)
    expect(page.locator(".lane-name")).to_have_text([COLUMN])
    expect(page.locator(".lanes .lane-cell.is-page")).to_have_count(4)  # three runs, and the legend
    page.get_by_role("button", name="Source").click()
    expect(page.locator(".lane-name")).to_have_text([BROKEN])
    page.get_by_role("table").get_by_role("link").last.click()
    expect(page.get_by_text("Nothing was found.")).to_be_visible()


def test_the_report_runs_in_a_sandbox_of_another_origin(page, enter, site):
    enter(page, "/operations/drift/latest", user=OPERATOR)
    page.get_by_role("button", name="Show it here").click()
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("sandbox", "allow-scripts")
    expect(page.frame_locator("iframe").get_by_role("heading", name="Report")).to_be_visible()
    [inner] = [each for each in page.frames if each != page.main_frame]
    assert not inner.url.startswith(site.url)
    assert inner.evaluate("window.origin") == "null"
    assert (
        inner.evaluate("(() => { try { return parent.document.title } catch { return '' } })()")
        == ""
    )


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_operations(open_page, enter, site, theme, language):
    page = open_page(color_scheme=theme, locale=language, reduced_motion="reduce")
    enter(page, "/operations", user=OPERATOR)
    found = {}
    for address, complete in VIEWS.items():
        page.goto(f"{site.url}#{address}")
        page.wait_for_selector(complete)
        for fold in page.locator(".alarm summary").all():
            fold.click()
        found[address] = find_violations(page)
    page.locator(".finding .link-button").first.click() if page.locator(
        ".finding .link-button"
    ).count() else None
    found["dialog"] = find_violations(page)
    assert {address: violations for address, violations in found.items() if violations} == {}


@pytest.mark.parametrize("address", VIEWS)
def test_on_a_narrow_screen_nothing_is_lost(open_page, enter, address):
    page = open_page(viewport={"width": 320, "height": 640})
    enter(page, address, user=OPERATOR)
    page.wait_for_selector(VIEWS[address])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
