import gzip
import math
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.contract import HISTORY
from credit_scoring.errors import DatasetError

from training.history import TABLES
from training.load import find_table, history_features

BUREAU_HEADER = (
    "SK_ID_CURR,SK_ID_BUREAU,CREDIT_ACTIVE,DAYS_CREDIT,DAYS_CREDIT_ENDDATE,"
    "AMT_CREDIT_MAX_OVERDUE,AMT_CREDIT_SUM,AMT_CREDIT_SUM_DEBT,AMT_CREDIT_SUM_OVERDUE"
)
BUREAU = f"""{BUREAU_HEADER}
7,1,Active,-100,200,50.5,1000,400,0
7,2,Active,-300,-20,,3000,,25
7,3,Closed,-500,-400,10,900,0,0
8,4,Closed,-40,-10,,100,,0
"""
BUREAU_BALANCE = """SK_ID_BUREAU,MONTHS_BALANCE,STATUS
1,0,0
1,-1,1
1,-2,X
1,-14,3
2,-5,C
2,-6,0
4,-3,C
99,-1,5
"""
PREVIOUS_HEADER = (
    "SK_ID_PREV,SK_ID_CURR,NAME_CONTRACT_STATUS,DAYS_DECISION,AMT_APPLICATION,AMT_CREDIT,"
    "CNT_PAYMENT,RATE_DOWN_PAYMENT,DAYS_LAST_DUE"
)
PREVIOUS = f"""{PREVIOUS_HEADER}
1,7,Approved,-900,1000,1100,12,0.1,-500
2,7,Approved,-200,3000,2500,24,,365243
3,7,Approved,-100,0,0,0,,
4,7,Refused,-400,5000,5000,,0.3,
5,7,Canceled,-50,0,0,,,
6,8,Unused offer,-30,100,100,6,,
"""
POS = """SK_ID_PREV,SK_ID_CURR,MONTHS_BALANCE,CNT_INSTALMENT_FUTURE,NAME_CONTRACT_STATUS,SK_DPD_DEF
1,7,-3,2,Active,0
1,7,-2,1,Active,6
1,7,-1,0,Completed,0
2,7,-20,10,Active,9
2,7,-19,9,Active,0
3,8,-40,,Active,0
"""
CARD_HEADER = (
    "SK_ID_PREV,SK_ID_CURR,MONTHS_BALANCE,AMT_BALANCE,AMT_CREDIT_LIMIT_ACTUAL,"
    "AMT_DRAWINGS_ATM_CURRENT,AMT_DRAWINGS_CURRENT,CNT_DRAWINGS_CURRENT,"
    "AMT_PAYMENT_TOTAL_CURRENT,AMT_INST_MIN_REGULARITY,SK_DPD_DEF"
)
CARD = f"""{CARD_HEADER}
1,7,-3,50,100,30,40,4,10,5,0
1,7,-2,120,100,,60,2,20,5,3
1,7,-1,20,0,0,0,0,30,,0
2,8,-1,25,100,0,0,0,0,0,0
"""
INSTALMENTS_HEADER = (
    "SK_ID_PREV,SK_ID_CURR,NUM_INSTALMENT_VERSION,NUM_INSTALMENT_NUMBER,"
    "DAYS_INSTALMENT,DAYS_ENTRY_PAYMENT,AMT_INSTALMENT,AMT_PAYMENT"
)
INSTALMENTS = f"""{INSTALMENTS_HEADER}
1,7,1.0,1,-400,-405,100,100
1,7,1.0,2,-370,-372,100,60
1,7,1.0,2,-370,-360,100,40
1,7,1.0,3,-340,-337,100,90
1,7,1.0,4,-310,,100,
2,8,1.0,1,-30,-30,50,50
"""
FILES = {
    "bureau": BUREAU,
    "bureau_balance": BUREAU_BALANCE,
    "previous_application": PREVIOUS,
    "POS_CASH_balance": POS,
    "credit_card_balance": CARD,
    "installments_payments": INSTALMENTS,
}
NAN = math.nan

