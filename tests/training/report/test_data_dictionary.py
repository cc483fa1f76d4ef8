"""The committed data dictionary is what the contract gives."""

from functools import cache

import pytest
from credit_scoring.contract.columns import APPLICATION, DERIVED, HISTORY
from credit_scoring.lender import read_table

from tests.repository import ROOT
from training.__main__ import main
from training.report.data_dictionary import PAGE, SOURCES, data_dictionary

EVERYTHING = APPLICATION | HISTORY | DERIVED


@cache
def lines():
    return data_dictionary().splitlines()


def row_of(name):
    [line] = [line for line in lines() if line.startswith(f"| `{name}` ")]
    return line


def test_the_committed_page_is_what_the_contract_gives():
    committed = (ROOT / PAGE).read_text(encoding="utf-8")
    assert committed == data_dictionary(), "run `make docs` and commit docs/data-dictionary.md"


def test_the_command_writes_the_page(tmp_path, capsys):
    assert main(["data-dictionary", "--out", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == data_dictionary()
    assert str(tmp_path) in capsys.readouterr().out


def test_every_source_has_its_section_and_nothing_else_does():
    assert {column.source for column in EVERYTHING.values()} == set(SOURCES)


@pytest.mark.parametrize("table", ["columns", "history", "derived"])
def test_every_fact_of_a_column_stands_in_its_row(table):
    for raw in read_table(table):
        row = row_of(raw["name"])
        for key in ("type", "unit", "family", "label_fr", "label_en", "description_en"):
            assert raw[key] in row
        assert all(text.replace("|", "\\|") in row for text in raw["categories"].split("|"))
        assert ("\\*" in row) == (raw["required"] == "1")


def test_a_range_and_a_sentinel_are_said():
    assert "365243 where it does not apply" in row_of("DAYS_EMPLOYED")
    assert "from -36525 up to 0" in row_of("DAYS_EMPLOYED")


def test_every_row_has_as_many_cells_as_its_header():
    for line in lines():
        if line.startswith("| `") and line.split("`")[1] in EVERYTHING:
            assert line.replace("\\|", "").count("|") == 9, line
