"""Versions of the model: what they are worth, what a threshold changes, and who lets one serve."""

import json
import re

import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.contests import write_contest
from playwright.sync_api import expect

from tests.browser.pages import log_in
from tests.browser.stand_in import PASSWORD
from tests.browser.test_accessibility import find_violations
from tests.functions.score_api.conftest import ENVIRONMENT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

OPERATOR, COLLEAGUE, SCIENTIST = "otto.operator", "olga.operator", "dana.data"
STANDING = {
    "version": "", "cutoff": 0.1, "auc": {"auc": 0.76, "interval": [0.75, 0.77]},
    "business_cost_per_applicant": 0.5, "approval_rate": 0.7, "ece": 0.01,
}  # fmt: skip
CONTEST = {
    "held_at": "2026-11-20T08:00:00+00:00", "rows": 9000, "defaults": 700, "refusals": [],
    "challenger": STANDING, "champion": STANDING,
    "auc": {"difference": 0.004, "interval": [0.001, 0.007]},
    "cost": {"value": -0.01, "interval": [-0.02, -0.001]},
    "flips": {"newly_accepted": 120, "newly_accepted_defaults": 5,
              "newly_refused": 80, "newly_refused_defaults": 21},
}  # fmt: skip


@pytest.fixture
def models():
    return open_store(ENVIRONMENT["MODELS_URL"])


@pytest.fixture
def versions(api):
    """(the one that serves, the challenger)"""
    items = api.ask("GET", "/models", user=OPERATOR)["items"]
    [serving] = [item["version"] for item in items if item["serves"]]
    return serving, next(item["version"] for item in items if not item["serves"])


@pytest.fixture
def back(api, models):
    """Whatever a test promotes, the first version serves again afterwards."""
    before = json.loads(models.read("champion.json"))
    yield
    now = json.loads(models.read("champion.json"))
    if now["version"] != before["version"]:
        body = {"version": before["version"], "kind": "rollback", "reason": "the test is over",
                "over": now["version"]}  # fmt: skip
        api.ask("POST", "/promotions", body, user=OPERATOR)
        api.module.service.model.load()


def test_versions_lead_to_what_each_is_worth(page, enter, versions):
    enter(page, "/model/versions", user=SCIENTIST)
    expect(page.get_by_role("heading", name="Versions of the model", level=1)).to_be_visible()
    expect(page.locator(".chip", has_text="serves")).to_have_count(1)
    page.get_by_role("link", name=versions[0]).first.click()
    expect(page.get_by_text("This version serves.")).to_be_visible()
    headings = (
        "What another threshold would change",
        "Are the probabilities right?",
        "What it looks at",
        "Are groups treated alike?",
        "Where it comes from",
    )
    for heading in headings:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("button", name="Promote…")).to_have_count(0)


def test_another_cost_or_threshold_shows_what_would_change(page, enter, versions):
    enter(page, f"/model/versions/{versions[0]}", user=SCIENTIST)
    figure = page.get_by_role("figure", name="Cost at each threshold")
    before = figure.locator(".figure-sentence").inner_text()
    page.get_by_role("button", name="100 to 1").click()
    expect(figure.locator(".figure-sentence")).not_to_have_text(before)
    page.get_by_role("button", name="Cheapest threshold").click()
    told = figure.locator(".figure-sentence").inner_text()
    chosen, cheapest = re.findall(r"[\d.]+%", told)[0], re.findall(r"[\d.]+%", told)[-1]
    assert chosen == cheapest
    expect(page.get_by_role("row", name=re.compile("^F CODE_GENDER"))).to_contain_text("points")
    for wrong in ("x", "0x10", "1e9", "-1", ""):
        page.get_by_label("Cost of an accepted default").fill(wrong)
        expect(page.get_by_text("from 0.1 to 1,000")).to_be_visible()
    page.get_by_label("Cost of an accepted default").fill("12,5")
    expect(page.get_by_text("from 0.1 to 1,000")).to_have_count(0)
    expect(page.get_by_label("Cost of an accepted default")).to_have_value("12,5")