# name -> value of applicant 7 and of applicant 8, worked out by hand from the rows above
EXPECTED = {
    "BUREAU_CREDIT_COUNT": (3, 1),
    "BUREAU_ACTIVE_CREDIT_COUNT": (2, 0),
    "BUREAU_CLOSED_CREDIT_COUNT": (1, 1),
    "BUREAU_ACTIVE_DEBT_TOTAL": (400, NAN),
    "BUREAU_ACTIVE_DEBT_TO_CREDIT": (400 / 1000, NAN),  # credit 2: nobody knows its debt
    "BUREAU_OVERDUE_TOTAL": (25, 0),
    "BUREAU_WORST_OVERDUE": (50.5, NAN),
    "BUREAU_DAYS_SINCE_LAST_CREDIT": (100, 40),
    "BUREAU_CREDIT_AGE_MEAN": (900 / 3, 40),
    "BUREAU_ACTIVE_CREDIT_AGE_MEAN": (200, NAN),
    "BUREAU_DAYS_TO_LAST_END": (200, NAN),
    "BUREAU_BALANCE_MONTH_COUNT": (6, 1),
    "BUREAU_BALANCE_LATE_MONTH_COUNT": (2, 0),
    "BUREAU_BALANCE_LATE_MONTH_SHARE": (2 / 4, NAN),  # X and C are not months of payment
    "BUREAU_BALANCE_LATE_MONTHS_LAST_YEAR": (1, 0),
    "BUREAU_BALANCE_LATE_OVER_30_DAYS_COUNT": (1, 0),
    "BUREAU_BALANCE_WORST_STATUS": (3, NAN),
    "BUREAU_BALANCE_MONTHS_SINCE_LATE": (1, NAN),
    "PREVIOUS_APPLICATION_COUNT": (5, 1),
    "PREVIOUS_APPROVED_COUNT": (3, 0),
    "PREVIOUS_REFUSED_COUNT": (1, 0),
    "PREVIOUS_REFUSED_SHARE": (1 / 4, NAN),
    "PREVIOUS_DAYS_SINCE_LAST_APPLICATION": (50, 30),
    "PREVIOUS_DAYS_SINCE_LAST_REFUSAL": (400, NAN),
    "PREVIOUS_GRANTED_TO_REQUESTED": (3600 / 4000, NAN),
    "PREVIOUS_TERM_MEAN": (18, NAN),  # the card's 0 is no term
    "PREVIOUS_DOWN_PAYMENT_SHARE_MEAN": (0.2, NAN),
    "PREVIOUS_OPEN_LOAN_COUNT": (1, 0),
    "PREVIOUS_DAYS_SINCE_LAST_DUE": (500, NAN),  # not 365243
    "POS_MONTH_COUNT": (5, 1),
    "POS_LATE_MONTH_SHARE": (2 / 5, 0),
    "POS_DAYS_PAST_DUE_MAX": (9, 0),
    "POS_DAYS_PAST_DUE_MAX_LAST_YEAR": (6, NAN),
    "POS_MONTHS_SINCE_LATE": (2, NAN),
    "POS_LOAN_COUNT": (2, 1),
    "POS_INSTALMENTS_LEFT": (9, 0),
    "CARD_MONTH_COUNT": (3, 1),
    "CARD_UTILISATION_MEAN": ((0.5 + 1.2) / 2, 0.25),
    "CARD_UTILISATION_MAX": (1.2, 0.25),
    "CARD_UTILISATION_LAST": (NAN, 0.25),  # the card is blocked: no limit
    "CARD_CASH_DRAWING_SHARE": (30 / 100, NAN),
    "CARD_DRAWING_COUNT_MEAN": (2, 0),
    "CARD_PAYMENT_TO_MINIMUM": (60 / 10, NAN),
    "CARD_LATE_MONTH_SHARE": (1 / 3, 0),
    "CARD_DAYS_PAST_DUE_MAX": (3, 0),
    "INSTALMENT_COUNT": (4, 1),
    "INSTALMENT_LATE_SHARE": (2 / 3, 0),
    "INSTALMENT_LATE_SHARE_LAST_YEAR": (1, 0),
    "INSTALMENT_DAYS_LATE_MEAN": ((0 + 10 + 3) / 3, 0),
    "INSTALMENT_DAYS_LATE_MAX": (10, 0),
    "INSTALMENT_DAYS_EARLY_MEAN": (5 / 3, 0),
    "INSTALMENT_UNDERPAID_SHARE": (2 / 4, 0),  # two parts of one instalment make it whole
    "INSTALMENT_PAID_TO_DUE": (290 / 400, 1),
    "INSTALMENT_DAYS_SINCE_LATE": (340, NAN),
}


