"""Which line is the header, and when its names are not trusted."""

import pytest
from credit_scoring.errors import DatasetError

from tests.credit_scoring.reading.sender import (
    HEADER,
    ROWS,
    clean_records,
    read,
    write_table,
)


def with_header(*names, **changed):
    header = [changed.get(name, name) for name in HEADER]
    return write_table([[*row, *["x"] * len(names)] for row in ROWS], [*header, *names]).encode()


def refusal(content):
    with pytest.raises(DatasetError) as caught:
        read(content)
    return str(caught.value)


def test_columns_in_any_order_and_case_are_found():
    names = [f" {name.lower()} " if n % 2 else name for n, name in enumerate(HEADER)]
    rows = [row[::-1] for row in ROWS]
    reading = read(write_table(rows, names[::-1]).encode())
    assert reading.records == clean_records()
    assert reading.scan.header == tuple(n if n != "NOTE" else "note" for n in HEADER[::-1])


def test_what_the_contract_does_not_know_is_ignored_and_named():
    reading = read(with_header("SHOE_SIZE", "", "TARGET"))
    assert reading.records == clean_records()
    assert reading.scan.ignored_columns == ("NOTE", "SHOE_SIZE")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (with_header("AMT_CREDIT"), "AMT_CREDIT twice"),
        (with_header("amt_credit"), "AMT_CREDIT twice"),
        (with_header("SHOE", "SHOE"), "SHOE twice"),
        (with_header(AMT_ANNUITY="AMT_ANUITY"), "did you mean AMT_ANNUITY"),
        (with_header("CNT_CHILDERN"), "did you mean CNT_CHILDREN"),
        (with_header(DAYS_BIRTH="BIRTHDAY"), "lacks DAYS_BIRTH"),
        (with_header(SK_ID_CURR="ID"), "no column SK_ID_CURR"),
        (write_table().replace("AMT_CREDIT", 'AMT_"CREDIT').encode(), "stray quotation mark"),
        (write_table().replace("AMT_CREDIT", '"AMT_CREDIT').encode(), "stray quotation mark"),
        (("x\n" * 50 + write_table()).encode(), "no column SK_ID_CURR"),
        (with_header(*map(str, range(2000))), "2009 columns"),
        (with_header(AMT_CREDIT="AMT_CR\nEDIT"), "stray quotation mark"),
    ],
)
def test_a_header_that_cannot_be_trusted_is_refused_by_name(content, said):
    assert said in refusal(content)


def test_a_name_never_breaks_the_sentence():
    said = refusal(with_header("A\x07" + "b" * 500, "A\x07" + "b" * 500))
    assert said.isprintable()
    assert len(said) < 200


def test_the_header_may_stand_on_the_fiftieth_line():
    reading = read(("x;\n" * 49 + write_table()).encode())
    assert reading.scan.header_line == 50
    assert reading.records == clean_records()
    assert len(reading.refused) == 49


def test_missing_optional_columns_are_no_fault():
    kept = ["SK_ID_CURR", "AMT_INCOME_TOTAL", "AMT_CREDIT", "DAYS_BIRTH"]
    rows = [[row[HEADER.index(name)] for name in kept] for row in ROWS]
    assert len(read(write_table(rows, kept).encode()).records) == len(ROWS)
