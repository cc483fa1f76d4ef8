"""Containers and encodings; and what is refused as a whole, in a sentence."""

import gzip
import io
import random
import zipfile

import pytest
from credit_scoring.errors import DatasetError
from credit_scoring.reading.text.plain_text import open_plain_text

from tests.credit_scoring.reading.sender import (
    HEADER,
    ROWS,
    clean_records,
    read,
    write_table,
    zipped,
)

TABLE = write_table().encode()


def two_files():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.csv", TABLE)
    return file.getvalue()


def encrypted():
    """The flag is what tells; nothing here can really encrypt."""
    content = bytearray(zipped(TABLE))
    content[6] |= 1
    content[content.rindex(b"PK\1\2") + 8] |= 1
    return bytes(content)


UNUSABLE = {
    "nothing": (b"", "empty"),
    "blank lines": (b"\xef\xbb\xbf \r\n\n", "empty"),
    "empty gzip": (gzip.compress(b""), "empty"),
    "only a header": (write_table([]).encode(), "no row"),
    "no header": (TABLE.split(b"\n", 1)[1], "no column SK_ID_CURR"),
    "zeros": (TABLE.replace(b"plain", b"pl\0in"), "not text"),
    "picture": (b"\x89PNG\r\n\x1a\n" + TABLE, "image"),
    "pdf": (b"%PDF-1.7\n" + TABLE, "PDF"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1" + TABLE, "Excel"),
    "workbook": (zipped(b"<a/>", name="[Content_Types].xml"), "save it as CSV"),
    "parquet": (b"PAR1" + TABLE, "Parquet"),
    "two files": (two_files(), "2 files"),
    "encrypted": (encrypted(), "encrypted"),
    "zip in zip": (zipped(zipped(TABLE)), "inside"),
    "gzip in gzip": (gzip.compress(gzip.compress(TABLE)), "inside"),
    "zip in gzip": (gzip.compress(zipped(TABLE)), "inside"),
    "half a gzip": (gzip.compress(TABLE)[:-20], "damaged"),
    "damaged gzip": (gzip.compress(TABLE)[:-8] + bytes(8), "damaged"),
    "more behind gzip": (gzip.compress(TABLE) + b"more", "damaged"),
    "half a zip": (zipped(TABLE)[:-30], "damaged"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_table_is_refused_in_one_sentence_that_says_why(case):
    content, said = UNUSABLE[case]
    with pytest.raises(DatasetError, match=said) as caught:
        read(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_parts_of_gzip_joined_and_padded_are_one_text():
    halves = gzip.compress(TABLE[:100]) + gzip.compress(b"") + gzip.compress(TABLE[100:])
    assert read(halves + bytes(512)).records == clean_records()


def test_folders_and_what_a_mac_adds_are_no_second_file():
    file = io.BytesIO(zipped(TABLE))
    with zipfile.ZipFile(file, "a") as archive:
        archive.mkdir("folder")
        archive.writestr("__MACOSX/._applicants.csv", b"x")
    assert read(file.getvalue()).records == clean_records()


def test_only_what_can_be_read_by_byte_range_is_the_original():
    wide = write_table().encode("utf-16")
    for content, original in ((TABLE, True), (gzip.compress(TABLE), False), (wide, False)):
        plain = open_plain_text(io.BytesIO(content), size=len(content))
        assert plain.is_original == original
        assert (b"".join(plain.blocks) == content) == original


def test_words_of_windows_are_read_and_shown():
    header = [*HEADER, "Préférence"]
    table = write_table([[*row, "é"] for row in ROWS], header).encode("cp1252")
    reading = read(table)
    assert reading.scan.header[-1] == "Préférence"
    assert reading.scan.dialect.encoding == "cp1252"
    assert reading.scan.ignored_columns == ("NOTE", "Préférence")


def test_a_character_that_is_cut_by_a_block_is_still_utf8():
    content = TABLE.replace(b"plain", "é".encode() * 3)
    blocks = iter(bytes([byte]) for byte in content)
    plain = open_plain_text(io.BytesIO(content), size=len(content))
    from credit_scoring.reading.scan import scan_text

    scan, _ = scan_text(type(plain)(blocks, True, "plain", ""), chunk_rows=2, chunk_bytes=1 << 20)
    assert scan.dialect.encoding == "utf-8"


def test_a_damaged_archive_is_refused_or_read_right():
    """Checksums tell: of a damaged archive nothing is ever read differently."""
    dice = random.Random(1)
    for content in (gzip.compress(TABLE), zipped(TABLE)):
        for _ in range(400):
            damaged = bytearray(content)
            for _ in range(dice.choice([1, 1, 3])):
                damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
            try:
                reading = read(bytes(damaged))
            except DatasetError:
                continue
            assert reading.records == clean_records()
        for size in range(len(content) - 1):
            with pytest.raises(DatasetError):
                read(content[:size])
