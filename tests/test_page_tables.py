"""The page tells of tables what the service would: both are asked of the same texts."""

import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.contract.columns import ID, INPUTS
from credit_scoring.reading.dialect import Dialect
from credit_scoring.reading.formulas import as_sent, harmless
from credit_scoring.reading.header import canonical_names
from credit_scoring.reading.numbers import Numbers, is_doubtful, is_number, plain_number

from functions.score_api.routes.contract.handlers import contract_content
from tests.credit_scoring.reading.sender import read
from tests.repository import ROOT

FORM = ROOT / "frontend" / "js" / "batches" / "table"
SCRIPT = """
const { makeRules, causeOf } = await import(`${process.argv[1]}/cell-rules.js`);
const numbers = await import(`${process.argv[1]}/numbers.js`);
const csv = await import(`${process.argv[1]}/csv.js`);
let text = '';
for await (const part of process.stdin) text += part;
const asked = JSON.parse(text);
const rules = makeRules(asked.contract);
console.log(JSON.stringify({
  causes: asked.cells.map(([name, cell]) => causeOf(rules, name, cell)),
  plain: asked.numbers.map(([cell, how]) => numbers.plainNumber(cell, how)),
  doubtful: asked.numbers.map(([cell, how]) => numbers.isDoubtful(cell, how)),
  names: asked.names.map((name) => rules.named(name)),
  sent: asked.formulas.map(csv.asSent),
  harmless: asked.formulas.map(csv.harmless),
  evidence: asked.tables.map((cells) =>
    numbers.evidenceOf(cells.map(([name, cell]) => [rules.fields.get(name), cell]))),
  isNumber: asked.names.map((name) => rules.isNumber(name)),
}));
"""

TEXTS = [
    "", " ", "0", "1", "-1", "1.0", "2.5", "1e3", "1e5", "-36525", "-36526", "365243", "1_000", "٣",
    "12,5", "1.234,5", "1 234,5", "much", "nan", "NA", "N/A", "#N/A", "null", "inf", "-Infinity",
    "+5", ".5", "5.", " 7 ", "Working", " Working ", "working", "F", "XNA", "Y", "MONDAY", "total",
    "2026-01-01", "100002", "000042", "a b", "12-12-2020", "1E5", "x" * 33, "1e400", "0x10",
    "1e", "-",
]  # fmt: skip
NUMBERS = [
    "180.000", "180,000", "1.184.062", "1,184,062", "1.234,50", "1,234.50", "0,52", "0.52",
    "12 345", "12\u202f345,5", "1'000", "5 €", "5EUR", "12,345,6", "1234,567", "-180.000", "1.23",
    "12", "",
]  # fmt: skip
HOW = [
    {"decimal": ".", "grouping": "", "doubtful": ""},
    {"decimal": ".", "grouping": ",", "doubtful": ""},
    {"decimal": ",", "grouping": ".", "doubtful": ""},
    {"decimal": ",", "grouping": "", "doubtful": ","},
    {"decimal": ".", "grouping": "", "doubtful": ","},
]
FORMULAS = ["=1+1", "'=1+1", "-5", "+x", "-x", "a;=b", "a;'=b", "", "@a", "＝a", "plain", "'tis"]
TABLES = [
    ["180.000", "0,5"], ["180.000", "200.000"], ["180000", "0.5"], ["180.000", "180000"],
    ["1.184.062"], ["1,184,062"], ["180,000"], ["180,000", "200000"], ["1.234,5"], ["200000.5"],
    ["200000,5"], ["12"], ["180.000", "1,184,062"], ["0.5", "0,5", "0,6"], ["180.000", "1.5"],
]  # fmt: skip


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """What the page says of everything, in one start of node."""
    if not (node := shutil.which("node")):
        pytest.skip("no node: the page's rules were not compared")
    content = contract_content()
    asked = {
        "contract": {name: content[name] for name in ("fields", "tables")},
        "cells": cells(),
        "numbers": [[text, how] for text in NUMBERS for how in HOW],
        "names": names(),
        "formulas": FORMULAS,
        "tables": [[["AMT_CREDIT", text] for text in table] for table in TABLES],
    }
    ran = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT, str(FORM)],
        input=json.dumps(asked), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(ran.stdout)


def cells() -> list[tuple[str, str]]:
    rng = np.random.default_rng(5)
    drawn = [repr(float(value)) for value in rng.normal(0, 20_000, 20).round(2)]
    columns = [field["name"] for field in contract_content()["fields"]]
    return [(name, text) for name in columns for text in [*TEXTS, *drawn]]


def names() -> list[str]:
    labels = [text for column in INPUTS.values() for text in column.label.values()]
    return [*INPUTS, *labels, "ext source 2", "amt-credit", "Montant du crédit ", "NOTE", "TARGET"]


def test_a_field_is_wrong_for_the_page_as_it_is_for_the_service(said):
    expected = [cause(name, text) for name, text in cells()]
    told = list(zip(cells(), said["causes"], expected, strict=True))
    assert [each for each in told if each[1] != each[2]] == []


def cause(name: str, text: str) -> str:
    problems = parse_text_columns({name: [text]}).problems.get(0, [])
    return next((problem.cause for problem in problems if problem.field == name), "")


def test_a_number_is_read_by_the_page_as_by_the_service(said):
    asked = [(text, Numbers(**how)) for text in NUMBERS for how in HOW]
    assert said["plain"] == [plain_number(*each) for each in asked]
    assert said["doubtful"] == [is_doubtful(*each) for each in asked]


def test_a_column_is_known_to_the_page_as_to_the_service(said):
    expected = canonical_names([name.encode() for name in names()])
    assert said["names"] == list(expected)
    kinds = dict(zip(names(), said["isNumber"], strict=True))
    assert {name: kinds[name] for name in INPUTS} == {name: is_number(name) for name in INPUTS}


def test_what_a_spreadsheet_would_run_is_marked_and_unmarked_alike(said):
    assert said["sent"] == [as_sent(text) for text in FORMULAS]
    assert said["harmless"] == [harmless(text) for text in FORMULAS]


def test_the_marks_of_numbers_are_proved_alike(said):
    expected = [dialect_of(table) for table in TABLES]
    found = [(told["decimal"], told["grouping"], told["doubtful"]) for told in said["evidence"]]
    assert found == [(told.decimal, told.grouping, told.doubtful) for told in expected]


def dialect_of(table: list[str]) -> Dialect:
    lines = [f"{ID};AMT_CREDIT;AMT_INCOME_TOTAL;DAYS_BIRTH"]
    lines += [f"{100 + n};{text};;-10000" for n, text in enumerate(table)]
    return read("\n".join(lines).encode()).scan.dialect