def put_in(page, version, **parts):
    """The stand-in's models come from quick runs, whose report lacks these parts."""

    def with_parts(route):
        answer = route.fetch()
        body = answer.json()
        for name, part in parts.items():
            body["report"][name] = (body["report"].get(name) or {}) | part
        route.fulfill(response=answer, json=body)

    page.route(f"**/models/{version}", with_parts)


def test_what_it_makes_of_a_value_is_drawn_and_told(page, enter, versions):
    def curve(name, values):
        bins = [
            {"value": value, "rows": 1_200 + n, "low": n / 10 - 0.2, "median": n / 10 - 0.1,
             "high": n / 10} for n, value in enumerate(values)
        ]  # fmt: skip
        label = {"en": name, "fr": name}
        return {"name": name, "label": label, "family": "loan", "is_category": False, "bins": bins}

    curves = [curve("Income", [1e5, 2e5]), curve("Sector", ["Bank", "School", None])]
    put_in(page, versions[0], explanations={"dependence": curves})
    enter(page, f"/model/versions/{versions[0]}", user=SCIENTIST)
    part = page.get_by_role("region", name="What it makes of a value")
    expect(part.get_by_role("figure", name="Income")).to_be_visible()
    part.get_by_label("Column").select_option("Sector")
    figure = part.get_by_role("figure", name="Sector")
    expect(figure).to_contain_text("raises the risk most at not given, and lowers it most at Bank")
    expect(figure.locator(".dependence-row")).to_have_text(["Bank", "School", "not given"])
    assert find_violations(page) == []
    figure.get_by_role("button", name="Show as a table").click()
    expect(figure.locator("tbody tr").nth(2)).to_contain_text("1,202")


def test_what_else_was_tried_stands_beside_it(page, enter, versions):
    figures = {"auc": 0.7412, "auc_by_fold": [0.73, 0.75], "ece": 0.011, "cutoff": 0.09,
               "business_cost_per_applicant": 0.5612, "approval_rate": 0.71}  # fmt: skip
    tried = [{"name": name, "fit_seconds": 1.5, "figures": figures} for name in ("Logit", "Trees")]
    put_in(page, versions[0], comparison={"models": tried, "imbalance": tried[:1]})
    enter(page, f"/model/versions/{versions[0]}", user=SCIENTIST)
    part = page.get_by_role("region", name="What else was tried")
    expect(part.locator("tbody tr")).to_have_count(3)
    expect(part.locator("tbody tr").nth(1)).to_contain_text("Trees")
    expect(part.locator("tbody tr").nth(1)).to_contain_text("0.561")
    assert find_violations(page) == []


def test_what_a_comparison_speaks_for_is_promoted_by_one_person(
    page, enter, api, models, versions, back
):
    serving, challenger = versions
    write_contest(models, challenger, serving, CONTEST)
    enter(page, f"/model/versions/{challenger}", user=OPERATOR)
    expect(page.get_by_text("Nothing speaks against it.")).to_be_visible()
    expect(page.get_by_text("120 would be accepted who are refused now; 5 of them")).to_be_visible()
    page.get_by_role("button", name="Promote…").click()
    dialog = page.get_by_role("dialog", name=f"Let {challenger} serve in place of {serving}?")
    dialog.get_by_role("button", name="Promote…").click()
    expect(dialog.locator(".error-summary")).to_be_focused()
    dialog.get_by_label("Why").fill("Trained on the last quarter.")
    dialog.get_by_role("button", name="Promote…").click()
    expect(page.get_by_text("This version serves.")).to_be_visible()
    assert json.loads(models.read("champion.json"))["promoted_by"] == OPERATOR
    page.get_by_role("link", name="Versions", exact=True).click()
    expect(page.get_by_text("Trained on the last quarter.")).to_be_visible()
    page.get_by_role("link", name=serving).first.click()
    page.get_by_role("button", name="Roll back to it…").click()
    page.get_by_role("dialog").get_by_label("Why").fill("Refuses good payers in Lyon.")
    page.get_by_role("dialog").get_by_role("button", name="Roll back to it…").click()
    expect(page.get_by_text("This version serves.")).to_be_visible()


