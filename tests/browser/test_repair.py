"""Rejected rows are corrected in the page and completed there: real files, really scored."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import tab_to
from tests.browser.real_files import OWNER
from tests.browser.test_accessibility import find_violations
from tests.functions.batch_scorer.branch import draw_rows, to_csv, without_history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

WORDS = {
    "en": {
        "here": "Correct them here", "point": re.compile("Decimal comma → point"),
        "sign": re.compile("Put a minus sign before"), "category": re.compile("Replace by"),
        "send": re.compile(r"Send [\d,]+ corrected rows"),
        "progress": "1,000 of 1,000 rows corrected", "done": "The corrected rows were scored",
        "all": "Every rejected row has been corrected since.",
    },
    "fr": {
        "here": "Les corriger ici", "point": re.compile("Virgule décimale → point"),
        "sign": re.compile("Mettre un signe moins devant"),
        "category": re.compile("Remplacer par"),
        "send": re.compile("Envoyer .* lignes corrigées"),
        "progress": re.compile(r"1\s000 lignes corrigées sur 1\s000"),
        "done": "Les lignes corrigées ont été évaluées",
        "all": "Toutes les lignes rejetées ont été corrigées depuis.",
    },
}  # fmt: skip


def spoilt(count: int, first_id: int) -> bytes:
    """A third each: with a decimal comma, without its minus, in the branch's own words."""
    rows = [without_history(row) for row in draw_rows(count + 200, first_id=first_id)]
    for n, row in enumerate(rows[:count]):
        if n % 3 == 0:
            row["AMT_CREDIT"] = f"{200_000 + n},50"
        elif n % 3 == 1:
            row["DAYS_BIRTH"] = str(abs(int(row["DAYS_BIRTH"])))
        else:
            row["NAME_INCOME_TYPE"] = "salarié"
    return to_csv(rows)


def open_repair(page: Page, enter, batch: str) -> None:
    enter(page, f"/upload/{batch.replace('/', '%2F')}/repair", user=OWNER)
    page.wait_for_selector(".fault-groups")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_thousand_rejects_of_three_causes_are_completed_in_the_page(
    open_page, enter, site, language
):
    name, words = f"thousand-{language}.csv", WORDS[language]
    batch = site.server.files.send(name, spoilt(1_000, 300_000), language=language)
    page = open_page(locale=language)
    page.add_init_script(
        "window.clicks = 0; addEventListener('click', event => event.isTrusted && clicks++, true)"
    )
    enter(page, f"/upload/{batch.replace('/', '%2F')}", user=OWNER)
    page.evaluate("window.clicks = 0")
    begun = time.monotonic()
    page.get_by_role("link", name=words["here"]).click()
    for fix in ("point", "sign", "category"):
        page.get_by_role("button", name=words[fix]).click()
    expect(page.locator(".send-bar .progress-label")).to_have_text(words["progress"])
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible(timeout=30_000)
    expect(page.get_by_text(words["all"])).to_be_visible()
    seconds, clicks = time.monotonic() - begun, page.evaluate("window.clicks")
    print(f"{language}: {clicks} clicks, {seconds:.1f} s")
    assert clicks == 5
    assert seconds < 60
    expect(page.locator(".tally.scored dd")).to_have_text(re.compile(r"1.000"))


def test_the_same_is_done_with_the_keyboard_alone(page, enter, site):
    batch = site.server.files.send("keyboard.csv", spoilt(30, 310_000))
    open_repair(page, enter, batch)
    words = WORDS["en"]
    for fix in ("point", "sign", "category"):
        tab_to(page, page.get_by_role("button", name=words[fix]))
        page.keyboard.press("Enter")
        expect(page.locator("h3:focus")).to_have_count(1)
    page.evaluate("document.activeElement.blur()")
    tab_to(page, page.get_by_role("button", name=words["send"]))
    page.keyboard.press("Enter")
    expect(page.get_by_text(words["all"])).to_be_visible(timeout=30_000)


def test_a_field_is_corrected_in_place_by_the_contracts_own_rules(page, enter, site):
    rows = [without_history(row) for row in draw_rows(8, first_id=320_000)]
    rows[0]["AMT_CREDIT"] = "much"
    rows[1]["DAYS_BIRTH"] = ""
    rows[2]["NAME_INCOME_TYPE"] = "Pirate"
    batch = site.server.files.send("fields.csv", to_csv(rows))
    open_repair(page, enter, batch)
    table = page.get_by_role("table")
    expect(table.locator("tbody tr")).to_have_count(3)
    amount = table.get_by_role("textbox", name="Line 2, Credit amount (AMT_CREDIT)")
    amount.fill("-5")
    expect(table.get_by_text("from 1 to 1,000,000,000")).to_be_visible()
    expect(page.locator(".send-bar")).to_contain_text("0 of 3 rows corrected")
    amount.fill("250,000")
    expect(page.locator(".send-bar")).to_contain_text("1 of 3 rows corrected")
    table.get_by_label("Line 3, Age (DAYS_BIRTH)", exact=True).fill("1980-05-17")
    table.get_by_label("Line 4, Source of income (NAME_INCOME_TYPE)", exact=True).select_option(
        "Working"
    )
    page.get_by_role("button", name="Send 3 corrected rows").click()
    expect(page.get_by_text("Every rejected row has been corrected since.")).to_be_visible()


