"""The ways in which real files are broken, each at every place: no row is read as another one.

Source of the list: Vitagliano et al. 2023, "Pollock: A Data Loading Benchmark", VLDB 16(8).
"""

import csv
import io
import random

import pytest
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.errors import DatasetError
from credit_scoring.reading.numbers import plain_number

from tests.credit_scoring.reading.sender import (
    HEADER,
    ROW_COLUMNS,
    ROWS,
    assert_accounted,
    clean_records,
    read,
    records_of,
    write_table,
)

CLEAN = clean_records()
STYLES = {
    "comma": {},
    "semicolon, CRLF, decimal comma": {"delimiter": ";", "newline": "\r\n", "decimal": ","},
    "tab, all quoted": {"delimiter": "\t", "quoting": csv.QUOTE_ALL},
}
styles = pytest.mark.parametrize("style", STYLES)


def parts_of(style):
    """How the style writes header and rows: one text for each, newline included."""
    how = STYLES[style]
    header = write_table([], **how)
    rows = [write_table([row], **how).removeprefix(header) for row in ROWS]
    return header, rows


def fields_of(text, style):
    """The fields of a record as written, quotes included, and its newline."""
    delimiter, newline = STYLES[style].get("delimiter", ","), STYLES[style].get("newline", "\n")
    fields, open_quote = [""], False
    for character in text.removesuffix(newline):
        open_quote ^= character == '"'
        if character == delimiter and not open_quote:
            fields.append("")
        else:
            fields[-1] += character
    assert len(fields) == len(HEADER)
    return fields, delimiter, newline


def assert_nothing_else_is_read(content, *, least=0):
    """No accepted row differs from the clean row of its id."""
    try:
        reading = read(content, chunk_rows=2)
    except DatasetError:
        assert least == 0
        return None
    wrong = {i: r for i, r in reading.records.items() if r != CLEAN.get(i)}
    assert not wrong, content
    assert len(reading.records) >= least
    assert_accounted(reading)
    return reading


def every_field(style):
    header, rows = parts_of(style)
    for row, text in enumerate(rows):
        fields, delimiter, newline = fields_of(text, style)
        for column in range(len(fields)):

            def rebuilt(*changed, row=row):
                return "".join([header, *rows[:row], *changed, *rows[row + 1 :]]).encode()

            yield row, column, fields, delimiter, newline, rebuilt


@styles
def test_a_missing_delimiter_costs_its_row_alone(style):
    for row, column, fields, delimiter, newline, rebuilt in every_field(style):
        if column == 0:
            continue
        both = fields[column - 1] + fields[column]
        joined = [*fields[: column - 1], both, *fields[column + 1 :]]
        reading = assert_nothing_else_is_read(rebuilt(delimiter.join(joined) + newline), least=5)
        assert ROWS[row][0] not in reading.records


@styles
def test_a_doubled_delimiter_costs_its_row_alone(style):
    for row, column, fields, delimiter, newline, rebuilt in every_field(style):
        doubled = [*fields[:column], "", *fields[column:]]
        reading = assert_nothing_else_is_read(rebuilt(delimiter.join(doubled) + newline), least=5)
        assert ROWS[row][0] not in reading.records


@styles
@pytest.mark.parametrize("place", ["before", "behind", "inside", "missing first", "missing last"])
def test_a_stray_or_missing_quote_costs_its_row_alone(style, place):
    for row, column, fields, delimiter, newline, rebuilt in every_field(style):
        field = fields[column]
        half = len(field) // 2
        changed = {
            "before": f'"{field}',
            "behind": f'{field}"',
            "inside": f'{field[:half]}"{field[half:]}',
            "missing first": field.removeprefix('"'),
            "missing last": field.removesuffix('"'),
        }[place]
        if changed == field:
            continue
        some = [*fields[:column], changed, *fields[column + 1 :]]
        reading = assert_nothing_else_is_read(rebuilt(delimiter.join(some) + newline), least=4)
        # In a note a stray quote may mean another note; in any other field it is refused.
        assert HEADER[column] == "NOTE" or ROWS[row][0] not in reading.records


