"""The kernel cuts and reads as Python does, whatever the bytes."""

import random
import struct
import subprocess
import sys

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.contract.columns import INPUTS
from credit_scoring.errors import DatasetError
from credit_scoring.reading.cutting.records import SpannedRecords, cut_records
from credit_scoring.reading.number_evidence import NumberEvidence
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.credit_scoring.reading.sender import HEADER, ROWS, read, write_table
from tests.credit_scoring.trees.ways import needs_kernel, numpy_alone
from tests.repository import ROOT

pytestmark = needs_kernel

# What means something in CSV, often; any byte, sometimes.
BYTES = st.lists(
    st.one_of(
        st.sampled_from(
            [b'"', b",", b";", b"\n", b"\r", b"\r\n", b" ", b"a", b'""', b'","', b"\0"]
        ),
        st.binary(min_size=1, max_size=3),
    ),
    max_size=60,
).map(b"".join)


def outcome(text, start, stop, width, delimiter):
    try:
        return cut_records(text, start, stop, line=7, delimiter=delimiter, width=width)
    except DatasetError as error:
        return str(error)


def assert_cut_alike(text, width, delimiter=b",", start=0, stop=None):
    stop = len(text) if stop is None else stop
    fast = outcome(text, start, stop, width, delimiter)
    with numpy_alone():
        slow = outcome(text, start, stop, width, delimiter)
    if isinstance(slow, str):
        assert fast == slow
        return
    assert isinstance(fast, SpannedRecords)
    assert not isinstance(slow, SpannedRecords)
    for name in ("starts", "ends", "afters", "lines", "counts"):
        assert getattr(fast, name).tolist() == getattr(slow, name).tolist(), name
    assert (fast.after, fast.line) == (slow.after, slow.line)
    fields = [slow.fields(row) for row in range(len(slow))]
    assert [fast.fields(row) for row in range(len(fast))] == fields
    fits = np.flatnonzero(slow.counts == width)
    for place in range(width):
        expected = [fields[row][place] for row in fits]
        assert fast.column(place, fits) == slow.column(place, fits) == expected


@settings(max_examples=1500, deadline=None)
@given(BYTES, st.integers(1, 6), st.sampled_from([b",", b";", b"\t"]))
def test_any_bytes_are_cut_alike(text, width, delimiter):
    assert_cut_alike(text, width, delimiter)


@settings(max_examples=200, deadline=None)
@given(BYTES, st.integers(1, 6), st.integers(0, 60), st.integers(0, 60))
def test_a_part_of_a_text_is_cut_alike(text, width, start, stop):
    assert_cut_alike(text, width, start=min(start, len(text)), stop=min(stop, len(text)))


@pytest.mark.parametrize(
    "size", [8190, 8191, 8192, 8193, 8194, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1]
)
@pytest.mark.parametrize(
    "shape",
    ['"{}"\n', '"\n{}",b\n', "{}\n", "a,{}", '"{}', '{}"\n', 'x,"\n\r\n{}"\r\n', '"\n{}""",\n'],
)
def test_what_is_as_long_as_allowed_is_cut_alike(shape, size):
    for less in (0, len(shape) - 3, len(shape) - 4):
        text = shape.format("y" * (size - less)).encode()
        assert_cut_alike(text + b"a,b\nc,d", 2)
        assert_cut_alike(text, 2)


@pytest.mark.parametrize("blank", [0, 1, 98, 99, 100, 101, 65536, 65537])
def test_blank_lines_are_skipped_alike(blank):
    for newline in (b"\n", b"\r\n", b"\r"):
        text = b"a,b" + newline + (b" " * blank + newline) * 3 + b"c,d" + newline + b" " * blank
        assert_cut_alike(text, 2)
        for stop in range(len(text) - 3 if blank < 102 else 0):
            assert_cut_alike(text, 2, stop=stop)


def test_more_than_one_call_holds_is_cut_alike():
    text = b'a,b\n"c",d\nonly\n' * 6000
    assert_cut_alike(text, 2)
    rows = (b"x" + b"," * 1999 + b"\n") * 600
    fast = cut_records(rows, 0, len(rows), line=1, delimiter=b",", width=2000)
    assert fast.counts.tolist() == [2000] * 600
    assert fast.lines.tolist() == list(range(1, 601))
    assert fast.column(1999, np.arange(600)) == [b""] * 600


