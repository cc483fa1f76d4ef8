"""However a table is written, what was written is read, on the lines where it was written."""

import codecs
import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credit_scoring.reading.sender import (
    CONTAINERS,
    HEADER,
    ROWS,
    assert_accounted,
    clean_records,
    read,
    write_table,
)

ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8-sig": lambda text: codecs.BOM_UTF8 + text.encode(),
    "cp1252": lambda text: text.encode("cp1252", errors="replace"),
    "utf-16-le": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16-be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-32-le": lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le"),
    "utf-32-be": lambda text: codecs.BOM_UTF32_BE + text.encode("utf-32-be"),
    "utf-16-le without mark": lambda text: text.encode("utf-16-le"),
    "utf-16-be without mark": lambda text: text.encode("utf-16-be"),
}
DELIMITERS, NEWLINES = [",", ";", "\t"], ["\n", "\r\n", "\r"]
QUOTING = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_a_clean_table_is_read_whole_however_it_is_written(delimiter, newline, encoding, container):
    rows = [[*row[:3], row[3] + " Ségolène €", *row[4:]] for row in ROWS]
    for decimal in ".,":
        for quoting in QUOTING:
            text = write_table(
                rows, delimiter=delimiter, newline=newline, quoting=quoting, decimal=decimal
            )
            reading = read(CONTAINERS[container](ENCODINGS[encoding](text)))
            assert reading.refused == []
            assert reading.records == clean_records(rows)
            dialect = reading.scan.dialect
            assert (dialect.delimiter, dialect.newline) == (delimiter, newline)
            assert dialect.decimal == decimal
            assert dialect.encoding == encoding.split(" ")[0]
            assert_accounted(reading)


# What a note may hold, so that every character that means something in CSV is often there.
NOTES = st.lists(
    st.sampled_from(["a", '"', ",", ";", "\t", "\n", " ", "é", "=", "'"]), max_size=12
).map("".join)
SPACED = st.sampled_from(["", " ", "  "])


@settings(max_examples=150, deadline=None)
@given(
    notes=st.lists(NOTES, min_size=1, max_size=12),
    blank_lines=st.lists(st.integers(0, 12), max_size=3),
    space=SPACED,
    delimiter=st.sampled_from(DELIMITERS),
    newline=st.sampled_from(NEWLINES),
    quoting=st.sampled_from(QUOTING),
    last_newline=st.booleans(),
    encoding=st.sampled_from(list(ENCODINGS)),
    container=st.sampled_from(list(CONTAINERS)),
    chunk_rows=st.integers(1, 5),
    chunk_bytes=st.sampled_from([1, 60, 200, 1 << 20]),
)
def test_any_note_is_ignored_and_every_line_number_is_right(
    notes, blank_lines, space, delimiter, newline, quoting, last_newline, encoding, container,
    chunk_rows, chunk_bytes,
):  # fmt: skip
    rows = []
    for number, note in enumerate(notes):
        row = [f"{space}{number:05}", *ROWS[number % len(ROWS)][1:]]
        rows.append([*row[:3], note, *row[4:]])
    records = [
        write_table([row], delimiter=delimiter, newline=newline, quoting=quoting) for row in rows
    ]
    head, _, _ = records[0].partition(newline)
    lines, line, text = [], 2, head + newline
    for number, record in enumerate(records):
        for _ in range(blank_lines.count(number)):
            text, line = text + newline, line + 1
        body = record.partition(newline)[2]
        lines.append(line)
        line += len(body.split(newline)) - 1
        text += body
    text = text if last_newline else text.removesuffix(newline)
    content = CONTAINERS[container](ENCODINGS[encoding](text))
    reading = read(content, chunk_rows=chunk_rows, chunk_bytes=chunk_bytes)
    doubtful = {refused.line for refused in reading.refused}
    assert reading.lines == [line for line in lines if line not in doubtful]
    expected = clean_records([[*row[:3], "x", *row[4:]] for row in rows])
    assert reading.records.items() <= expected.items()
    # Only a note that might be two torn rows may cost its row.
    most = len(HEADER) - 1
    harmless = [n for n in notes if not ("\n" in n and n.count(delimiter) >= most)]
    assert len(reading.records) >= len(harmless)
    assert_accounted(reading)


@settings(max_examples=60, deadline=None)
@given(
    body=st.lists(
        st.sampled_from([*'",\n\r ;_ab01', "SK_ID_CURR", "AMT_CREDIT", "100001,", "é"]), max_size=80
    ).map("".join),
    sizes=st.tuples(st.integers(1, 4), st.sampled_from([1, 7, 50, 1000])),
)
def test_chunks_change_nothing_whatever_the_file(body, sizes):
    content = (write_table() + body + "\n" + write_table(ROWS[:1], HEADER)).encode()
    whole, parts = read(content), read(content, chunk_rows=sizes[0], chunk_bytes=sizes[1])
    assert parts.records == whole.records
    assert parts.lines == whole.lines
    assert parts.refused == whole.refused
    assert max(chunk.records for chunk in parts.scan.chunks) <= sizes[0]
    assert_accounted(whole)
