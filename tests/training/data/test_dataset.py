"""Labelled applicants from whatever form the tables have."""

import gzip
import logging
import zipfile

import numpy as np
import pytest
from credit_scoring.errors import DatasetError, EmptyDataset
from credit_scoring.features import CleanInputs, build_features

from tests.training.tables import draw_texts, labelled, write_texts
from training.data.dataset import load_dataset
from training.data.schema import choose_schema

TABLE = "application_train.csv"
BUREAU = {
    "SK_ID_CURR": ["300003", "300001", "300001", "999999"],
    "SK_ID_BUREAU": ["1", "2", "3", "4"],
    "CREDIT_ACTIVE": ["Active", "Active", "Active", "Active"],
    "CREDIT_CURRENCY": ["currency 1"] * 4,
    "DAYS_CREDIT": ["-100", "-200", "-300", "-400"],
    "CREDIT_DAY_OVERDUE": ["0"] * 4,
    "DAYS_CREDIT_ENDDATE": ["10"] * 4,
    "DAYS_ENDDATE_FACT": [""] * 4,
    "AMT_CREDIT_MAX_OVERDUE": ["0"] * 4,
    "CNT_CREDIT_PROLONG": ["0"] * 4,
    "AMT_CREDIT_SUM": ["1000"] * 4,
    "AMT_CREDIT_SUM_DEBT": ["10"] * 4,
    "AMT_CREDIT_SUM_LIMIT": ["0"] * 4,
    "AMT_CREDIT_SUM_OVERDUE": ["0"] * 4,
    "CREDIT_TYPE": ["Consumer credit"] * 4,
    "DAYS_CREDIT_UPDATE": ["-5"] * 4,
    "AMT_ANNUITY": ["5"] * 4,
}


@pytest.fixture
def plain(tmp_path):
    return write_texts(tmp_path / TABLE, labelled(9))


def compressed(path, form):
    """The same table in another form; the plain file goes."""
    if form == "gz":
        other = path.with_name(path.name + ".gz")
        other.write_bytes(gzip.compress(path.read_bytes()))
    else:
        other = path.with_name(path.stem + ".zip")
        with zipfile.ZipFile(other, "w") as archive:
            archive.write(path, path.name)
    path.unlink()
    return other


def test_a_single_file_is_read(plain):
    dataset = load_dataset(plain)
    assert len(dataset) == 9
    assert dataset.applicants.ids == [str(300_001 + n) for n in range(9)]
    assert dataset.defaulted.tolist() == [n % 3 == 2 for n in range(9)]


@pytest.mark.parametrize("form", ["gz", "zip"])
def test_compressed_tables_are_the_same_tables(plain, form):
    expected = load_dataset(plain)
    path = compressed(plain, form)
    for source in (path, path.parent):
        found = load_dataset(source)
        assert found.applicants.ids == expected.applicants.ids
        assert (found.defaulted == expected.defaulted).all()


def test_rows_that_break_the_contract_are_left_out_and_counted(tmp_path, caplog):
    texts = labelled(9)
    texts["AMT_CREDIT"][2], texts["DAYS_BIRTH"][5] = "much", "12"
    texts["TARGET"][5] = ""
    with caplog.at_level(logging.WARNING):
        dataset = load_dataset(write_texts(tmp_path / "a.csv", texts))
    assert len(dataset) == 7
    assert dataset.defaulted.tolist() == [n % 3 == 2 for n in range(9) if n not in (2, 5)]
    assert "1 wrong_type in AMT_CREDIT (the first on line 4)" in caplog.text


def test_chunks_are_put_together_in_order(plain, monkeypatch):
    whole = load_dataset(plain)
    monkeypatch.setattr("training.data.applications.CHUNK_ROWS", 4)
    parts = load_dataset(plain)
    assert parts.applicants.ids == whole.applicants.ids
    assert (parts.defaulted == whole.defaulted).all()
    for name, values in whole.applicants.columns.items():
        np.testing.assert_array_equal(parts.applicants[name], values)


def test_outcomes_written_as_decimals_are_outcomes(tmp_path):
    texts = labelled(3) | {"TARGET": ["0.0", "1.0", "1"]}
    assert load_dataset(write_texts(tmp_path / "a.csv", texts)).defaulted.tolist() == [0, 1, 1]


@pytest.mark.parametrize("outcome", ["", "2", "yes"])
def test_an_outcome_that_is_none_is_told(tmp_path, outcome):
    texts = labelled(3)
    texts["TARGET"][1] = outcome
    with pytest.raises(DatasetError, match="TARGET must be 0 or 1"):
        load_dataset(write_texts(tmp_path / "a.csv", texts))


def test_without_outcomes_there_is_no_dataset(tmp_path):
    path = write_texts(tmp_path / TABLE, draw_texts(3))
    for source in (path, tmp_path):
        with pytest.raises(DatasetError, match="no column TARGET"):
            load_dataset(source)


def test_if_no_row_keeps_the_contract_that_is_told(tmp_path):
    texts = labelled(2) | {"AMT_CREDIT": ["", "much"]}
    with pytest.raises(EmptyDataset, match="no row that keeps the contract"):
        load_dataset(write_texts(tmp_path / "a.csv", texts))


def test_a_source_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DatasetError, match="cannot be read"):
        load_dataset(tmp_path / "nowhere")


def test_history_is_joined_by_id_whatever_the_order(plain):
    write_texts(plain.with_name("bureau.csv"), BUREAU)
    dataset = load_dataset(plain.parent)
    counts = dataset.applicants["BUREAU_ACTIVE_CREDIT_COUNT"]
    assert counts[0] == 2
    assert counts[2] == 1
    assert np.isnan(counts[[1, 3, 4, 5, 6, 7, 8]]).all()


def test_history_of_others_leaves_no_column(plain):
    write_texts(plain.with_name("bureau.csv"), BUREAU | {"SK_ID_CURR": ["1", "2", "3", "4"]})
    assert not load_dataset(plain.parent).applicants.brings_history


def test_rows_can_be_taken(plain):
    part = load_dataset(plain).take(np.array([8, 0]))
    assert part.applicants.ids == ["300009", "300001"]
    assert part.defaulted.tolist() == [True, False]


def test_outcomes_never_reach_the_features(tmp_path):
    texts = labelled(60)
    other = texts | {"TARGET": [str(1 - int(t)) for t in texts["TARGET"]]}
    datasets = [
        load_dataset(write_texts(tmp_path / f"{n}.csv", t)) for n, t in enumerate((texts, other))
    ]
    schemas = [choose_schema(CleanInputs(dataset.applicants)) for dataset in datasets]
    assert schemas[0].names == schemas[1].names
    first, second = (build_features(d.applicants, schemas[0]) for d in datasets)
    np.testing.assert_array_equal(first, second)
    assert all("TARGET" not in dataset.applicants.columns for dataset in datasets)