@styles
def test_all_quotes_of_a_field_missing_costs_its_row_alone(style):
    for _, column, fields, delimiter, newline, rebuilt in every_field(style):
        bare = [*fields[:column], fields[column].replace('"', ""), *fields[column + 1 :]]
        assert_nothing_else_is_read(rebuilt(delimiter.join(bare) + newline), least=5)


@styles
def test_stray_quotes_in_two_rows_never_merge_them(style):
    header, rows = parts_of(style)
    for first in range(len(rows) - 1):
        for upper in range(len(HEADER)):
            for lower in range(len(HEADER)):
                for second in (first + 1, first + 2):
                    if second >= len(rows):
                        continue
                    texts = list(rows)
                    fields, delimiter, newline = fields_of(texts[first], style)
                    fields[upper] = '"' + fields[upper]
                    texts[first] = delimiter.join(fields) + newline
                    fields, _, _ = fields_of(texts[second], style)
                    fields[lower] += '"'
                    texts[second] = delimiter.join(fields) + newline
                    assert_nothing_else_is_read("".join([header, *texts]).encode(), least=2)


@styles
def test_a_missing_newline_costs_its_two_rows(style):
    header, rows = parts_of(style)
    newline = STYLES[style].get("newline", "\n")
    for row in range(len(rows) - 1):
        texts = [*rows[:row], rows[row].removesuffix(newline), *rows[row + 1 :]]
        reading = assert_nothing_else_is_read("".join([header, *texts]).encode(), least=4)
        assert reading.records.keys().isdisjoint({ROWS[row][0], ROWS[row + 1][0]})


@styles
def test_a_newline_anywhere_in_a_row_costs_that_row_and_at_most_one_beside_it(style):
    header, rows = parts_of(style)
    newline = STYLES[style].get("newline", "\n")
    for row, text in enumerate(rows):
        for place in range(len(text)):
            torn = text[:place] + newline + text[place:]
            content = "".join([header, *rows[:row], torn, *rows[row + 1 :]]).encode()
            assert_nothing_else_is_read(content, least=4)


def test_a_torn_row_is_refused_with_the_line_of_its_rest():
    header, rows = parts_of("comma")
    upper, lower = rows[0][:-4] + "\n" + rows[0][-4:], rows[4][:1] + "\n" + rows[4][1:]
    for content in (header + upper + rows[2], header + rows[2] + "\n" + lower):
        reading = read(content.encode(), chunk_rows=1)
        assert sorted(cause for _, cause in reading.causes) == ["torn", "wrong_field_count"]
        (torn,) = [r for r in reading.refused if r.problems[0].cause == "torn"]
        (rest,) = [r for r in reading.refused if r.problems[0].cause != "torn"]
        assert torn.problems[0].allowed.endswith(f"see line {rest.line}")
        assert list(reading.records) == ["0100003"]


def test_a_footer_costs_no_row():
    content = write_table() + "(6 rows affected)\nTotal;6\n"
    reading = assert_nothing_else_is_read(content.encode(), least=6)
    assert len(reading.refused) == 2


@pytest.mark.parametrize("other", STYLES)
@styles
def test_another_dialect_from_some_line_on_costs_the_lines_from_there(style, other):
    header, rows = parts_of(style)
    _, changed = parts_of(other)
    for row in range(1, len(rows)):
        content = "".join([header, *rows[:row], *changed[row:]]).encode()
        assert_nothing_else_is_read(content, least=0 if "decimal" in other + style else row)


@pytest.mark.parametrize("change", [".,", ",.", "\"'", "\n\r", "\n|", "\n\x0b", ",;", ",\t", ",|"])
def test_another_mark_from_some_line_on_is_never_guessed(change):
    old, new = change
    for delimiter in (",", ";"):
        for decimal in (".", ","):
            content = write_table(delimiter=delimiter, decimal=decimal)
            starts = [n + 1 for n, c in enumerate(content) if c == "\n"]
            for start in starts:
                polluted = content[:start] + content[start:].replace(old, new)
                assert_nothing_else_is_read(polluted.encode())


def test_lines_before_the_header_are_refused_and_change_nothing():
    preamble = 'Export of 3 May\n\nsep=,\n"by", "A. Person"\n'
    reading = assert_nothing_else_is_read((preamble + write_table()).encode(), least=6)
    assert reading.causes == [(line, "preamble") for line in (1, 3, 4)]
    assert reading.scan.header_line == 5


