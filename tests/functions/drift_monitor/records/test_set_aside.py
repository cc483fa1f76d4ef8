"""Whoever asks to be forgotten is not in what no table holds either."""

import base64
import gzip
import json

import numpy as np
import pytest
from credit_scoring.arrays import compressed, read_arrays
from credit_scoring.stored.score_records import CHUNKS, LINES

from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.records.forgetting import forget
from functions.drift_monitor.records.layout import DAMAGED_CHUNKS

PERSON, SOMEBODY_ELSE = 2**63 + 17, 5
SIGNED = int(np.array([PERSON], np.uint64).view(np.int64)[0])
NAMED = str(SIGNED).encode()


def lines_of(lender, *, who):
    """A line of each of them, as the stream delivers it."""
    lender.record_scores(len(who), who=who, seed=9, name="lines")
    key = f"{LINES}lines.gz"
    lines = gzip.decompress(lender.records.read(key)).splitlines(keepends=True)
    lender.records.delete(key)
    return lines


@pytest.fixture
def lines(lender):
    return lines_of(lender, who=[PERSON, SOMEBODY_ELSE, 0])


def undelivered(*records, **further):
    """As a delivery stream writes of records that it could not deliver."""
    failures = (
        {"attemptsMade": 4, "errorCode": "S3.AccessDenied", "errorMessage": "Access Denied",
         "rawData": base64.b64encode(record).decode(), **further}
        for record in records
    )  # fmt: skip
    return b"".join(json.dumps(failure).encode() + b"\n" for failure in failures)


def kept(lender):
    """All that lies aside, unpacked, whatever it is wrapped in."""
    found = {}
    for folder in ("damaged/", "undelivered/"):
        for key in lender.records.list(folder):
            data = lender.records.read(key)
            text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            if folder == "undelivered/":
                text = b"".join(
                    base64.b64decode(json.loads(line)["rawData"]) for line in text.splitlines()
                )
            found[key] = text
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_their_lines_of_a_damaged_file_go_and_everybody_elses_stay(lender, lines, pack):
    theirs, others, nobodys = lines
    broken = others[: len(others) // 2] + b"\n"  # of which the beginning says whose it is
    lender.records.write(f"{LINES}broken", pack(theirs + broken + others + nobodys))
    compact(lender.records)
    assert NAMED in kept(lender)["damaged/lines/broken"]
    forgotten = forget(lender.records, SIGNED)
    assert (forgotten.scores, forgotten.set_aside) == (1, 1)
    assert kept(lender) == {"damaged/lines/broken": broken + others + nobodys}
    assert forget(lender.records, SIGNED).set_aside == 0


@pytest.mark.parametrize("place", ["in the number", "at its end", "behind it"])
def test_what_is_left_of_their_line_goes_wherever_it_was_cut(lender, lines, place):
    theirs, others, _ = lines
    at = theirs.index(NAMED)
    cut = {"in the number": at + 5, "at its end": at + len(NAMED), "behind it": at + 90}[place]
    lender.records.write(f"{LINES}broken", theirs[:cut] + b"\n" + others + b"half" + others[:200])
    compact(lender.records)
    forget(lender.records, SIGNED)
    assert kept(lender)["damaged/lines/broken"] == others + b"half" + others[:200]


def test_half_a_line_of_which_nobody_can_say_whose_it_is_goes(lender, lines):
    theirs, others, _ = lines
    tail = theirs[theirs.index(b'"inputs"') :]
    lender.records.write(f"{LINES}broken", others + tail)
    compact(lender.records)
    assert forget(lender.records, SIGNED).set_aside == 1
    assert kept(lender)["damaged/lines/broken"] == others


def test_a_number_that_only_begins_or_ends_like_theirs_is_somebody_elses(lender):
    [other] = lines_of(lender, who=[SOMEBODY_ELSE])
    alike = [other.replace(b'"applicant":5', b'"applicant":' + n)
             for n in (NAMED[1:], NAMED + b"0", b"1" + NAMED[1:])]  # fmt: skip
    text = b"".join(alike) + b"half" + alike[0][:200]
    lender.records.write("damaged/lines/broken", text)
    assert forget(lender.records, SIGNED).set_aside == 0
    assert kept(lender)["damaged/lines/broken"] == text


@pytest.mark.parametrize(
    "data", [b"\x1f\x8bno gzip", gzip.compress(b"some lines" * 1000)[:-30]], ids=["none", "cut off"]
)
@pytest.mark.parametrize("folder", ["damaged/lines/", "undelivered/"])
def test_what_cannot_be_unpacked_goes_as_a_whole(lender, folder, data):
    lender.records.write(f"{folder}broken", data)
    assert forget(lender.records, SIGNED).set_aside == 1
    assert kept(lender) == {}


def chunk(lender, who, spoil):
    """A chunk of a batch that nobody can read: spoil : its arrays"""
    lender.record_scores(len(who), who=who, branch="paris-01", name="chunk")
    key = f"{CHUNKS}chunk.npz"
    arrays = spoil(read_arrays(key, lender.records.read(key)))
    lender.records.write(key, compressed(arrays))
    assert compact(lender.records).damaged == 1
    return f"{DAMAGED_CHUNKS}chunk.npz"


def without(*names):
    return lambda arrays: {name: each for name, each in arrays.items() if name not in names}


@pytest.mark.parametrize(
    ("who", "lost", "is_kept"),
    [((PERSON, SOMEBODY_ELSE), "facts", False), ((SOMEBODY_ELSE, 6), "facts", True),
     ((SOMEBODY_ELSE, 6), "applicants", False)],
    ids=["theirs among others", "of others", "of nobody knows whom"],
)  # fmt: skip
def test_a_chunk_that_cannot_be_read_goes_unless_they_are_surely_not_in_it(
    lender, who, lost, is_kept
):
    key = chunk(lender, who, without(lost))
    before = lender.records.read(key)
    assert forget(lender.records, SIGNED).set_aside == (not is_kept)
    assert list(lender.records.list("damaged/")) == [key] * is_kept
    assert not is_kept or lender.records.read(key) == before


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_their_lines_of_what_was_never_delivered_go_and_everybody_elses_stay(lender, lines, pack):
    theirs, others, nobodys = lines
    key = "undelivered/processing-failed/2026/03/10/12/records"
    text = undelivered(theirs + others, nobodys, theirs, others, kind="S3")
    lender.records.write(key, pack(text))
    assert forget(lender.records, SIGNED).set_aside == 2
    assert kept(lender) == {key: others + nobodys + others}
    data = lender.records.read(key)
    left = (gzip.decompress(data) if pack is gzip.compress else data).splitlines()
    assert {json.loads(line)["kind"] for line in left} == {"S3"}
    assert len(left) == 3
    before = lender.records.read(key)
    assert forget(lender.records, SIGNED).set_aside == 0
    assert lender.records.read(key) == before


@pytest.mark.parametrize("line", [b"{", b"{}", b"[]", b'{"rawData": 7}', b'{"rawData": "?"}'])
def test_a_failure_that_cannot_be_read_goes(lender, lines, line):
    others = undelivered(lines[1])
    lender.records.write("undelivered/records", line + b"\n" + others)
    assert forget(lender.records, SIGNED).set_aside == 1
    assert kept(lender) == {"undelivered/records": lines[1]}


def test_nothing_of_theirs_alone_leaves_no_empty_object(lender, lines):
    lender.records.write("damaged/lines/broken", lines[0])
    lender.records.write("undelivered/records", undelivered(lines[0]))
    assert forget(lender.records, SIGNED).set_aside == 2
    assert kept(lender) == {}