GUARDED = """
import ctypes, mmap, random, sys
from credit_scoring.reading.cutting import compiled

libc = ctypes.CDLL(None, use_errno=True)
room = mmap.mmap(-1, 3 * mmap.PAGESIZE)
start = ctypes.addressof(ctypes.c_char.from_buffer(room))
guard = ctypes.c_void_p(start + 2 * mmap.PAGESIZE)
assert libc.mprotect(guard, mmap.PAGESIZE, 0) == 0  # the page behind the text cannot be read

def at_the_edge(text):
    ctypes.memmove(start + 2 * mmap.PAGESIZE - len(text), text, len(text))
    return start + 2 * mmap.PAGESIZE - len(text)

compiled._address = at_the_edge
dice = random.Random(5)
names = ["SK_ID_CURR", "AMT_CREDIT", "NAME_TYPE_SUITE"]
rows = 0
for _ in range(40_000):
    text = bytes(dice.choices(b'",,,\\n\\r 1.5e-aF', k=dice.randrange(40)))
    cut = compiled.cut_text(text, 0, len(text), line=1, delimiter=b",", width=3)
    rows += len(cut.spans)
    assert ((0 <= cut.records[:, :3]) & (cut.records[:, :3] <= len(text))).all()
    compiled.read_fields(text, cut.spans, compiled.np.arange(len(cut.spans)), names, ".")
    compiled.tell_numbers(text, cut.spans, [0, 1, 2])
print(rows)
"""


def test_no_byte_beyond_the_text_is_read():
    """The text ends where memory does: one byte further would end the process."""
    root = ROOT
    done = subprocess.run(
        [sys.executable, "-c", GUARDED],
        env={"PYTHONPATH": f"{root}/layers/credit_scoring/python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000


def test_every_beginning_of_a_file_is_cut_alike():
    text = write_table().encode()
    for size in range(len(text)):
        assert_cut_alike(text[:size], len(HEADER))


NUMBERS = st.one_of(
    st.floats().map(repr),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"[+-]?[0-9]{0,21}(\.[0-9]{0,21})?([eE][+-]?[0-9]{0,4})?", fullmatch=True),
    st.sampled_from(["", " ", "nan", "inf", "-Infinity", "1_000", "٣", "0x10", ".", "-", "1e",
                     " 5 ", "\t5", "\xa05", "5\x1c", "1.", ".5", "-0", "-0.0", "365243", "00012",
                     "1e-5", "9007199254740993", "9007199254740992.5", "0e99",
                     "9999999999999999999", "18446744073709551616", "0.3000000000000000444",
                     "1.7976931348623157e308"]),
    st.text(max_size=4),
)  # fmt: skip


def parse_file(content, names, mark="."):
    """The known values of a table whose records are cut by the kernel, completed or not."""
    from credit_scoring.reading.chunk import _parse
    from credit_scoring.reading.dialect import Dialect
    from credit_scoring.reading.scan import Scan

    scan = Scan(Dialect(",", mark, "\n", "utf-8"), names, 1, (), 0, None, (), False)
    records = cut_records(content, 0, len(content), line=1, delimiter=b",", width=len(names))
    return _parse(records, np.flatnonzero(records.counts == len(names)), scan)


def assert_parsed_alike(fast, slow):
    assert fast.applicants.ids == slow.applicants.ids
    assert fast.problems == slow.problems
    assert fast.rows.tolist() == slow.rows.tolist()
    assert fast.applicants.columns.keys() == slow.applicants.columns.keys()
    for name, column in slow.applicants.columns.items():
        assert fast.applicants.columns[name].dtype == column.dtype
        assert fast.applicants.columns[name].tobytes() == column.tobytes() or bits(
            fast.applicants.columns[name]
        ) == bits(column)


def bits(column):
    """The bits of every value; a NaN is a NaN."""
    return [struct.pack("<d", value) if value == value else None for value in column.tolist()]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8),
    st.sampled_from(["AMT_ANNUITY", "CNT_CHILDREN", "FLAG_EMAIL", "DAYS_EMPLOYED", "AMT_CREDIT"]),
    st.sampled_from(".,"),
)
@example([("0.30000000000000004", "9007199254740993")], "AMT_ANNUITY", ".")
def test_any_number_is_read_alike(pairs, name, mark):
    lines = []
    for number, pair in enumerate(pairs):
        first, second = (text.replace(".", mark).replace('"', '""') for text in pair)
        lines.append(f'B{number},"{first}","{second}"')
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    names = ("SK_ID_CURR", name, "AMT_GOODS_PRICE")
    fast = parse_file(content, names, mark)
    with numpy_alone():
        assert_parsed_alike(fast, parse_file(content, names, mark))


MARKED = st.one_of(
    st.from_regex(r"[+-]?[0-9]{0,4}([.,][0-9]{0,4}){0,3}", fullmatch=True),
    st.text("12050., +-'e$", max_size=9),
    NUMBERS,
)


