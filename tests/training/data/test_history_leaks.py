"""Nothing that was not known on the day of the application reaches a feature."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.contract.columns import APPLICATION, DERIVED, FEATURES, HISTORY

from tests.training.histories import FILES, write_tables
from training.data import history
from training.data.history import TABLES
from training.data.load import history_features

# Table -> what of a row makes it one that was not known yet.
FUTURES = [
    ("bureau", {"DAYS_CREDIT": 1}),
    ("bureau", {"DAYS_CREDIT_UPDATE": 30}),
    ("bureau", {"DAYS_ENDDATE_FACT": 400}),
    ("bureau_balance", {"MONTHS_BALANCE": 1}),
    ("previous_application", {"DAYS_DECISION": 1}),
    ("POS_CASH_balance", {"MONTHS_BALANCE": 1}),
    ("credit_card_balance", {"MONTHS_BALANCE": 2}),
    ("installments_payments", {"DAYS_INSTALMENT": 1}),
    ("installments_payments", {"DAYS_ENTRY_PAYMENT": 1}),
]
KEYS = {"SK_ID_CURR": "7", "SK_ID_BUREAU": "1", "SK_ID_PREV": "1"}
SQL = Path(history.__file__).parent


def with_row(text, changes):
    """The table with one more row of applicant 7: the first row, loud and changed."""
    reader = csv.DictReader(io.StringIO(text))
    row = next(reader)
    for name in row:
        if name.startswith(("AMT_", "SK_DPD", "CNT_")):
            row[name] = "999999"
    row |= {name: key for name, key in KEYS.items() if name in row} | changes
    return text + ",".join(str(row[name]) for name in reader.fieldnames) + "\n"


def without_applicant_8(text):
    lines = text.splitlines()
    if "SK_ID_CURR" not in lines[0]:
        return text
    place = lines[0].split(",").index("SK_ID_CURR")
    return "\n".join([*(line for line in lines if line.split(",")[place] != "8"), ""])


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return aggregates(tmp_path_factory.mktemp("known"), FILES)


def aggregates(folder, files):
    ids, columns = history_features(write_tables(folder, files))
    return ids, {name: values.tobytes() for name, values in columns.items()}


def with_target(text):
    lines = text.splitlines()
    return "\n".join([f"TARGET,{lines[0]}", *(f"1,{line}" for line in lines[1:]), ""])


@pytest.mark.parametrize(("table", "changes"), FUTURES)
def test_a_row_from_after_the_application_changes_no_bit(tmp_path, known, table, changes):
    planted = FILES | {table: with_row(FILES[table], changes)}
    assert aggregates(tmp_path, planted) == known


@pytest.mark.parametrize("table", FILES)
def test_the_same_row_from_before_it_does_change_something(tmp_path, known, table):
    planted = FILES | {table: with_row(FILES[table], {})}
    assert aggregates(tmp_path, planted) != known


def test_a_past_row_of_a_credit_from_the_future_changes_nothing(tmp_path, known):
    later = with_row(FILES["bureau"], {"SK_ID_BUREAU": "77", "DAYS_CREDIT": 5})
    months = FILES["bureau_balance"] + "77,0,5\n77,-1,5\n"
    planted = FILES | {"bureau": later, "bureau_balance": months}
    assert aggregates(tmp_path, planted) == known


def test_a_target_column_in_any_table_changes_nothing(tmp_path, known):
    planted = {name: with_target(text) for name, text in FILES.items()}
    assert aggregates(tmp_path, planted) == known


@pytest.mark.parametrize("table", TABLES)
def test_no_sql_mentions_the_target_or_another_tables_rows(table):
    text = re.sub(r"--.*", "", (SQL / f"{table}.sql").read_text())
    assert "target" not in text.lower()
    views = re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", text)
    own = re.findall(r"(\w+) AS \(", text)
    assert set(views) <= {*TABLES[table].reads, *own}


def test_no_feature_is_the_target():
    assert not any("TARGET" in name or "DEFAULTED" in name for name in FEATURES)
    described = [*APPLICATION.values(), *HISTORY.values(), *DERIVED.values()]
    assert not any(re.search(r"\bTARGET\b", column.description) for column in described)


def test_what_is_known_of_one_applicant_does_not_depend_on_another(tmp_path):
    (tmp_path / "alone").mkdir()
    (tmp_path / "both").mkdir()
    alone = {name: without_applicant_8(text) for name, text in FILES.items()}
    ids, columns = history_features(write_tables(tmp_path / "alone", alone))
    _, both = history_features(write_tables(tmp_path / "both"))
    assert ids == ["7"]
    for name, values in columns.items():
        np.testing.assert_array_equal(values, both[name][:1], err_msg=name)
