"""What a branch may send: every usual dialect; and what it gets back for a file that is none."""

import codecs
import os

import pytest

from tests.functions.batch_scorer.branch import (
    EVENTS,
    draw_rows,
    everything,
    profile_count,
    to_csv,
)


@pytest.fixture
def plain(branch):
    return branch.send_rows(draw_rows(5), name="plain.csv").pds


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_delimiter_gives_the_same_scores(branch, plain, delimiter):
    result = branch.send(to_csv(draw_rows(5), delimiter=delimiter))
    assert result.pds == plain


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(branch, plain):
    result = branch.send(codecs.BOM_UTF8 + to_csv(draw_rows(5), ending="\r\n"))
    assert result.pds == plain


def test_old_line_ends_and_a_missing_last_one_change_nothing(branch, plain):
    assert branch.send(to_csv(draw_rows(5), ending="\r")).pds == plain
    assert branch.send(to_csv(draw_rows(5)).rstrip(), name="b.csv").pds == plain


def test_the_order_of_columns_changes_nothing(branch, plain):
    rows = [dict(reversed(row.items())) for row in draw_rows(5)]
    assert branch.send_rows(rows).pds == plain


def test_an_unknown_column_is_ignored_and_named_in_the_receipt(branch, plain):
    result = branch.send_rows([row | {"SHOE_SIZE": 42} for row in draw_rows(5)])
    assert result.pds == plain
    assert result.manifest["ignored_columns"] == ["SHOE_SIZE"]


def test_an_outcome_sent_along_changes_nothing(branch, plain):
    rows = [{"TARGET": n % 2} | row for n, row in enumerate(draw_rows(5))]
    assert branch.send_rows(rows).pds == plain


def test_the_examples_differ_in_dialect_only(branch):
    first = branch.send((EVENTS / "applicants.csv").read_bytes())
    second = branch.send((EVENTS / "applicants_excel.csv").read_bytes(), name="b.csv")
    assert first.manifest["scored"] == 6
    assert first.pds == second.pds


def test_more_rows_than_a_chunk_are_scored_as_if_alone(branch, monkeypatch):
    rows = draw_rows(25)
    rows[24]["SK_ID_CURR"] = rows[0]["SK_ID_CURR"]
    rows[13]["AMT_CREDIT"] = "much"
    whole = branch.send_rows(rows)
    monkeypatch.setattr("functions.batch_scorer.batch.CHUNK_ROWS", 4)
    parts = branch.send_rows(rows, name="b.csv")
    assert parts.files["scores.csv"] == whole.files["scores.csv"]
    assert parts.files["rejects.csv"] == whole.files["rejects.csv"]
    assert parts.causes == [
        (15, "AMT_CREDIT", "wrong_type"),
        (26, "SK_ID_CURR", "duplicate_id"),
    ]
    assert sum(key.startswith("records/") for key in everything()) == 1 + 6


GOOD = to_csv(draw_rows(3))
UNUSABLE = {
    "empty": (b"", "empty"),
    "blank": (codecs.BOM_UTF8 + b" \r\n\n", "empty"),
    "header only": (GOOD.splitlines(keepends=True)[0] + b"\n", "no row"),
    "no id column": (GOOD.replace(b"SK_ID_CURR", b"ID"), "no column SK_ID_CURR"),
    "no header": (GOOD.split(b"\n", 1)[1], "first line must name the columns"),
    "duplicate header": (GOOD.replace(b"AMT_ANNUITY", b"AMT_CREDIT", 1), "AMT_CREDIT twice"),
    "latin-1": (GOOD + "Ségolène".encode("latin-1"), "UTF-8"),
    "utf-16": (GOOD.decode().encode("utf-16"), "UTF-8"),
    "utf-16 without mark": (GOOD.decode().encode("utf-16-le"), "UTF-8"),
    "binary junk": (b"\x89PNG\r\n\x1a\n" + os.urandom(4000), "UTF-8"),
    "NUL": (GOOD + b'9,"a\0b"\n', "UTF-8"),
    "quote never closed": (GOOD + b'9,"open', "line 5"),
    "text after a quote": (GOOD + b'"9"x,1\n', "line 5"),
    "endless field": (GOOD + b'9,"' + b"x" * 10_001 + b'"\n', "line 5"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_file_leaves_a_receipt_that_says_why_and_nothing_else(branch, case):
    body, sentence = UNUSABLE[case]
    result = branch.send(body)
    manifest = result.manifest
    assert manifest["status"] == "failed"
    assert sentence in manifest["detail"]
    assert "\n" not in manifest["detail"]
    assert len(manifest["detail"]) < 250
    assert (manifest["rows"], manifest["scored"], manifest["rejected"]) == (0, 0, 0)
    assert list(everything()) == [f"scored/paris-01/a.csv/{manifest['version_id']}/manifest.json"]
    assert profile_count() == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(branch):
    event = branch.upload(GOOD)
    stored = event["Records"][0]["s3"]["object"]
    stored["size"] = 100_000_001
    branch.invoke(event)
    manifest = branch.result(f"paris-01/a.csv/{stored['versionId']}").manifest
    assert manifest["status"] == "failed"
    assert "split it" in manifest["detail"]


def test_a_field_as_long_as_allowed_is_read(branch):
    result = branch.send_rows([row | {"NOTE": "x" * 10_000} for row in draw_rows(1)])
    assert result.manifest["scored"] == 1
