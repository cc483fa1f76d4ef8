"""The synthetic tables: in form like the published ones, in difficulty too, and safely written."""

import argparse
import csv
import gzip
import json
import subprocess
import sys

import duckdb
import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.contract.columns import APPLICATION, HISTORY
from credit_scoring.errors import DatasetError

from tests.repository import ROOT
from training import sample_data
from training.data.load import history_features
from training.sample_data.categories import FREQUENCIES
from training.sample_data.schema import SECONDARY_TABLES, TABLES

SMALL, LARGE = 400, 5_000


class Tables:
    """The tables of a folder, loaded once, to be asked in SQL under their names."""

    def __init__(self, folder, names=TABLES):
        self.folder = folder
        self.database = duckdb.connect()
        for name in names:
            path = str(folder / f"{name}.csv")
            self.database.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}')")

    def rows(self, sql):
        return self.database.execute(sql).fetchall()

    def one(self, sql):
        return self.rows(sql)[0][0]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    sample_data.generate(folder, applicants=SMALL, seed=11)
    return Tables(folder)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    sample_data.generate(folder, applicants=LARGE, seed=11)
    return Tables(folder)


def header(tables, name):
    return (tables.folder / f"{name}.csv").read_text().split("\n", 1)[0].split(",")


def read_texts(path):
    with path.open(newline="") as file:
        names, *rows = csv.reader(file)
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def applicants_in(folder):
    return len(read_texts(folder / "application_train.csv")["SK_ID_CURR"])


def test_the_eight_tables_have_the_published_columns_in_their_order(small):
    assert header(small, "application_test") == list(APPLICATION)
    assert header(small, "application_train") == ["SK_ID_CURR", "TARGET", *list(APPLICATION)[1:]]
    assert len(header(small, "application_train")) == 122
    for table, columns in SECONDARY_TABLES.items():
        assert header(small, table) == list(columns)
    assert [len(columns) for columns in SECONDARY_TABLES.values()] == [17, 3, 37, 8, 23, 8]


def test_as_many_applicants_as_asked_and_a_sixth_more_without_outcome(small):
    assert small.one("SELECT count(*) FROM application_train") == SMALL
    assert small.one("SELECT count(*) FROM application_test") == SMALL // 6
    everybody = (
        "SELECT SK_ID_CURR FROM application_train UNION SELECT SK_ID_CURR FROM application_test"
    )
    assert small.one(f"SELECT count(*) FROM ({everybody})") == SMALL + SMALL // 6


@pytest.mark.parametrize("table", ["application_train", "application_test"])
def test_every_application_keeps_the_contract(large, table):
    parsed = parse_text_columns(read_texts(large.folder / f"{table}.csv"))
    assert parsed.problems == {}


def test_every_aggregate_of_the_history_keeps_the_contract(small):
    _, columns = history_features(small.folder)
    for name, values in columns.items():
        known = values[~np.isnan(values)]
        assert np.all((known >= HISTORY[name].minimum) & (known <= HISTORY[name].maximum)), name
        assert len(known) > 0, name


def test_every_category_with_a_share_is_in_the_contract():
    with FREQUENCIES.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == "application"]
    unknown = [
        (row["column"], row["category"])
        for row in rows
        if row["category"] and row["category"] not in APPLICATION[row["column"]].categories
    ]
    assert unknown == []


def test_eight_of_a_hundred_default(large):
    assert 0.068 < large.one("SELECT avg(TARGET) FROM application_train") < 0.096


@pytest.mark.parametrize(
    ("column", "least", "most"),
    [
        ("EXT_SOURCE_1", 0.53, 0.60),
        ("EXT_SOURCE_2", 0.0, 0.01),
        ("EXT_SOURCE_3", 0.17, 0.23),
        ("APARTMENTS_AVG", 0.46, 0.56),
        ("COMMONAREA_MEDI", 0.65, 0.75),
        ("OWN_CAR_AGE", 0.61, 0.69),
        ("OCCUPATION_TYPE", 0.27, 0.35),
        ("AMT_REQ_CREDIT_BUREAU_YEAR", 0.11, 0.16),
    ],
)
def test_columns_are_missing_as_often_as_in_reality(large, column, least, most):
    assert least < large.one(f"SELECT avg(({column} IS NULL)::INT) FROM application_train") < most


def test_blocks_are_missing_together(large):
    housing = [f"APARTMENTS_{name}" for name in ("AVG", "MODE", "MEDI")]
    requests = [name for name in APPLICATION if name.startswith("AMT_REQ_CREDIT_BUREAU")]
    for block in (housing, requests):
        together = " + ".join(f"({name} IS NULL)::INT" for name in block)
        counts = large.rows(f"SELECT DISTINCT {together} FROM application_train ORDER BY 1")
        assert counts == [(0,), (len(block),)]