def evidence(rows, at_once):
    """What two calls are told of rows: the first of some, the second of the others."""
    found = NumberEvidence(("AMT_CREDIT", "DAYS_EMPLOYED", "EXT_SOURCE_2"))
    for some in (rows[:at_once], rows[at_once:]):
        lines = (",".join('"' + text.replace('"', '""') + '"' for text in row) for row in some)
        content = "\n".join(lines).encode("utf-8", "surrogatepass")
        found.add(cut_records(content, 0, len(content), line=1, delimiter=b",", width=3))
    return found


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.tuples(MARKED, MARKED, MARKED), min_size=1, max_size=12), st.integers(0, 12))
@example([("180.000", "", "")], 1)
@example([("", "180.500", ""), ("", "180.000", "")], 2)  # no whole number has such a part
@example([("0.500", "", "7,25"), ("1234,567", "", "1.184.062")], 1)
@example([("0.5", "", ""), ("180.000", "", ""), ("1.184.062", "", "")], 1)
# However many of one kind stand before another.
@example([("217.40 €", "", "")] * 50 + [("1.184.062 €", "", ""), ("180.000 €", "", "")], 52)
@example([(" 950,00", "", "")] * 50 + [("1.184,50 €", "", "")], 51)
@example([("1.5e3", "", "")] * 50 + [("1.184.062", "", ""), ("180.000", "", "")], 52)
@example([("12 345,50", "", "0.52")] * 50 + [("21740,45 €", "", "")] * 9, 59)
@example([("unknown", "", "")] * 50 + [("180000", "", "")], 51)
def test_any_marks_of_numbers_tell_alike(rows, at_once):
    fast = evidence(rows, at_once)
    with numpy_alone():
        slow = evidence(rows, at_once)
    assert fast.numbers == slow.numbers
    assert fast._seen == slow._seen


def test_a_million_numbers_are_rounded_as_python_rounds_them():
    dice = np.random.default_rng(4)
    exact = dice.integers(0, 1 << 63, 60_000)
    texts = [repr(float(v)) for v in dice.random(60_000)]
    texts += [
        repr(float(v)) for v in dice.normal(size=60_000) * 10.0 ** dice.integers(-9, 9, 60_000)
    ]
    texts += [
        f"{v // 10**k}.{v % 10**k:0{k}}"
        for v, k in zip(exact.tolist(), [9, 18] * 30_000, strict=True)
    ]
    halves = (dice.integers(1 << 53, 1 << 54, 20_000) | 1).tolist()  # between two floats
    texts += [str(v) for v in halves] + [f"{v * 5}e-1" for v in halves[:1000]]
    content = "\n".join(f"B{n},{text}" for n, text in enumerate(texts)).encode()
    records = cut_records(content, 0, len(content), line=1, delimiter=b",", width=2)
    known = records.known(np.arange(len(texts)), ["SK_ID_CURR", "AMT_CREDIT"], ".")
    unsure = known.unsure["AMT_CREDIT"]
    expected = np.array([float(text) for text in texts])
    assert (known.values["AMT_CREDIT"].view(np.int64) == expected.view(np.int64))[~unsure].all()
    assert unsure.mean() < 0.2


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_word_is_read_alike(data):
    name = data.draw(st.sampled_from([n for n, c in INPUTS.items() if c.is_category]))
    known = st.sampled_from(INPUTS[name].categories)
    texts = st.one_of(
        known, known.map(lambda w: f" {w} "), known.map(lambda w: w[:-1]), st.text(max_size=3)
    )
    words = data.draw(st.lists(st.one_of(texts, st.just("")), min_size=1, max_size=6))
    lines = [f'B{n},"' + word.replace('"', '""') + '"' for n, word in enumerate(words)]
    content = "\n".join(lines).encode()
    fast = parse_file(content, ("SK_ID_CURR", name))
    with numpy_alone():
        slow = parse_file(content, ("SK_ID_CURR", name))
    assert_parsed_alike(fast, slow)
    rows = len(slow.rows) + len(slow.problems)
    if rows == len(words) and not any("\n" in w or "\r" in w for w in words):
        ids = [f"B{n}" for n in range(len(words))]
        again = parse_text_columns({"SK_ID_CURR": ids, name: words})
        assert_parsed_alike(fast, again)


@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_are_read_alike(seed):
    from tests.credit_scoring.reading.test_pollution import damage

    dice = random.Random(seed)
    clean = write_table(ROWS * 3 if seed % 2 else ROWS).encode()
    for _ in range(60):
        damaged = bytearray(clean)
        for _ in range(dice.choice([1, 3, 9])):
            damage(damaged, dice)
        fast = reading_of(bytes(damaged))
        with numpy_alone():
            assert reading_of(bytes(damaged)) == fast


def reading_of(content):
    try:
        reading = read(content, chunk_rows=3)
    except DatasetError as error:
        return str(error)
    return reading.scan, reading.records, reading.lines, reading.refused
