"""The aggregates of past credits, against values worked out by hand."""

import gzip
import math
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.contract.columns import HISTORY
from credit_scoring.errors import DatasetError

from tests.training.histories import BUREAU, CARD, FILES, POS, write_tables
from training.data.history import TABLES
from training.data.load import find_table, history_features

NAN = math.nan

# name -> value of applicant 7 and of applicant 8, worked out by hand from histories.py; every other
# name is held against an independent way of computing it in test_history_exact.py
EXPECTED = {
    "BUREAU_CREDIT_COUNT": (3, 1),
    "BUREAU_ACTIVE_CREDIT_COUNT": (2, 0),
    "BUREAU_CLOSED_CREDIT_COUNT": (1, 1),
    "BUREAU_CREDIT_TYPE_COUNT": (2, 1),
    "BUREAU_MICROLOAN_COUNT": (0, 1),
    "BUREAU_CREDITS_LAST_3_MONTHS": (0, 1),
    "BUREAU_CREDITS_LAST_6_MONTHS": (1, 1),
    "BUREAU_CREDITS_LAST_YEAR": (2, 1),
    "BUREAU_DAYS_SINCE_LAST_CREDIT": (100, 40),
    "BUREAU_CREDIT_AGE_MEAN": (1200 / 3, 40),
    "BUREAU_ACTIVE_CREDIT_AGE_MEAN": (200, NAN),
    "BUREAU_DAYS_BETWEEN_CREDITS_MEAN": (700 / 2, NAN),
    "BUREAU_DAYS_TO_LAST_END": (200, NAN),
    "BUREAU_ACTIVE_PAST_END_COUNT": (1, 0),
    "BUREAU_DAYS_CLOSED_EARLY_MEAN": (50, NAN),  # consumer credits only
    "BUREAU_LAST_CREDIT_AMOUNT": (1000, 100),
    "BUREAU_CREDIT_AMOUNT_TREND": ((4000 / 2) / (4900 / 3), 1),
    "BUREAU_ACTIVE_DEBT_TOTAL": (400, NAN),
    "BUREAU_ACTIVE_DEBT_TO_CREDIT": (400 / 1000, NAN),  # credit 2: nobody knows its debt
    "BUREAU_DEBT_TO_CREDIT": (400 / 1900, NAN),
    "BUREAU_CARD_UTILISATION": (400 / (400 + 600), NAN),
    "BUREAU_DEBT_TO_ANNUITY": (400 / 50, NAN),
    "BUREAU_OVERDUE_CREDIT_COUNT": (1, 0),
    "BUREAU_OVERDUE_TOTAL": (25, 0),
    "BUREAU_WORST_OVERDUE": (50.5, NAN),
    "BUREAU_WORST_OVERDUE_TO_CREDIT": (60.5 / 1900, NAN),
    "BUREAU_BALANCE_MONTH_COUNT": (6, 1),
    "BUREAU_BALANCE_CLOSED_CREDIT_SHARE": (1 / 2, 1),
    "BUREAU_BALANCE_LATE_MONTH_COUNT": (2, 0),
    "BUREAU_BALANCE_LATE_MONTH_SHARE": (2 / 4, NAN),  # X and C are not months of payment
    "BUREAU_BALANCE_LATE_MONTH_SHARE_TREND": (1 / 3 - 2 / 4, NAN),
    "BUREAU_BALANCE_LATE_MONTHS_LAST_3_MONTHS": (1, 0),
    "BUREAU_BALANCE_LATE_MONTHS_LAST_YEAR": (1, 0),
    "BUREAU_BALANCE_LATE_OVER_30_DAYS_COUNT": (1, 0),
    "BUREAU_BALANCE_WORST_STATUS": (3, NAN),
    "BUREAU_BALANCE_WORST_STATUS_LAST_YEAR": (1, NAN),
    "BUREAU_BALANCE_MONTHS_SINCE_LATE": (1, NAN),
    "PREVIOUS_APPLICATION_COUNT": (5, 1),
    "PREVIOUS_APPROVED_COUNT": (3, 0),
    "PREVIOUS_REFUSED_COUNT": (1, 0),
    "PREVIOUS_REFUSED_SHARE": (1 / 4, NAN),
    "PREVIOUS_REFUSED_SHARE_TREND": (0 - 1 / 4, NAN),
    "PREVIOUS_REFUSED_FOR_SCORE_COUNT": (1, 0),
    "PREVIOUS_LAST_DECISION_REFUSED": (0, NAN),  # what the applicant cancelled is no decision
    "PREVIOUS_DAYS_SINCE_LAST_APPLICATION": (50, 30),
    "PREVIOUS_DAYS_SINCE_LAST_REFUSAL": (400, NAN),
    "PREVIOUS_LAST_REQUESTED": (3000, 100),  # the latest application that names an amount
    "PREVIOUS_GRANTED_TO_REQUESTED": (3600 / 4000, NAN),
    "PREVIOUS_REFUSED_TO_GRANTED_AMOUNT": (5000 / (3600 / 3), NAN),
    "PREVIOUS_TERM_MEAN": (18, NAN),  # the card's 0 is no term
    "PREVIOUS_DOWN_PAYMENT_SHARE_MEAN": (0.2, NAN),
    "PREVIOUS_INTEREST_RATE": (24 * (220 + 620) / (1100 * 13 + 2500 * 25), NAN),
    "PREVIOUS_LAST_INTEREST_RATE": (24 * 620 / (2500 * 25), NAN),
    "PREVIOUS_OPEN_LOAN_COUNT": (1, 0),
    "PREVIOUS_DAYS_TO_AGREED_END": (520, NAN),
    "PREVIOUS_DAYS_SINCE_LAST_DUE": (500, NAN),  # not 365243
    "PREVIOUS_DAYS_ENDED_EARLY_MEAN": (20, NAN),
    "POS_MONTH_COUNT": (5, 1),
    "POS_LOAN_COUNT": (2, 1),
    "POS_COMPLETED_LOAN_COUNT": (1, 0),
    "POS_ENDED_EARLY_SHARE": (1, NAN),  # six payments agreed, then three
    "POS_INSTALMENTS_LEFT": (9, 0),
    "POS_INSTALMENTS_LEFT_SHARE": (9 / 12, NAN),
    "POS_LATE_MONTH_SHARE": (2 / 5, 0),
    "POS_LATE_MONTH_SHARE_TREND": (1 / 3 - 2 / 5, NAN),
    "POS_LATE_BY_ANY_SUM_SHARE": (3 / 5, 0),
    "POS_DAYS_PAST_DUE_MAX": (9, 0),
    "POS_DAYS_PAST_DUE_MAX_LAST_YEAR": (6, NAN),
    "POS_LAST_LOAN_DAYS_PAST_DUE_MAX": (6, 0),
    "POS_MONTHS_SINCE_LATE": (2, NAN),
    "CARD_MONTH_COUNT": (4, 1),
    "CARD_BALANCE_SLOPE_LAST_YEAR": (100 / 14, NAN),  # one month has no slope
    "CARD_UTILISATION_MEAN": ((0.2 + 0.5 + 1.2) / 3, 0.25),
    "CARD_UTILISATION_MAX": (1.2, 0.25),
    "CARD_UTILISATION_LAST": (NAN, 0.25),  # the card is blocked: no limit
    "CARD_UTILISATION_TREND": (170 / 200 - 190 / 300, 0),
    "CARD_OVER_LIMIT_SHARE": (1 / 3, 0),
    "CARD_CASH_DRAWING_SHARE": (30 / 100, NAN),
    "CARD_DRAWING_COUNT_MEAN": (6 / 4, 0),
    "CARD_DRAWING_TREND": (100 / 3 - 100 / 4, 0),
    "CARD_PAYMENT_TO_MINIMUM": (60 / 10, NAN),
    "CARD_BELOW_MINIMUM_SHARE": (1 / 2, NAN),
    "CARD_LATE_MONTH_SHARE": (1 / 4, 0),
    "CARD_DAYS_PAST_DUE_MAX": (3, 0),
    "INSTALMENT_COUNT": (5, 1),
    "INSTALMENT_LATE_SHARE": (2 / 4, 0),
    "INSTALMENT_LATE_SHARE_LAST_YEAR": (1 / 2, 0),
    "INSTALMENT_LATE_SHARE_LAST_6_MONTHS": (NAN, 0),
    "INSTALMENT_LOAN_LATE_SHARE": (2 / 3, 0),
    "INSTALMENT_CARD_LATE_SHARE": (0, NAN),
    "INSTALMENT_LATE_AMOUNT_SHARE": (200 / 350, 0),
    "INSTALMENT_DAYS_LATE_MEAN": ((0 + 10 + 3 + 0) / 4, 0),
    "INSTALMENT_DAYS_LATE_MAX": (10, 0),
    "INSTALMENT_DELAY_MEAN": ((-5 + 10 + 3 - 5) / 4, 0),
    "INSTALMENT_DELAY_SLOPE_LAST_2_YEARS": (365 * -737.5 / 23475, NAN),
    "INSTALMENT_DAYS_EARLY_MEAN": (10 / 4, 0),
    "INSTALMENT_UNDERPAID_SHARE": (2 / 5, 0),  # two parts of one instalment make it whole
    "INSTALMENT_SHORTFALL_TOTAL": (110, 0),
    "INSTALMENT_PAID_TO_DUE": (340 / 450, 1),
    "INSTALMENT_IN_PARTS_SHARE": (1 / 4, 0),
    "INSTALMENT_DAYS_SINCE_LATE": (340, NAN),
    "INSTALMENT_RESCHEDULED_LOAN_COUNT": (1, 0),
    "INSTALMENT_LAST_LOAN_DELAY_MAX": (-5, 0),
}