def test_a_repeated_header_is_refused_and_reading_goes_on():
    header, rows = parts_of("comma")
    joined = [header, *rows[:2], header, *rows[2:4], "\ufeff" + header, *rows[4:]]
    reading = assert_nothing_else_is_read("".join(joined).encode(), least=6)
    assert [cause for _, cause in reading.causes] == ["repeated_header"] * 2


@pytest.mark.parametrize("header", [HEADER[::-1], HEADER[:-1], [*HEADER, "AMT_GOODS_PRICE"]])
@pytest.mark.parametrize("mark", ["", "\ufeff", " "])
def test_another_table_below_is_refused_to_the_end(header, mark):
    other = [[*row[::-1], "1"][: len(header)] for row in ROWS[::-1]]
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        below = mark + write_table(other, header, quoting=quoting)
        reading = assert_nothing_else_is_read((write_table() + "\n" + below).encode(), least=6)
        assert {cause for _, cause in reading.causes} == {"other_table"}
        assert list(reading.records) == [row[0] for row in ROWS]


def test_without_a_header_nothing_is_read():
    _, rows = parts_of("comma")
    with pytest.raises(DatasetError, match="no column SK_ID_CURR"):
        read("".join(rows).encode())


@styles
def test_a_header_damaged_at_any_place_never_moves_a_column(style):
    header, rows = parts_of(style)
    for place in range(len(header.rstrip())):
        for change in ("", "X", '"', "\n", ",", ";", header[place] * 2):
            damaged = header[:place] + change + header[place + 1 :]
            assert_nothing_else_is_read("".join([damaged, *rows]).encode())


@styles
def test_a_file_cut_short_at_any_byte_loses_the_rest_alone(style):
    content = "".join([parts_of(style)[0], *parts_of(style)[1]]).encode()
    for size in range(len(content)):
        try:
            reading = read(content[:size], chunk_rows=2)
        except DatasetError:
            continue
        assert_accounted(reading)
        for applicant_id, record in reading.records.items():
            if record != CLEAN.get(applicant_id):
                # Only the last line, of which the missing part cannot be told.
                assert applicant_id == reading.ids[-1]
                assert not content[:size].endswith((b"\n", b"\r"))


@pytest.mark.parametrize("seed", range(12))
@styles
def test_random_bytes_never_give_a_row_that_its_own_line_does_not_hold(style, seed):
    content = "".join([parts_of(style)[0], *parts_of(style)[1]]).encode()
    dice = random.Random(f"{style} {seed}")
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            damage(damaged, dice)
        try:
            reading = read(bytes(damaged), chunk_rows=dice.randint(1, 4))
        except DatasetError:
            continue
        assert_accounted(reading)
        for applicant_id, line in zip(reading.ids, reading.lines, strict=True):
            record = reading.records[applicant_id]
            assert record == CLEAN.get(applicant_id) or record == read_alone(reading, line)


def damage(content, dice):
    place = dice.randrange(len(content))
    what = dice.randrange(4)
    if what == 0:
        content[place] ^= 1 << dice.randrange(8)
    elif what == 1:
        content[place] = dice.choice(b'",;\t\n\r 05.-e\0\xe9')
    elif what == 2:
        content.insert(place, dice.choice(b'",;\t\n\r 05.-e\0\xe9'))
    else:
        del content[place]


def read_alone(reading, line):
    """What Python's own strict reader finds in the record that begins on a line."""
    dialect, header = reading.scan.dialect, reading.scan.header
    text = reading.text.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    lines = list(io.StringIO(text, newline=""))[line - 1 :]
    fields = next(csv.reader(lines, delimiter=dialect.delimiter, strict=True))
    assert len(fields) == len(header)
    numbers = {n for n in header if n in ROW_COLUMNS and not n.startswith("NAME")}
    fields = [
        plain_number(f, dialect.numbers) if n in numbers else f
        for n, f in zip(header, fields, strict=True)
    ]
    columns = {n: [f] for n, f in zip(header, fields, strict=True)}
    [record] = records_of(parse_text_columns(columns).applicants)
    return record
