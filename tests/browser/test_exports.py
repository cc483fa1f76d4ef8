"""Files that the page makes: scores as a workbook and as Parquet, a sample, the list of columns."""

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from playwright.sync_api import Page, expect

from tests.browser.real_files import OWNER
from tests.functions.batch_scorer.branch import draw_rows, to_csv, without_history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def download(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("button", name=button).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def read_workbook(path: Path) -> list[list[object]]:
    """Its only sheet: texts, and numbers as numbers. A formula is an error."""
    with zipfile.ZipFile(path) as archive:
        texts = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        shared = ["".join(part.text or "" for part in each.iter(f"{SHEET}t")) for each in texts]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert list(sheet.iter(f"{SHEET}f")) == []
    return [[cell_value(cell, shared) for cell in row] for row in sheet.iter(f"{SHEET}row")]


def cell_value(cell: ElementTree.Element, shared: list[str]) -> object:
    value = cell.findtext(f"{SHEET}v")
    if cell.get("t") == "s":
        return shared[int(value or 0)]
    return float(value) if value else None


@pytest.fixture(scope="module")
def scored(site) -> str:
    if not site.is_stand_in:
        return ""
    rows = [without_history(row) for row in draw_rows(40, first_id=600_000)]
    rows[0]["SK_ID_CURR"] = "-formula"
    text = re.sub(r"(?<=\d)\.(?=\d)", ",", to_csv(rows, delimiter=";").decode())
    return site.server.files.send("scored.csv", text.encode())


def csv_scores(page: Page) -> list[dict[str, str]]:
    url = page.get_by_role("link", name="Scores (CSV)").get_attribute("href")
    text = page.request.get(url).body().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_scores_as_parquet_have_types_and_every_digit(page, enter, scored, tmp_path):
    enter(page, f"/upload/{scored.replace('/', '%2F')}", user=OWNER)
    path = download(page, "Scores (Parquet)", tmp_path)
    assert path.name == "scored-scores.parquet"
    found = duckdb.sql(f"select * from read_parquet('{path}')")
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    expected = csv_scores(page)
    numbers = {"probability_of_default", "cutoff"}
    assert types == {n: "DOUBLE" if n in numbers else "VARCHAR" for n in expected[0]}
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    for row, told in zip(rows, expected, strict=True):
        assert row["probability_of_default"] == float(
            told["probability_of_default"].replace(",", ".")
        )
    assert rows[0]["applicant_id"] == "-formula"
    assert {row["applicant_id"] for row in rows[1:]} == {r["applicant_id"] for r in expected[1:]}


def test_scores_as_a_workbook_have_numbers_and_nothing_that_runs(page, enter, scored, tmp_path):
    enter(page, f"/upload/{scored.replace('/', '%2F')}", user=OWNER)
    head, *rows = read_workbook(download(page, "Scores (Excel)", tmp_path))
    expected = csv_scores(page)
    assert head == list(expected[0])
    assert len(rows) == len(expected) == 40
    pds = [row[head.index("probability_of_default")] for row in rows]
    assert pds == [float(r["probability_of_default"].replace(",", ".")) for r in expected]
    assert rows[0][0] == "'-formula"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sample_file_is_accepted_by_the_scorer(open_page, enter, site, tmp_path, language):
    page = open_page(locale=language)
    enter(page, "/upload", user=OWNER)
    button = {"en": "Sample file CSV", "fr": "Fichier d’exemple CSV"}[language]
    path = download(page, button, tmp_path)
    name = f"{language}-{path.name}"
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": path.read_bytes()}
    )
    expect(page.locator(".before .reading")).to_be_visible()
    page.locator("input[name=branch]").fill("paris-01")
    page.locator(".upload-form .button.primary").click()
    expect(page.locator(".tally.scored dd")).to_have_text("3", timeout=20_000)
    expect(page.locator(".tally.rejected dd")).to_have_text("0")


def test_the_sample_contradicts_nothing(page, enter, api, tmp_path):
    enter(page, "/upload", user=OWNER)
    path = download(page, "Sample file CSV", tmp_path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    sent = [{name: as_json(value) for name, value in row.items() if value} for row in rows]
    for item in api.ask("POST", "/predict/batch", {"applications": sent})["items"]:
        assert item["errors"] == []
        assert "contradiction" not in item["score"]["review"]


def as_json(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def test_the_list_of_columns_tells_each_of_the_contracts_fields(page, enter, api, tmp_path):
    enter(page, "/upload", user=OWNER)
    fields = api.ask("GET", "/contract")["fields"]
    head, *rows = read_workbook(download(page, "Columns XLSX", tmp_path))
    assert head[:3] == ["Name", "Label", "Kind"]
    assert [row[0] for row in rows] == [field["name"] for field in fields]
    text = download(page, "Columns CSV", tmp_path).read_text("utf-8-sig")
    listed = {row["Name"]: row for row in csv.DictReader(io.StringIO(text))}
    assert listed["AMT_CREDIT"]["Most"] == "1000000000"
    assert "Working" in listed["NAME_INCOME_TYPE"]["Values"]


def test_beyond_what_a_browser_makes_words_say_what_to_do(page, enter, scored):
    def many(route):
        body = route.fetch().json()
        route.fulfill(json=body | {"scored": 60_000})

    page.route("**/api/batches/*", many)
    enter(page, f"/upload/{scored.replace('/', '%2F')}", user=OWNER)
    expect(page.get_by_role("button", name="Scores (Parquet)")).to_be_visible()
    expect(page.get_by_role("button", name="Scores (Excel)")).to_have_count(0)
    expect(page.get_by_text("Excel files of at most 50,000 rows")).to_be_visible()


def test_a_large_workbook_is_packed_within_the_policy(page, enter, site, tmp_path):
    """Beyond some hundred KB the packer would start a worker, which the policy refuses."""
    rows = [without_history(row) for row in draw_rows(3_000, first_id=610_000)]
    batch = site.server.files.send("large.csv", to_csv(rows))
    enter(page, f"/upload/{batch.replace('/', '%2F')}", user=OWNER)
    assert len(read_workbook(download(page, "Scores (Excel)", tmp_path))) == 3_001