def same_columns(left, right):
    return all(np.array_equal(left[name], right[name], equal_nan=True) for name in HISTORY)


def test_the_aggregates_are_as_worked_out_by_hand(tmp_path):
    ids, columns = history_features(write_tables(tmp_path))
    assert ids == ["7", "8"]
    assert list(columns) == list(HISTORY)
    for name, expected in EXPECTED.items():
        np.testing.assert_allclose(columns[name], expected, rtol=1e-12, err_msg=name)


def test_every_source_in_the_contract_is_a_table_with_its_sql():
    assert {column.source for column in HISTORY.values()} == set(TABLES)
    folder = Path(history_features.__code__.co_filename).parent / "history"
    assert {path.stem for path in folder.glob("*.sql")} == set(TABLES)


def test_every_label_of_the_history_is_said_once():
    for language in ("fr", "en"):
        labels = [column.label[language] for column in HISTORY.values()]
        assert len(set(labels)) == len(labels)


def test_every_bound_of_the_history_is_finite():
    for name, column in HISTORY.items():
        assert math.isfinite(column.minimum), name
        assert math.isfinite(column.maximum), name


def test_nothing_known_is_missing_and_never_zero(tmp_path):
    write_tables(tmp_path, {"POS_CASH_balance": POS, "credit_card_balance": CARD.split("\n")[0]})
    ids, columns = history_features(tmp_path)
    assert ids == ["7", "8"]
    assert np.isnan(columns["CARD_MONTH_COUNT"]).all()
    assert np.isnan(columns["BUREAU_CREDIT_COUNT"]).all()
    assert not np.signbit(columns["POS_LATE_MONTH_SHARE"]).any()


