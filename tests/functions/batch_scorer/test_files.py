"""What a branch may send: every usual dialect; and what it gets back for a file that is none."""

import codecs
import gzip
import io
import os
import zipfile

import pytest

from tests.functions.batch_scorer.branch import (
    EVENTS,
    draw_rows,
    everything,
    profile_count,
    stored,
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
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "4")
    parts = branch.send_rows(rows, name="a.csv")
    assert parts.files["scores.csv"] == whole.files["scores.csv"]
    assert parts.rejects == [
        reject | {"reject_of": parts.manifest["batch"]} for reject in whole.rejects
    ]
    assert parts.causes == [
        (15, "AMT_CREDIT", "wrong_type"),
        (26, "SK_ID_CURR", "duplicate_id"),
    ]
    records = [key for key in everything() if key.startswith("records/")]
    assert sum(key.startswith("records/incoming/chunks/") for key in records) == 1 + 6
    assert sum(key.startswith("records/incoming/lines/") for key in records) == 2


GOOD = to_csv(draw_rows(3))
UNUSABLE = {
    "empty": (b"", "empty"),
    "blank": (codecs.BOM_UTF8 + b" \r\n\n", "empty"),
    "header only": (GOOD.splitlines(keepends=True)[0] + b"\n", "no row"),
    "no id column": (GOOD.replace(b"SK_ID_CURR", b"ID"), "SK_ID_CURR"),
    "no header": (GOOD.split(b"\n", 1)[1], "SK_ID_CURR"),
    "duplicate header": (GOOD.replace(b"AMT_ANNUITY", b"AMT_CREDIT", 1), "AMT_CREDIT"),
    "binary junk": (b"\x89PNG\r\n\x1a\n" + os.urandom(4000), "CSV"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_file_leaves_a_receipt_that_says_why_and_nothing_else(branch, case):
    body, sentence = UNUSABLE[case]
    result = branch.send(body)
    manifest = result.manifest
    assert manifest["status"] == "failed"
    assert sentence in manifest["detail"]["en"]
    assert "\n" not in manifest["detail"]["en"]
    assert len(manifest["detail"]["en"]) < 250
    assert manifest["detail"]["fr"] != manifest["detail"]["en"]
    assert (manifest["rows"], manifest["scored"], manifest["rejected"]) == (0, 0, 0)
    assert list(everything()) == [f"scored/paris-01/a.csv/{manifest['version_id']}/manifest.json"]
    assert profile_count() == 0


def zipped(body):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("applicants.csv", body)
    return file.getvalue()


PACKED = {
    "gzip": gzip.compress,
    "zip": zipped,
    "utf-16": lambda body: body.decode().encode("utf-16"),
    "utf-16 without mark": lambda body: body.decode().encode("utf-16-le"),
}


@pytest.mark.parametrize("way", PACKED)
def test_a_packed_or_recoded_file_gives_the_same_scores(branch, plain, way):
    result = branch.send(PACKED[way](to_csv(draw_rows(5))))
    assert result.pds == plain
    assert result.manifest["status"] == "finished"


def test_a_packed_file_is_read_chunk_by_chunk_from_its_staged_text(branch, monkeypatch):
    rows = draw_rows(25)
    whole = branch.send_rows(rows)
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "4")
    packed = branch.send(gzip.compress(to_csv(rows)), name="a.csv.gz")
    assert packed.files["scores.csv"] == whole.files["scores.csv"]
    assert packed.manifest["dialect"]["container"] == "gzip"
    assert sum(key.endswith("/text") for key in stored()) == 1


def test_scores_come_back_in_the_sender_s_dialect(branch, plain):
    body = to_csv(draw_rows(5), delimiter=";", ending="\r\n").replace(b".", b",")
    result = branch.send(body)
    text = result.files["scores.csv"].decode()
    assert text.count("\r\n") == text.count("\n") == 6
    assert result.pds == plain
    assert all("," in line["probability_of_default"] for line in result.scores)
    assert result.manifest["dialect"] == {
        "delimiter": ";", "decimal": ",", "encoding": "utf-8", "newline": "\r\n",
        "container": "plain", "grouping": "", "doubtful": "",
    }  # fmt: skip
