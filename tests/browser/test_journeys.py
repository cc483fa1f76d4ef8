"""What an advisor does all day; runs against the stand-in and against a running stack."""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import log_in, spell_percent
from tests.browser.stand_in import FIXTURES

pytestmark = pytest.mark.browser

APPLICATIONS = b"SK_ID_CURR,AMT_CREDIT\n100002,41250\n"


def first_applicant(page: Page) -> str:
    return page.locator(".list-id").first.inner_text()


def test_nothing_is_shown_before_a_login(page, site):
    page.goto(f"{site.url}#/applicants")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator(".list-row")).to_have_count(0)


def test_a_wrong_password_is_said_in_words_and_lets_one_try_again(page, site):
    page.goto(site.url)
    page.get_by_label("User name").fill(site.user)
    page.get_by_label("Password", exact=True).fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    log_in(page, site.user, site.password)
    expect(page.get_by_role("heading", name="Applicants")).to_be_visible()


def test_a_login_leads_to_the_address_that_was_asked_for(page, enter):
    enter(page, "/upload")
    expect(page.get_by_role("heading", name="Send a file")).to_be_visible()


def test_an_applicant_is_found_by_the_first_digits_without_the_mouse(page, enter):
    enter(page)
    id_ = first_applicant(page)
    page.keyboard.type(id_)  # the search has the focus
    expect(page).to_have_url(re.compile(f"query={id_}$"))
    expect(page.locator(".list-id").first).to_have_text(id_)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Application {id_}")).to_be_visible()


def test_who_types_a_number_and_enter_is_there_however_fast(page, enter):
    enter(page)
    id_ = page.locator(".list-id").nth(2).inner_text()
    page.keyboard.type(f"{id_}\n")
    expect(page.get_by_role("heading", name=f"Application {id_}")).to_be_visible()


def test_the_dossier_says_what_the_api_said(page, enter):
    enter(page)
    id_ = first_applicant(page)
    with page.expect_response(re.compile(f"/applicants/{id_}/score$")) as answer:
        page.locator(".list-row").first.click()
    score = answer.value.json()
    pd, limit = spell_percent(score["probability_of_default"]), spell_percent(score["cutoff"])
    expect(page.locator(".verdict-sentence")).to_have_text(
        sentence_of(score["decision"], pd, limit)
    )
    expect(page.locator(".verdict-causes li")).to_have_text(
        [cause["text"]["en"] for cause in score["review"]]
    )
    expect(page.locator(".verdict-pd strong")).to_have_text(pd)
    expect(page.get_by_role("meter")).to_have_attribute("aria-valuetext", f"{pd} · Limit {limit}")
    for reason in score["reasons"]["raises"] + score["reasons"]["lowers"]:
        expect(page.locator(".reasons")).to_contain_text(reason["text"]["en"])


def sentence_of(decision, pd, limit):
    if decision == "review":
        return f"{pd} risk that payments stop, for a limit of {limit}: a person decides."
    place = "above" if decision == "refuse" else "below"
    return f"{pd} risk that payments stop; {place} the limit of {limit}: {decision}."


@pytest.mark.parametrize(("language", "heading"), [("en", "Review"), ("fr", "À examiner")])
def test_a_decision_left_to_a_person_says_why(open_page, enter, site, language, heading):
    if not site.is_stand_in:
        pytest.skip("needs an applicant whom the model leaves to a person: unset BASE_URL")
    page = open_page(locale=language)
    enter(page, "/applicants/100031")
    expect(page.locator(".verdict-decision")).to_have_text(heading)
    (cause,) = json.loads((FIXTURES / "score-100031.json").read_text())["review"]
    expect(page.locator(".verdict-causes li")).to_have_text([cause["text"][language]])


def test_what_weighed_most_is_a_chart_and_a_table(page, enter):
    enter(page)
    with page.expect_response(re.compile("/score$")) as answer:
        page.locator(".list-row").first.click()
    heaviest = answer.value.json()["contributions"][0]
    label = re.sub(r" \(in days\)$", "", heaviest["label"]["en"])
    chart = page.get_by_role("img", name="Bar chart of the items")
    expect(chart.locator("svg")).to_be_visible()
    expect(chart).to_contain_text(label[:20])
    page.get_by_role("button", name="Table").click()
    row = page.locator(".why tbody tr").first
    expect(row.get_by_role("rowheader")).to_have_text(label)
    raises = heaviest["contribution"] > 0
    expect(row).to_contain_text("raises the risk" if raises else "lowers the risk")


def test_a_dossier_has_an_address_that_survives_a_reload(page, enter):
    enter(page)
    page.locator(".list-row").first.click()
    page.wait_for_selector(".verdict")
    page.reload()
    expect(page.locator(".verdict")).to_be_visible()
    page.go_back()
    expect(page.locator(".list-row").first).to_be_visible()


def test_the_language_changes_everything_at_once_and_is_kept(page, enter):
    enter(page)
    page.locator(".list-row").first.click()
    page.wait_for_selector(".verdict")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", name="Ce qui augmente le risque")).to_be_visible()
    expect(page.locator(".verdict-pd")).to_contain_text("de risque d’arrêt des paiements")
    expect(page.locator(".verdict-pd strong")).to_have_text(re.compile(r"^\d+,\d\s%$"))
    page.reload()
    expect(page.get_by_role("heading", name="Recommandation")).to_be_visible()


def test_the_theme_follows_the_system_until_it_is_chosen(open_page, site):
    page = open_page(color_scheme="dark")
    page.goto(site.url)
    background = "getComputedStyle(document.documentElement).backgroundColor"
    page.wait_for_selector("form")
    assert page.evaluate(background) == "rgb(15, 18, 21)"
    page.get_by_role("button", name="Switch to the light theme").click()
    page.reload()
    page.wait_for_selector("form")
    assert page.evaluate(background) == "rgb(245, 244, 240)"


def test_who_signs_out_leaves_nothing_behind(page, enter):
    enter(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('session')") is None
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_model_that_advises_shows_its_card(page, enter):
    enter(page)
    page.get_by_role("button", name="About this model").click()
    card = page.get_by_role("dialog", name="About this model")
    expect(card).to_contain_text("Version")
    page.keyboard.press("Escape")
    expect(card).not_to_be_visible()


def test_a_file_is_sent_and_its_result_adds_up(page, site, enter):
    chosen = os.environ.get("CSV")
    if not (site.is_stand_in or chosen):
        pytest.skip("needs CSV, a file that the branch may send")
    content = Path(chosen).read_bytes() if chosen else APPLICATIONS
    enter(page, "/upload")
    page.get_by_role("textbox", name="Branch").fill(os.environ.get("BRANCH", "paris-01"))
    file = {"name": "applications.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_selector(".figures", timeout=120_000)
    figures = [int(text.replace(",", "")) for text in page.locator(".figure dd").all_inner_texts()]
    assert figures[0] == figures[1] + figures[2] > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Scores (CSV)").click()
    scores = Path(download.value.path()).read_bytes()
    assert scores.startswith(b"applicant_id,probability_of_default")