def test_who_has_no_car_has_no_age_of_it(large):
    assert large.one(
        "SELECT bool_and((OWN_CAR_AGE IS NULL) = (FLAG_OWN_CAR = 'N')) FROM application_train"
    )


def test_pensioners_have_the_sentinel_and_neither_employer_nor_occupation(large):
    rows = large.rows(
        "SELECT DISTINCT DAYS_EMPLOYED = 365243, ORGANIZATION_TYPE = 'XNA', "
        "OCCUPATION_TYPE IS NULL, FLAG_EMP_PHONE "
        "FROM application_train WHERE NAME_INCOME_TYPE = 'Pensioner'",
    )
    assert rows == [(True, True, True, 0)]
    share = large.one("SELECT avg((DAYS_EMPLOYED = 365243)::INT) FROM application_train")
    assert 0.15 < share < 0.21


def test_an_absurd_income_is_among_the_skewed_ones(large):
    everybody = "FROM application_train UNION ALL BY NAME FROM application_test"
    assert large.one(f"SELECT max(AMT_INCOME_TOTAL) FROM ({everybody})") == 117e6
    assert large.one(
        "SELECT skewness(ln(AMT_CREDIT)) < skewness(AMT_CREDIT) FROM application_train"
    )


def test_amounts_fit_together(large):
    assert large.one("SELECT bool_and(AMT_CREDIT >= AMT_GOODS_PRICE) FROM application_train")
    assert large.one("SELECT bool_and(AMT_ANNUITY < AMT_CREDIT) FROM application_train")
    slope = "corr(ln(AMT_ANNUITY), ln(AMT_CREDIT))"
    assert large.one(f"SELECT {slope} FROM application_train") > 0.6


def test_every_key_leads_somewhere(small):
    people = (
        "(SELECT SK_ID_CURR FROM application_train UNION SELECT SK_ID_CURR FROM application_test)"
    )
    for table in SECONDARY_TABLES:
        if table != "bureau_balance":
            assert small.one(f"SELECT bool_and(SK_ID_CURR IN {people}) FROM {table}")
    for table in ("POS_CASH_balance", "credit_card_balance", "installments_payments"):
        same = "USING (SK_ID_PREV, SK_ID_CURR)"
        orphans = f"SELECT count(*) FROM {table} ANTI JOIN previous_application {same}"
        assert small.one(orphans) == 0
    credits_ = "SELECT count(*) FROM bureau_balance ANTI JOIN bureau USING (SK_ID_BUREAU)"
    assert small.one(credits_) == 0


def test_keys_are_unique_across_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("training.sample_data.tables.APPLICANTS_AT_ONCE", 100)
    sample_data.generate(tmp_path, applicants=250, seed=1)
    for table, key in (
        ("application_train", "SK_ID_CURR"),
        ("bureau", "SK_ID_BUREAU"),
        ("previous_application", "SK_ID_PREV"),
    ):
        ids = read_texts(tmp_path / f"{table}.csv")[key]
        assert len(ids) == len(set(ids)) > 100
    assert applicants_in(tmp_path) == 250