def test_what_other_programs_write_for_missing_is_missing(tmp_path):
    plain, spelt = tmp_path / "plain", tmp_path / "spelt"
    plain.mkdir()
    spelt.mkdir()
    write_tables(plain, {"bureau": BUREAU})
    write_tables(spelt, {"bureau": BUREAU.replace(",,", ",NaN,").replace(",,", ",nan,")})
    assert same_columns(history_features(plain)[1], history_features(spelt)[1])


def test_of_two_rows_of_one_month_the_one_with_fewer_payments_left_is_the_later(tmp_path):
    header = POS.split("\n")[0]
    rows = [f"1,7,-1,6,{left},{status},0,0" for left, status in ((1, "Active"), (0, "Completed"))]
    for order in (rows, rows[::-1]):
        write_tables(tmp_path, {"POS_CASH_balance": "\n".join([header, *order, ""])})
        _, columns = history_features(tmp_path)
        assert columns["POS_COMPLETED_LOAN_COUNT"].tolist() == [1]


def test_a_ratio_beyond_a_thousand_says_a_thousand(tmp_path):
    tiny = BUREAU.replace(",1000,400,", ",0.0001,400,")
    _, columns = history_features(write_tables(tmp_path, {"bureau": tiny}))
    assert columns["BUREAU_ACTIVE_DEBT_TO_CREDIT"][0] == 1000


def test_an_absent_table_is_a_warning_that_names_it(tmp_path, caplog):
    files = {name: text for name, text in FILES.items() if name != "bureau"}
    _, columns = history_features(write_tables(tmp_path, files))
    assert "no bureau in" in caplog.text
    assert "bureau_balance features stay empty" in caplog.text  # it finds applicants through bureau
    assert np.isnan(columns["BUREAU_BALANCE_MONTH_COUNT"]).all()
    assert columns["INSTALMENT_COUNT"].tolist() == [5, 1]


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
        (lambda text: text.replace("-800", "yesterday"), "yesterday"),
        (lambda text: text.replace(",3000,", ",three thousand,"), "three thousand"),
        (lambda text: text + "9,9,Active\n", "Line: 6"),
        (lambda text: text.replace("AMT_CREDIT_SUM_DEBT", "DEBT"), "AMT_CREDIT_SUM_DEBT"),
        (lambda text: text.replace("DAYS_CREDIT_UPDATE", "UPDATED"), "DAYS_CREDIT_UPDATE"),
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