def write_tables(folder, files=FILES):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def same_columns(left, right):
    return all(np.array_equal(left[name], right[name], equal_nan=True) for name in HISTORY)


def test_every_aggregate_of_the_contract_is_as_worked_out_by_hand(tmp_path):
    ids, columns = history_features(write_tables(tmp_path))
    assert ids == ["7", "8"]
    assert list(columns) == list(HISTORY) == list(EXPECTED)
    for name, expected in EXPECTED.items():
        np.testing.assert_allclose(columns[name], expected, rtol=1e-12, err_msg=name)


def test_every_source_in_the_contract_is_a_table_with_its_sql():
    assert {column.source for column in HISTORY.values()} == set(TABLES)
    folder = Path(history_features.__code__.co_filename).parent / "history"
    assert {path.stem for path in folder.glob("*.sql")} == set(TABLES)


def test_nothing_known_is_missing_and_never_zero(tmp_path):
    write_tables(tmp_path, {"POS_CASH_balance": POS, "credit_card_balance": CARD_HEADER + "\n"})
    ids, columns = history_features(tmp_path)
    assert ids == ["7", "8"]
    assert np.isnan(columns["CARD_MONTH_COUNT"]).all()
    assert np.isnan(columns["BUREAU_CREDIT_COUNT"]).all()
    assert not np.signbit(columns["POS_LATE_MONTH_SHARE"]).any()


def test_an_absent_table_is_a_warning_that_names_it(tmp_path, caplog):
    files = {name: text for name, text in FILES.items() if name != "bureau"}
    _, columns = history_features(write_tables(tmp_path, files))
    assert "no bureau in" in caplog.text
    assert "bureau_balance features stay empty" in caplog.text  # it finds applicants through bureau
    assert np.isnan(columns["BUREAU_BALANCE_MONTH_COUNT"]).all()
    assert columns["INSTALMENT_COUNT"].tolist() == [4, 1]


def test_a_folder_without_any_of_the_tables_gives_no_applicant(tmp_path):
    ids, columns = history_features(tmp_path)
    assert ids == []
    assert all(values.shape == (0,) for values in columns.values())


def test_packed_tables_give_the_same_bits_as_plain_ones(tmp_path):
    plain, packed = tmp_path / "plain [1]", tmp_path / "pack'd"
    plain.mkdir()
    packed.mkdir()
    write_tables(plain)
    for name, text in FILES.items():
        (packed / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    (packed / "bureau.csv.gz").unlink()
    with zipfile.ZipFile(packed / "bureau.zip", "w") as archive:
        archive.writestr("bureau.csv", BUREAU.replace("\n", "\r\n"))
    (ids, columns), (packed_ids, packed_columns) = map(history_features, (plain, packed))
    assert ids == packed_ids
    assert same_columns(columns, packed_columns)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace("-500", "yesterday"), "yesterday"),
        (lambda text: text + "9,9,Active\n", "Line: 6"),
        (lambda text: text.replace("AMT_CREDIT_SUM_DEBT", "DEBT"), "AMT_CREDIT_SUM_DEBT"),
        (lambda _: "", "is empty"),
    ],
)
def test_a_damaged_table_is_one_error_that_says_where(tmp_path, damage, words):
    (tmp_path / "bureau.csv").write_text(damage(BUREAU))
    with pytest.raises(DatasetError) as caught:
        history_features(tmp_path)
    assert "bureau" in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_archive_stops_the_aggregates(tmp_path):
    packed = gzip.compress(BUREAU.encode())
    (tmp_path / "bureau.csv.gz").write_bytes(packed[:-20])
    with pytest.raises(DatasetError, match=r"bureau\.csv\.gz is damaged"):
        history_features(tmp_path)


@pytest.mark.real_data
def test_real_aggregates_stay_inside_the_contract():
    folder = os.environ.get("HOME_CREDIT_DIR")
    if not folder or find_table(Path(folder), "bureau") is None:
        pytest.skip("needs HOME_CREDIT_DIR, a folder that holds bureau")
    _, columns = history_features(Path(folder))
    for name, values in columns.items():
        known = values[~np.isnan(values)]
        assert np.isfinite(known).all()
        assert (known >= HISTORY[name].minimum).all(), name
        assert (known <= HISTORY[name].maximum).all(), name
        assert HISTORY[name].type != "integer" or (known == np.rint(known)).all(), name
