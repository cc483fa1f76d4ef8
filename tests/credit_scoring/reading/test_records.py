"""Rules of quoting, counting and numbers, one line at a time."""

import pytest
from credit_scoring.errors import DatasetError
from credit_scoring.reading import duplicates

from tests.credit_scoring.reading.sender import (
    ROWS,
    assert_accounted,
    clean_records,
    read,
    write_table,
)

GOOD = write_table(ROWS[:1])
NAMES = "SK_ID_CURR,AMT_INCOME_TOTAL,NOTE,AMT_CREDIT,DAYS_BIRTH"


def causes(*lines, names=NAMES, newline="\n"):
    """Of some lines between two good ones, by line."""
    text = newline.join([names, "1,2000,n,3000,-9000", *lines, "2,2000,n,3000,-9000"])
    reading = read(text.encode("utf-8", "surrogateescape"), chunk_rows=2)
    assert_accounted(reading)
    assert {"1", "2"} <= set(reading.ids) or reading.scan.table_ends_at
    return reading.causes


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('3,2000,"a ""b"" c",3000,-9000', []),
        ('"3","2000","","3000","-9000"', []),
        ('3,2000,"a,b",3000,-9000', []),
        ("3,2000,'a,3000,-9000", []),
        ("   ", []),
        ("", []),
        ('3,2000,a"b,3000,-9000', [(3, "bad_quotes")]),
        ('3,2000,"a"b,3000,-9000', [(3, "bad_quotes")]),
        ('3,2000, "a",3000,-9000', [(3, "bad_quotes")]),
        ('3,2000,"a" ,3000,-9000', [(3, "bad_quotes")]),
        ('3,2000,"a,3000,-9000', [(3, "bad_quotes")]),
        ('"', [(3, "bad_quotes")]),
        ("3,2000,a,3000", [(3, "wrong_field_count")]),
        ("3,2000,a,3000,-9000,", [(3, "wrong_field_count")]),
        (",,,,", []),
        (" ,, , ,", []),
        ('"",,,,', [(3, "missing")]),
        (NAMES, [(3, "repeated_header")]),
        ("3,2000,{},3000,-9000".format("x" * 65_000), []),
        ("3,2000,{},3000,-9000".format("x" * 65_536), [(3, "too_long")]),
        ("1,2000,again,3000,-9000", [(3, "duplicate_id")]),
        (" 1 ,2000,again,3000,-9000", [(3, "duplicate_id")]),
        ("01,2000,another,3000,-9000", []),
        ("3,2_000,n,3000,-9000", [(3, "wrong_type")]),
        ("3,٢٠٠٠,n,3000,-9000", [(3, "wrong_type")]),
        ("3,0x10,n,3000,-9000", [(3, "wrong_type")]),
        ("3,2000,SK_ID_CURR,3000,-9000", []),
        ("SK_ID_CURR,2000,n,3000,-9000", [(3, "other_table"), (4, "other_table")]),
    ],
)
def test_a_line_is_read_or_refused_by_the_rules(line, expected, newline):
    assert causes(line, newline=newline) == expected


def test_a_note_over_several_lines_is_one_record():
    assert causes('3,2000,"a\n\n,b""\n",3000,-9000', "4,,n,3000,-9000") == [(7, "missing")]


def test_a_note_that_holds_as_many_delimiters_as_a_row_is_no_note():
    found = causes('3,2000,"a\n1,2,3,4,5",3000,-9000')
    assert found == [(3, "bad_quotes"), (4, "bad_quotes")]


def test_a_quote_that_never_ends_costs_its_line_alone():
    lines = ['3,2000,"open,3000,-9000', *(f"1{n},2000,n,3000,-9000" for n in range(3000))]
    assert causes(*lines) == [(3, "bad_quotes")]


@pytest.mark.parametrize(
    ("note", "fits"),
    [
        ("a" + "\n" * 99, True),
        ("a" + "\n" * 100, False),
        ("x\n" + "a" * 8100, True),
        ("x\n" + "a" * 8200, False),
    ],
)
def test_a_note_over_lines_is_bounded(note, fits):
    found = {cause for _, cause in causes(f'3,2000,"{note}",3000,-9000')}
    assert ("bad_quotes" not in found) == fits
    assert found <= {"bad_quotes", "wrong_field_count"}


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1])
def test_a_line_longer_than_a_mebibyte_is_no_table(size):
    content = (GOOD + "x" * size + "\n" + GOOD.partition("\n")[2]).encode()
    if size == 1 << 20:
        assert read(content).causes[0] == (3, "too_long")
    else:
        with pytest.raises(DatasetError, match="line 3"):
            read(content)


def test_long_originals_are_kept_to_their_bound():
    (refused,) = read((GOOD + "x" * 300_000).encode()).refused
    assert len(refused.original) == 1 << 16


def test_a_decimal_comma_is_believed_only_if_no_number_has_a_point():
    mixed = write_table(ROWS[:3], decimal=",") + write_table(ROWS[3:]).partition("\n")[2]
    assert set(read(mixed.encode()).records) == {row[0] for row in ROWS[3:]}


def test_a_point_among_decimal_commas_is_refused_as_it_was_written():
    many = [[f"B{n}", *ROWS[0][1:]] for n in range(1000)]
    table = write_table(many, delimiter=";", decimal=",") + "C;;1.5;;3000,5;;-9000;;\n"
    (refused,) = read(table.encode()).refused
    assert refused.problems[0].value == "1.5"
    assert refused.problems[0].cause == "wrong_type"


def test_thousands_are_not_taken_for_decimals():
    rows = ['7;"1,000";n;"250,000";-9000', "8;1,000;n;250,000;-9000"]
    found = read("\n".join([NAMES.replace(",", ";"), *rows]).encode())
    amounts = [(r["AMT_INCOME_TOTAL"], r["AMT_CREDIT"]) for r in found.records.values()]
    assert amounts == [(1_000, 250_000)] * 2


def test_duplicates_are_found_across_the_whole_file_though_kept_on_disk(monkeypatch):
    monkeypatch.setattr(duplicates, "_WAITING", 7)
    rows = [[f"B{n % 40}", *ROWS[0][1:]] for n in range(100)]
    reading = read(write_table(rows).encode(), chunk_rows=3)
    assert reading.ids == [f"B{n}" for n in range(40)]
    assert reading.causes == [(line, "duplicate_id") for line in range(42, 102)]
    firsts = [refused.problems[0].allowed for refused in reading.refused]
    assert firsts == [f"one row; see line {n % 40 + 2}" for n in range(40, 100)]


def test_the_first_of_two_counts_even_if_it_is_refused():
    rows = [[ROWS[0][0], "Pirate", *ROWS[0][2:]], ROWS[0]]
    reading = read(write_table(rows).encode())
    assert reading.causes == [(2, "unknown_category"), (3, "duplicate_id")]


def test_blank_lines_between_chunks_belong_to_none():
    header, *rows = write_table().splitlines(keepends=True)
    content = (header + "\n" * 5000 + ("\n" * 5000).join(rows)).encode()
    reading = read(content, chunk_bytes=1000)
    assert reading.records.keys() <= clean_records().keys()
    assert max(chunk.end - chunk.start for chunk in reading.scan.chunks) <= 1000