def test_what_speaks_against_it_waits_for_a_second_person(
    open_page, enter, api, site, models, versions, back
):
    serving, challenger = versions
    write_contest(models, challenger, serving, CONTEST | {"refusals": ["AUC is lower."]})
    page = open_page()
    enter(page, f"/model/versions/{challenger}", user=OPERATOR)
    expect(page.get_by_text("AUC is lower.")).to_be_visible()
    page.get_by_role("button", name="Propose…").click()
    page.get_by_role("dialog").get_by_label("Why").fill("The old data were wrong.")
    page.get_by_role("dialog").get_by_role("button", name="Propose…").click()
    expect(page.locator(".notice", has_text="Proposed: a colleague")).to_be_visible()
    page.get_by_role("link", name="Versions", exact=True).click()
    expect(page.get_by_text("You proposed it: a colleague has to approve it.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve…")).to_have_count(0)
    other = open_page()
    other.goto(f"{site.url}#/model/versions")
    log_in(other, COLLEAGUE, PASSWORD)
    other.get_by_role("button", name="Approve…").click()
    other.get_by_role("dialog").get_by_label("Why").fill("Seen and accepted.")
    other.get_by_role("dialog").get_by_role("button", name="Approve…").click()
    expect(other.get_by_text("against the comparison")).to_be_visible()
    assert json.loads(models.read("champion.json"))["version"] == challenger


@pytest.mark.parametrize(
    ("language", "told", "serves"),
    [
        ("en", "Somebody was faster: another version serves by now.", "This version serves."),
        ("fr", "Quelqu’un a été plus rapide", "Cette version est en service."),
    ],
)
def test_of_two_at_once_the_slower_is_told_in_their_language_and_then_sees_what_serves(
    open_page, enter, api, models, versions, back, language, told, serves
):
    serving, challenger = versions
    write_contest(models, challenger, serving, CONTEST)
    page = open_page(locale=language)
    enter(page, f"/model/versions/{challenger}", user=OPERATOR)
    page.locator(".card-head .button.primary").click()
    asked = {"version": challenger, "kind": "promotion", "reason": "Faster.", "over": serving}
    api.ask("POST", "/promotions", asked, user=COLLEAGUE)
    dialog = page.get_by_role("dialog")
    dialog.locator("#reason").fill("Slower.")
    dialog.locator(".button.primary").click()
    expect(dialog.get_by_role("alert")).to_contain_text(told)
    expect(dialog.get_by_role("alert")).not_to_contain_text("serves meanwhile")
    dialog.locator(".form-actions .button").last.click()
    expect(page.get_by_text(serves)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_versions(open_page, enter, site, versions, theme, language):
    page = open_page(color_scheme=theme, locale=language, reduced_motion="reduce")
    enter(page, "/model/versions", user=OPERATOR)
    page.wait_for_selector(".finding")
    found = {"list": find_violations(page)}
    page.goto(f"{site.url}#/model/versions/{versions[1]}")
    page.wait_for_selector(".weight")
    for fold in page.locator("details.alarm summary").all():
        fold.click()
    found["version"] = find_violations(page)
    assert {view: violations for view, violations in found.items() if violations} == {}


def test_on_a_narrow_screen_nothing_is_lost(open_page, enter, versions):
    page = open_page(viewport={"width": 320, "height": 640})
    enter(page, f"/model/versions/{versions[1]}", user=OPERATOR)
    page.wait_for_selector(".weight")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
