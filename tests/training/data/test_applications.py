"""Labelled files are read as branches' files are."""

import logging

import numpy as np
import pytest
from credit_scoring.contract.columns import APPLICATION
from credit_scoring.errors import DatasetError

from tests.training.tables import labelled, write_texts
from training.data.dataset import empty_columns, load_dataset


@pytest.fixture
def texts():
    return labelled(9)


@pytest.fixture
def expected(tmp_path, texts):
    return load_dataset(write_texts(tmp_path / "expected.csv", texts))


def assert_same(found, expected):
    assert found.applicants.ids == expected.applicants.ids
    assert found.defaulted.tolist() == expected.defaulted.tolist()
    for name, values in expected.applicants.columns.items():
        np.testing.assert_array_equal(found.applicants[name], values)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"])
def test_any_encoding_of_a_branch_is_read(tmp_path, texts, expected, encoding):
    texts["CRÉÉ"] = ["é"] * 9
    path = write_texts(tmp_path / "a.csv", texts)
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    assert_same(load_dataset(path), expected)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_any_delimiter_and_decimal_comma_of_a_branch_is_read(tmp_path, texts, expected, delimiter):
    path = tmp_path / "a.csv"
    rows = [list(texts), *zip(*texts.values(), strict=True)]
    lines = (delimiter.join(cell.replace(".", ",") for cell in row) for row in rows)
    path.write_text("\r\n".join(lines), newline="")
    assert_same(load_dataset(path), expected)


def test_names_written_otherwise_and_words_for_nothing_are_read(tmp_path, texts, expected):
    texts = {name.lower().replace("_", " "): column for name, column in texts.items()}
    texts = {name: [cell or "NULL" for cell in column] for name, column in texts.items()}
    assert_same(load_dataset(write_texts(tmp_path / "a.csv", texts)), expected)


def test_a_renamed_column_is_refused_with_the_name_that_was_meant(tmp_path, texts):
    texts["AMT_ANNUITY_EUR"] = texts.pop("AMT_ANNUITY")
    path = write_texts(tmp_path / "a.csv", texts)
    with pytest.raises(DatasetError, match=r"a\.csv: .*AMT_ANNUITY_EUR; did you mean AMT_ANNUITY"):
        load_dataset(path)


def test_an_applicant_twice_is_refused_with_id_and_lines(tmp_path, texts, monkeypatch):
    monkeypatch.setattr("training.data.applications.CHUNK_ROWS", 2)
    texts["SK_ID_CURR"][7] = texts["SK_ID_CURR"][1]
    path = write_texts(tmp_path / "a.csv", texts)
    with pytest.raises(DatasetError, match=r"line 9: SK_ID_CURR 300002 a second time .*line 3"):
        load_dataset(path)


def test_torn_rows_are_left_out_and_told(tmp_path, texts, expected, caplog):
    path = write_texts(tmp_path / "a.csv", texts)
    lines = path.read_text().splitlines()
    lines[4] = lines[4].replace(",", "\n", 1)
    path.write_text("\n".join(lines))
    with caplog.at_level(logging.WARNING):
        found = load_dataset(path)
    # The row above may have lost its last value's rest to the lone field below it.
    kept = [row for row in range(9) if row not in (2, 3)]
    assert_same(found, expected.take(np.array(kept)))
    assert "2 wrong_field_count (the first on line 5)" in caplog.text


def test_a_column_without_a_value_is_said_once_whether_it_is_named_or_not(tmp_path, texts, caplog):
    texts |= {name: ["1"] * 9 for name in APPLICATION if name.startswith("FLAG_DOCUMENT")}
    texts["EXT_SOURCE_2"] = [""] * 9
    texts.pop("EXT_SOURCE_3", None)
    with caplog.at_level(logging.WARNING):
        dataset = load_dataset(write_texts(tmp_path / "a.csv", texts))
    [line] = [r.getMessage() for r in caplog.records if "has no value of" in r.getMessage()]
    assert "more" in line
    assert {"EXT_SOURCE_2", "EXT_SOURCE_3"} <= {*empty_columns(dataset.applicants)}
    assert "FLAG_DOCUMENT_2" not in empty_columns(dataset.applicants)
    assert "AMT_CREDIT" not in empty_columns(dataset.applicants)
