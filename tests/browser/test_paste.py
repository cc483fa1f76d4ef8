"""Rows pasted from a spreadsheet are scored at once; how a file will be read is told before."""

import gzip
import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.real_files import OWNER
from tests.browser.test_accessibility import find_violations
from tests.browser.test_upload import choose
from tests.functions.batch_scorer.branch import draw_rows, to_csv, without_history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


def tabbed(rows: list[dict], *, header: bool = True) -> str:
    lines = to_csv(rows, delimiter="\t").decode().splitlines()
    return "\n".join(lines if header else lines[1:])


def some_rows(count: int = 4) -> list[dict]:
    return [without_history(row) for row in draw_rows(count, first_id=400_000)]


def paste(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Rows").fill(text)


@pytest.mark.parametrize("user", [OWNER, "alice.martin"])
def test_pasted_rows_get_the_verdicts_of_the_api(page, enter, api, user):
    rows = some_rows()
    enter(page, "/upload/paste", user=user)
    paste(page, tabbed(rows))
    page.get_by_role("button", name="Score 4 rows").click()
    results = page.get_by_role("region", name="4 scored, 0 rejected")
    expect(results.locator("tbody tr")).to_have_count(4)
    sent = [{k: v for k, v in row.items() if v != ""} for row in rows]
    told = api.ask("POST", "/predict/batch", {"applications": sent})["items"]
    shown = results.locator("tbody td.number").all_inner_texts()
    assert shown == [f"{item['score']['probability_of_default']:.1%}" for item in told]


def test_wrong_rows_are_told_before_anything_is_sent_and_the_rest_is_scored(page, enter):
    rows = some_rows(5)
    rows[1]["AMT_CREDIT"] = "much"
    rows[2]["NAME_INCOME_TYPE"] = "Pirate"
    rows[3]["SK_ID_CURR"] = rows[0]["SK_ID_CURR"]
    enter(page, "/upload/paste", user=OWNER)
    paste(page, tabbed(rows) + "\n1\t2\n")
    wrong = page.get_by_role("region", name="4 rows are wrong and will not be scored")
    expect(wrong.locator("tbody tr")).to_have_count(4)
    expect(wrong).to_contain_text("Credit amount (AMT_CREDIT)")
    expect(wrong).to_contain_text("Wrong number of fields")
    page.get_by_role("button", name="Score 2 rows").click()
    expect(page.get_by_role("heading", name="2 scored, 0 rejected")).to_be_visible()


def test_rows_without_header_are_read_in_the_order_of_the_sample_file(page, enter, api):
    names = [field["name"] for field in api.ask("GET", "/contract")["fields"]]
    rows = [{name: row.get(name, "") for name in names} for row in some_rows(2)]
    enter(page, "/upload/paste", user=OWNER)
    paste(page, tabbed(rows, header=False))
    expect(
        page.get_by_text("read in the order of the sample file", exact=False).last
    ).to_be_visible()
    page.get_by_role("button", name="Score 2 rows").click()
    expect(page.get_by_role("heading", name="2 scored, 0 rejected")).to_be_visible()


def test_rows_without_header_and_of_another_width_are_not_guessed(page, enter):
    enter(page, "/upload/paste", user=OWNER)
    paste(page, "100001\t180000\t27000")
    expect(page.get_by_text("No line names the columns")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Score"))).to_have_count(0)


def test_more_rows_than_a_call_takes_become_a_file(page, enter):
    enter(page, "/upload/paste", user=OWNER)
    paste(page, tabbed(some_rows(501)))
    expect(page.get_by_text("That is more than one call takes (500 rows, 3 MB)")).to_be_visible()
    page.get_by_role("button", name="Send it as a file").click()
    expect(page.locator(".drop-zone")).to_contain_text("pasted.csv")
    page.get_by_role("textbox", name="Branch").fill("paris-01")
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_text("Every row was scored.")).to_be_visible(timeout=20_000)
    expect(page.locator(".tally.scored dd")).to_have_text("501")


READINGS = {
    "plain.csv": lambda text: text,
    "packed.csv.gz": gzip.compress,
    "packed.zip": lambda text: zipped(text),
}


def zipped(text: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", text)
    return content.getvalue()


@pytest.mark.parametrize("name", READINGS)
def test_how_a_file_will_be_read_is_told_before_it_is_sent_and_after(page, enter, name):
    rows = some_rows(6)
    for row in rows:
        row["AMT_CREDIT"] = "1.234.567,50"
        row["SHOE_SIZE"] = "42"
    text = to_csv(rows, delimiter=";").decode().replace("AMT_ANNUITY", "Annuité du prêt", 1)
    text = re.sub(r"(?<=\d)\.(?=\d+(?:;|\n))", ",", text).replace("\n", "\n;;;\n", 2)
    enter(page, "/upload", user=OWNER)
    choose(page, name, READINGS[name](text.encode()))
    for told in (page.locator(".before"), page.get_by_role("region", name="How the file was read")):
        expect(told).to_contain_text("Separatorsemicolon")
        expect(told).to_contain_text("Decimalscomma")
        expect(told).to_contain_text("Between thousandspoint")
        expect(told).to_contain_text("2 empty lines skipped.")
        told.get_by_text("1 column read under another name").click()
        expect(told).to_contain_text("Annuité du prêt")
        told.get_by_text("1 column ignored").click()
        expect(told).to_contain_text("SHOE_SIZE")
        if page.locator(".before").count():
            page.get_by_role("textbox", name="Branch").fill("paris-01")
            page.get_by_role("button", name="Send the file").click()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AMT_CREDIT,NOTE\n1,2\n", "No line names the columns"),
        ("SK_ID_CURR,AMT_CREDIT\n1,2\n", "Without Declared income"),
        ("SK_ID_CURR,AMT_CREDIT,AMT_CREDIT\n1,2,3\n", "stand in it twice"),
    ],
)
def test_a_file_that_will_be_refused_is_told_so_before_it_is_sent(page, enter, text, words):
    enter(page, "/upload", user=OWNER)
    choose(page, "refused-soon.csv", text.encode())
    expect(page.locator(".before, .upload-form .notice").first).to_be_visible()
    expect(page.locator(".upload-form")).to_contain_text(words)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_rows_are_pasted(open_page, enter, theme, language):
    page = open_page(color_scheme=theme, locale=language, reduced_motion="reduce")
    enter(page, "/upload/paste", user=OWNER)
    rows = some_rows(3)
    rows[0]["AMT_CREDIT"] = "much"
    page.locator("#pasted").fill(tabbed(rows))
    page.locator(".form-actions .primary").click()
    page.wait_for_selector("#results-title")
    assert find_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