def test_rows_left_out_stay_rejected_and_the_rest_is_sent(page, enter, site):
    rows = [without_history(row) for row in draw_rows(6, first_id=330_000)]
    rows[0]["AMT_CREDIT"] = "much"
    rows[1]["DAYS_BIRTH"] = str(abs(int(rows[1]["DAYS_BIRTH"])))
    batch = site.server.files.send("left.csv", to_csv(rows))
    open_repair(page, enter, batch)
    page.get_by_role("button", name="Put a minus sign before").click()
    page.get_by_role("button", name="Leave these rows out").click()
    bar = page.locator(".send-bar")
    expect(bar).to_contain_text("1 row is left out on purpose: it stays rejected.")
    page.get_by_role("button", name="Undo").click()
    expect(bar).to_contain_text("1 row is still wrong: it is not sent.")
    page.get_by_role("button", name="Send 1 corrected row").click()
    expect(page.get_by_text("1 row of the first file is left to correct.")).to_be_visible()
    page.get_by_role("link", name="Correct what is left").click()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("table")).to_contain_text("much")


def test_a_repair_survives_another_view_and_a_session_that_ends(page, enter, site):
    batch = site.server.files.send("kept.csv", spoilt(9, 340_000))
    open_repair(page, enter, batch)
    page.get_by_role("button", name="Put a minus sign before").click()
    page.get_by_role("navigation", name="You are here").get_by_role("link", name="kept.csv").click()
    page.get_by_role("link", name="Correct them here").click()
    expect(page.locator(".send-bar")).to_contain_text("3 of 9 rows corrected")
    page.route("**/api/uploads", lambda route: route.fulfill(status=401, json={}), times=1)
    page.get_by_role("button", name="Send 3 corrected rows").click()
    page.locator("dialog input[name=password]").fill(site.password)
    page.locator("dialog button.primary").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".send-bar")).to_contain_text("3 of 9 rows corrected")
    page.get_by_role("button", name="Send 3 corrected rows").click()
    expect(page.get_by_text("6 rows of the first file are left to correct.")).to_be_visible()


def test_leaving_the_page_with_an_unsent_repair_asks_first(page, enter, site):
    batch = site.server.files.send("leaving.csv", spoilt(3, 350_000))
    open_repair(page, enter, batch)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("button", name="Put a minus sign before").click()
    page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_rows_are_corrected(open_page, enter, site, theme, language):
    batch = site.server.files.send(f"axe-{theme}-{language}.csv", several_faults())
    page = open_page(color_scheme=theme, locale=language, reduced_motion="reduce")
    open_repair(page, enter, batch)
    assert find_violations(page) == []
    page.locator(".fault-actions .button").first.click()
    assert find_violations(page) == []


def test_nothing_is_cut_off_where_rows_are_corrected_on_a_narrow_screen(open_page, enter, site):
    batch = site.server.files.send("narrow.csv", several_faults())
    page = open_page(viewport={"width": 320, "height": 640}, locale="fr")
    open_repair(page, enter, batch)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def several_faults() -> bytes:
    """Of each kind one row: doubled, torn off, doubtful, not of the header's form."""
    rows = [without_history(row) for row in draw_rows(12, first_id=360_000)]
    rows[0]["AMT_CREDIT"] = "much"
    rows[1]["DAYS_BIRTH"] = ""
    rows[2]["NAME_INCOME_TYPE"] = "Pirate"
    rows[3]["SK_ID_CURR"] = rows[4]["SK_ID_CURR"]
    rows[5]["CNT_CHILDREN"] = "1.5"
    return to_csv(rows) + b"1,2,3\n"


def test_a_row_of_another_form_is_written_anew_and_a_doubled_one_confirmed(page, enter, site):
    rows = [without_history(row) for row in draw_rows(4, first_id=370_000)]
    rows[1]["SK_ID_CURR"] = rows[0]["SK_ID_CURR"]
    lines = to_csv(rows).decode().splitlines()
    lines[4] += ",one too many"
    batch = site.server.files.send("form.csv", "\n".join(lines).encode())
    open_repair(page, enter, batch)
    line = page.get_by_role("textbox", name="Line 5, the whole row")
    page.get_by_role("button", name="Take this line").click()
    expect(line).to_have_accessible_description(re.compile("The line needs exactly"))
    line.fill(to_csv(rows).decode().splitlines()[4])
    page.get_by_role("button", name="Take this line").click()
    page.locator(".fault-actions").get_by_role("button", name="Right as it is").click()
    page.get_by_role("button", name="Send 2 corrected rows").click()
    expect(page.get_by_text("Every rejected row has been corrected since.")).to_be_visible()