@pytest.mark.parametrize(
    ("table", "rows_of_356255"),
    [
        ("bureau", 1_716_428),
        ("bureau_balance", 27_299_925),
        ("previous_application", 1_670_214),
        ("POS_CASH_balance", 10_001_358),
        ("credit_card_balance", 3_840_312),
        ("installments_payments", 13_605_401),
    ],
)
def test_applicants_have_as_many_past_rows_as_in_reality(large, table, rows_of_356255):
    expected = rows_of_356255 * (LARGE + LARGE // 6) / 356_255
    assert large.one(f"SELECT count(*) FROM {table}") == pytest.approx(expected, rel=0.15)


def test_granted_loans_say_365243_for_a_day_that_never_came(small):
    columns = ("DAYS_FIRST_DRAWING", "DAYS_FIRST_DUE", "DAYS_LAST_DUE", "DAYS_TERMINATION")
    for column in columns:
        never = small.one(f"SELECT count(*) FROM previous_application WHERE {column} = 365243")
        assert never > 0, column
    others = "FROM previous_application WHERE NAME_CONTRACT_STATUS <> 'Approved'"
    assert small.one(f"SELECT count(DAYS_FIRST_DUE) {others}") == 0


def test_nothing_happened_after_the_application(small):
    for table, day in (
        ("bureau", "DAYS_CREDIT"),
        ("bureau_balance", "MONTHS_BALANCE"),
        ("previous_application", "DAYS_DECISION"),
        ("POS_CASH_balance", "MONTHS_BALANCE"),
        ("credit_card_balance", "MONTHS_BALANCE"),
        ("installments_payments", "DAYS_ENTRY_PAYMENT"),
    ):
        assert small.one(f"SELECT max({day}) FROM {table}") <= 0, table


def test_defaulters_have_paid_later_and_were_refused_more_often(large):
    late = "avg((DAYS_ENTRY_PAYMENT > DAYS_INSTALMENT)::INT)"
    refused = "avg((NAME_CONTRACT_STATUS = 'Refused')::INT)"
    for measure, table in ((late, "installments_payments"), (refused, "previous_application")):
        good, bad = large.rows(
            f"SELECT {measure} FROM {table} JOIN application_train USING (SK_ID_CURR) "
            "GROUP BY TARGET ORDER BY TARGET",
        )
        assert bad[0] > 1.25 * good[0]


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(small, tmp_path):
    same, other = tmp_path / "same", tmp_path / "other"
    sample_data.generate(same, applicants=SMALL, seed=11)
    sample_data.generate(other, applicants=SMALL, seed=12)
    for table in TABLES:
        name = f"{table}.csv"
        assert (same / name).read_bytes() == (small.folder / name).read_bytes()
        assert (other / name).read_bytes() != (small.folder / name).read_bytes()


def test_compressed_files_hold_the_same_bytes(small, tmp_path, monkeypatch):
    sample_data.generate(tmp_path, applicants=SMALL, seed=11, compress=True)
    for table in TABLES:
        packed = (tmp_path / f"{table}.csv.gz").read_bytes()
        assert gzip.decompress(packed) == (small.folder / f"{table}.csv").read_bytes()


def test_one_applicant_is_enough(tmp_path):
    sample_data.generate(tmp_path, applicants=1, seed=0)
    assert applicants_in(tmp_path) == 1


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "bureau.csv").write_text("mine")
    with pytest.raises(DatasetError, match=r"already holds bureau\.csv: choose .* --force"):
        sample_data.generate(tmp_path, applicants=5, seed=0)
    assert (tmp_path / "bureau.csv").read_text() == "mine"


def test_force_replaces_the_tables_and_keeps_the_rest(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "bureau.zip").write_text("would be read in place of bureau.csv.gz")
    sample_data.generate(tmp_path, applicants=5, seed=0, compress=True, force=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "bureau.zip").exists()


def test_its_own_tables_are_replaced_without_asking(tmp_path):
    sample_data.generate(tmp_path, applicants=5, seed=0, compress=True)
    sample_data.generate(tmp_path, applicants=6, seed=0)
    visible = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert visible == {f"{table}.csv" for table in TABLES}
    assert applicants_in(tmp_path) == 6


def test_a_path_under_a_file_is_one_clear_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="is a file or lies under one: choose another folder"):
        sample_data.generate(tmp_path / "file" / "data", applicants=5, seed=0)


def test_too_little_space_is_said_before_anything_is_written(tmp_path):
    with pytest.raises(DatasetError, match=r"GB free and about .* GB are needed"):
        sample_data.generate(tmp_path / "data", applicants=10**12, seed=0)
    assert not (tmp_path / "data").exists()


def test_a_write_that_fails_half_way_leaves_no_table(tmp_path):
    largest_file = 200_000
    program = f"""
import resource
from pathlib import Path
from training import sample_data
resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, {largest_file}))
sample_data.generate(Path({str(tmp_path / "data")!r}), applicants=400, seed=0)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "DatasetError" in done.stderr.splitlines()[-1]
    assert "cannot be written" in done.stderr.splitlines()[-1]
    assert list((tmp_path / "data").iterdir()) == []


def test_the_command_prints_what_it_wrote(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    sample_data.add_arguments(parser)
    folder = tmp_path / "data"
    args = parser.parse_args(["--applicants", "30", "--out", str(folder), "--seed", "4"])
    assert sample_data.run(args) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["rows"]["application_train"] == 30
    assert summary["bytes"] == sum((folder / f"{table}.csv").stat().st_size for table in TABLES)


@pytest.mark.parametrize("wrong", [["--applicants", "0"], ["--applicants", "x"], ["--seed", "-1"]])
def test_a_wrong_argument_is_refused(wrong, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    sample_data.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--out", str(tmp_path), *wrong])
    assert wrong[0] in capsys.readouterr().err
