"""What comes back: in the sender's dialect, safe in a spreadsheet, and accepted once repaired."""

import csv
import io
import re

import pytest
from credit_scoring.reading.formulas import as_sent, harmless
from credit_scoring.reading.rejects import REJECT_COLUMNS, reject_line, rejects_header
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credit_scoring.reading.sender import (
    CONTAINERS,
    HEADER,
    ROWS,
    clean_records,
    read,
    write_table,
)
from tests.credit_scoring.reading.test_round_trip import ENCODINGS

BATCH = "applicants.csv/v=1"


def rejects_of(reading, *, batch=BATCH, language="en"):
    lines = [
        reject_line(reading.scan, refused, batch=batch, language=language)
        for refused in reading.refused
    ]
    return b"".join([rejects_header(reading.scan), *lines])


def as_table(content, encoding, delimiter):
    text = content.decode("utf-8-sig" if encoding == "utf-8-sig" else encoding)
    text = text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def broken():
    """The clean rows, each with a value that is refused."""
    return [[*row[:2], "much", *row[3:]] for row in ROWS]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_refused_lines_come_back_in_the_dialect_of_the_sender(
    delimiter, newline, encoding, container
):
    rows = [[*row[:3], row[3] + " é", *row[4:]] for row in broken()]
    text = write_table(rows, delimiter=delimiter, newline=newline)
    reading = read(CONTAINERS[container](ENCODINGS[encoding](text)))
    encoding = reading.scan.dialect.encoding
    content = rejects_of(reading, language="fr")
    table = as_table(content, encoding, delimiter)
    assert [tuple(row.values())[len(REJECT_COLUMNS) :] for row in table] == [
        tuple(value.replace("\n", newline) for value in row) for row in rows
    ]
    assert {row["reject_of"] for row in table} == {BATCH}
    assert table[0]["reject_message"].startswith("AMT_INCOME_TOTAL : n'est pas du bon type")
    assert [int(row["reject_line"]) for row in table] == [r.line for r in reading.refused]
    assert content.endswith(newline.encode(encoding.removesuffix("-sig")))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_repaired_lines_are_read_and_name_what_they_repair(delimiter, encoding):
    text = write_table(broken(), delimiter=delimiter, newline="\r\n")
    first = read(ENCODINGS[encoding](text))
    assert first.records == {}
    rejects = rejects_of(first)
    encoding = first.scan.dialect.encoding.removesuffix("-sig")
    lines = rejects.decode(encoding).split("much")
    assert len(lines) == 1 + 3 * len(ROWS)  # value, message and the field itself
    values = [row[2] for row in ROWS]
    repaired = "".join(
        part + ("" if n == len(lines) - 1 else "much" if n % 3 != 2 else values[n // 3])
        for n, part in enumerate(lines)
    )
    again = read(repaired.encode(encoding), chunk_rows=2)
    assert again.scan.is_resend
    assert again.records == clean_records()
    assert again.resolves == [(BATCH, refused.line) for refused in first.refused]
    assert again.scan.ignored_columns == ("NOTE",)


def test_lines_that_are_still_wrong_come_back_of_the_new_batch():
    first = read(write_table(broken()).encode())
    again = read(rejects_of(first))
    assert again.records == {}
    third = rejects_of(again, batch="rejects.csv/v2")
    table = as_table(third, "utf-8", ",")
    assert {row["reject_of"] for row in table} == {"rejects.csv/v2"}
    assert [tuple(row.values())[len(REJECT_COLUMNS) :] for row in table] == [
        tuple(row) for row in broken()
    ]
    assert [int(row["reject_line"]) for row in table] == again_lines(again)


def test_a_repeated_header_that_comes_back_costs_no_line_below_it():
    first = read((write_table(broken()[:2]) + write_table(broken()[2:])).encode())
    again = read(rejects_of(first).replace(b"much", b"5000"))
    assert again.ids == [row[0] for row in ROWS]
    assert [cause for _, cause in again.causes] == ["repeated_header"]
    both = read(rejects_of(first) + rejects_of(first))  # two of ours, end to end
    assert "other_table" not in {cause for _, cause in both.causes}


def again_lines(reading):
    return [refused.line for refused in reading.refused]


def test_damaged_columns_of_ours_do_not_cost_the_row():
    first = read(write_table(broken()[:2]).encode())
    text = rejects_of(first).decode().replace(BATCH, "").replace("much", "5000")
    again = read(text.encode())
    assert len(again.ids) == 2
    assert again.resolves == [("", 0)] * 2


FORMULAS = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "=1;2,3", '=A"B"', "＝1"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_formula_comes_back_as_text_and_is_understood_again(formula, delimiter):
    rows = [[row[0], formula, row[2], formula, *row[4:]] for row in ROWS]
    reading = read(write_table(rows, delimiter=delimiter).encode())
    content = rejects_of(reading)
    for row in as_table(content, "utf-8", delimiter):
        assert row["reject_value"] == row["NAME_TYPE_SUITE"] == row["NOTE"] == "'" + formula
    again = read(content)
    assert [r.problems[0].value for r in again.refused] == [formula] * len(ROWS)
    assert rejects_of(again).count(b"''") == 0


def test_an_id_that_looks_like_a_formula_is_the_same_when_it_is_sent_again():
    rows = [["-a-1", "Pirate", *ROWS[0][2:]], ["-a-1", *ROWS[0][1:]]]
    reading = read(write_table(rows).encode())
    content = rejects_of(reading)
    assert content.count(b",'-a-1,") == 3
    again = read(content.replace(b",Pirate,9", b",Family,9"))
    assert again.ids == ["-a-1"]
    assert again.causes == [(3, "duplicate_id")]


def test_negative_numbers_and_decimal_commas_come_back_as_they_were():
    for decimal in ".,":
        rows = [[row[0], "Pirate", "-1.5", *row[3:]] for row in ROWS]
        reading = read(write_table(rows, delimiter=";", decimal=decimal).encode())
        content = rejects_of(reading)
        for row in as_table(content, "utf-8", ";"):
            assert row["AMT_INCOME_TOTAL"] == f"-1{decimal}5"
            assert row["DAYS_BIRTH"].startswith("-")


def test_a_record_with_wrong_quotes_stands_in_one_cell_and_swallows_nothing():
    lines = ['100,"a,b', '=101,"', "x,y"]
    content = (write_table(ROWS[:1]) + "\n".join(lines) + "\n").encode()
    reading = read(content)
    table = list(csv.reader(io.StringIO(rejects_of(reading).decode(), newline=""), strict=True))
    assert [row[len(REJECT_COLUMNS) :] for row in table[1:]] == [
        [lines[0]],
        ["'" + lines[1]],
        ["x", "y"],
    ]


def test_the_names_of_our_columns_come_first():
    reading = read(write_table(broken()).encode())
    names = rejects_of(reading).decode().splitlines()[0].split(",")
    assert names == [*REJECT_COLUMNS, *HEADER]


def test_a_message_tells_a_few_problems_and_counts_the_rest():
    row = [ROWS[0][0], *["="] * (len(HEADER) - 1)]
    for language, more in (("en", "and 2 more"), ("fr", "et 2 de plus")):
        (line,) = as_table(
            rejects_of(read(write_table([row]).encode()), language=language), "utf-8", ","
        )
        assert line["reject_message"].endswith(more)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=5) | st.text("=-@1,;|\t' x", max_size=6), st.sampled_from([".", ","]))
def test_what_was_made_harmless_can_be_told_from_what_was_sent(text, decimal):
    safe = harmless(text, decimal)
    assert safe.replace("'", "") == text.replace("'", "")
    assert not safe.startswith(("=", "@", "\t", "\r"))
    # Whatever a spreadsheet takes for the mark between cells.
    assert not re.search(r"[,;|\t][=@\t\r\n]", safe)
    if safe != text and "'" not in text:
        assert as_sent(safe) == text
