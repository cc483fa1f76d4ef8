"""What an advisor does all day; runs against the stand-in and against a running stack."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import log_in, open_first, spell_percent

pytestmark = pytest.mark.browser

APPLICATIONS = b"SK_ID_CURR,AMT_CREDIT\n100002,41250\n"


def first_applicant(page: Page) -> str:
    return page.locator(".row-link").first.inner_text()


def test_nothing_is_shown_before_a_login(page, site):
    page.goto(f"{site.url}#/applicants")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator(".row-link")).to_have_count(0)


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
    expect(page.locator(".row-link")).to_have_text([id_])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Application {id_}")).to_be_visible()


def test_who_types_a_number_and_enter_is_there_however_fast(page, enter):
    enter(page)
    id_ = page.locator(".row-link").nth(2).inner_text()
    page.keyboard.type(f"{id_}\n")
    expect(page.get_by_role("heading", name=f"Application {id_}")).to_be_visible()


def test_the_dossier_says_what_the_api_said(page, enter):
    enter(page)
    id_ = first_applicant(page)
    with page.expect_response(re.compile(f"/applicants/{id_}/score$")) as answer:
        page.locator(".row-link").first.click()
    score = answer.value.json()
    pd, limit = spell_percent(score["probability_of_default"]), spell_percent(score["cutoff"])
    expect(page.locator(".verdict-sentence")).to_have_text(
        sentence_of(score["decision"], pd, limit)
    )
    expect(page.locator(".verdict-causes li")).to_have_text(
        [cause["text"]["en"] for cause in score["review"]]
    )
    expect(page.locator(".verdict-pd strong")).to_have_text(pd)
    expect(page.get_by_role("meter")).to_have_attribute(
        "aria-valuetext", f"{pd} · Threshold {limit}"
    )
    for reason in score["reasons"]["raises"] + score["reasons"]["lowers"]:
        expect(page.locator(".reasons")).to_contain_text(reason["text"]["en"])


def sentence_of(decision, pd, limit):
    if decision == "review":
        return f"{pd} risk of default, for an acceptance threshold of {limit}: yours to decide."
    place = "above" if decision == "refuse" else "below"
    return f"{pd} risk of default; {place} the acceptance threshold of {limit}: {decision}."


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Yours to decide"), ("fr", "À vous de décider")]
)
def test_a_decision_left_to_a_person_says_why(open_page, enter, site, language, heading):
    page = open_page(locale=language)
    enter(page)
    with page.expect_response(re.compile("/score$")) as answer:
        open_first(page, site.url, state="review")
    expect(page.locator(".verdict-decision")).to_have_text(heading)
    causes = [cause["text"][language] for cause in answer.value.json()["review"]]
    assert causes
    told = page.locator(".verdict-causes li")
    expect(told).to_have_count(len(causes))
    assert [without_spaces(text) for text in told.all_inner_texts()] == [
        without_spaces(text) for text in causes
    ]


def without_spaces(text: str) -> str:
    """The page writes French as it is printed: with narrow spaces before a colon, say."""
    return "".join(text.split())


def test_what_weighs_adds_up_from_the_average_to_this_applicant_as_a_table_too(page, enter, site):
    enter(page)
    with page.expect_response(re.compile("/score$")) as answer:
        open_first(page, site.url, decision="refuse")
    score = answer.value.json()
    average, pd = score["average_probability"], score["probability_of_default"]
    ends = page.locator(".waterfall-row.end strong")
    expect(ends).to_have_text([spell_percent(average), spell_percent(pd)])
    page.get_by_role("button", name="Show as a table").click()
    told = page.locator(".why tbody td:nth-of-type(1)").all_inner_texts()
    total = sum(float(text.replace("\u2212", "-")) for text in told)
    assert total == pytest.approx(100 * (pd - average), abs=0.05 * len(told))


def test_a_reload_asks_for_the_password_and_keeps_the_address(page, enter, site):
    enter(page)
    id_ = open_first(page, site.url, decision="refuse")
    page.reload()
    log_in(page, site.user, site.password)
    expect(page.get_by_role("heading", name=f"Application {id_}")).to_be_visible()
    assert page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]") == []


def test_the_language_changes_everything_at_once_and_is_kept(page, enter, site):
    enter(page)
    open_first(page, site.url, decision="refuse")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", name="Ce qui augmente le risque")).to_be_visible()
    expect(page.locator(".verdict-pd")).to_contain_text("de risque de défaut de paiement")
    expect(page.locator(".verdict-pd strong")).to_have_text(re.compile(r"^\d+,\d\s%$"))
    page.reload()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_the_theme_follows_the_system_until_it_is_chosen_and_again_when_it_is_let_go(
    open_page, site
):
    page = open_page(color_scheme="dark")
    page.goto(site.url)
    background = "getComputedStyle(document.documentElement).backgroundColor"
    page.wait_for_selector("form")
    assert page.evaluate(background) == "rgb(15, 18, 21)"
    page.get_by_role("button", name="system theme").click()
    assert page.evaluate(background) == "rgb(245, 244, 240)"
    page.reload()
    page.wait_for_selector("form")
    assert page.evaluate(background) == "rgb(245, 244, 240)"
    page.get_by_role("button", name="light theme").click()
    page.get_by_role("button", name="dark theme").first.click()
    page.get_by_role("button", name="system theme").first.wait_for()
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_who_signs_out_leaves_nothing_behind(page, enter):
    enter(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
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
    page.wait_for_selector(".tallies", timeout=120_000)
    figures = [int(text.replace(",", "")) for text in page.locator(".tally dd").all_inner_texts()]
    assert figures[0] == figures[1] + figures[2] > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Scores (CSV)").click()
    scores = Path(download.value.path()).read_bytes()
    assert scores.startswith(b"applicant_id,probability_of_default")
