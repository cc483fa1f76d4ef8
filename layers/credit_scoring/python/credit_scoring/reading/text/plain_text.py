"""Whatever a branch sends, as a stream of blocks of plain text."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, Literal

from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.reading.text.unpacking import read_blocks, unpack_gzip, unpack_zip

type Container = Literal["plain", "gzip", "zip"]

_LOOK = 4096
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_SPANNED_ZIP = b"PK\x07\x08PK\x03\x04"
# What people upload by mistake, and what to tell them.
_NO_TEXT = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "Excel",
    b"PAR1": "Parquet",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "Zstandard",
    b"SQLite format 3": "SQLite",
    b"ARROW1": "Arrow",
    b"Obj\x01": "Avro",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
}
# Longest first: the mark of UTF-16 begins that of UTF-32.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Where ASCII text has its zero bytes, by encoding: first byte and step.
_ZEROS = {
    "utf-32-le": ((1, 4), (2, 4), (3, 4)),
    "utf-32-be": ((0, 4), (1, 4), (2, 4)),
    "utf-16-le": ((1, 2),),
    "utf-16-be": ((0, 2),),
}


@dataclass(frozen=True)
class PlainText:
    """Text in which a byte below 128 is that ASCII character: UTF-8, or a code page.

    blocks : the text, to be read once and to its end; raises DatasetError where it is damaged
    is_original : the blocks are the object's own bytes, so offsets are those of the object
    encoding : utf-16-le, utf-16-be, utf-32-le or utf-32-be when the blocks were recoded from it to
        UTF-8; "" when they were not: then the scan finds it
    """

    blocks: Iterator[bytes]
    is_original: bool
    container: Container
    encoding: str


def open_plain_text(file: BinaryIO, *, size: int) -> PlainText:
    """Look into a file that can seek, and unpack or recode it if need be.

    size : bytes of the file

    Raises FileRefused for what is no text, an encrypted or multi-file archive, or a bomb; the
    blocks raise it too.
    """
    file.seek(0)
    container = _container(file.read(_LOOK))
    blocks = {"plain": _plain, "gzip": unpack_gzip, "zip": unpack_zip}[container](file, size)
    start, blocks = _peek(blocks)
    encoding = _wide_encoding(start)
    _check_text(start if not encoding else b"")
    if encoding:
        blocks = _recoded(blocks, encoding)
    original = container == "plain" and not encoding
    return PlainText(blocks, original, container, encoding)


def _plain(file: BinaryIO, size: int) -> Iterator[bytes]:  # noqa: ARG001
    return read_blocks(file)


def _container(start: bytes) -> Container:
    if start.startswith(_GZIP):
        return "gzip"
    if start.startswith((_ZIP, _SPANNED_ZIP)):
        return "zip"
    return "plain"


def _peek(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes of a stream, and the stream as if nobody had looked."""
    seen: list[bytes] = []
    while sum(map(len, seen)) < _LOOK and (block := next(blocks, b"")):
        seen.append(block)
    return b"".join(seen)[:_LOOK], chain(seen, blocks)


def _check_text(start: bytes) -> None:
    """Raises FileRefused for what is certainly no text."""
    if start.startswith((_GZIP, _ZIP, _SPANNED_ZIP)):
        raise FileRefused("archive_in_archive")
    for magic, kind in _NO_TEXT.items():
        if start.startswith(magic):
            raise FileRefused("other_kind", kind=kind)
    if b"\0" in start:
        raise FileRefused("no_text")


def _wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32 by its mark, or by the zeros that ASCII has in it; else ""."""
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    for encoding, places in _ZEROS.items():
        width = places[0][1]
        whole = start[: len(start) // width * width]
        others = set(range(width)) - {first for first, _ in places}
        zeros = b"".join(whole[first::step] for first, step in places)
        letters = b"".join(whole[first::width] for first in others)
        if whole and 0 not in letters and zeros.count(0) > 0.8 * len(zeros):
            return encoding
    return ""


def _recoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8, without its mark; what is no character becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    first = True
    for block in chain(blocks, (b"",)):
        text = decoder.decode(block, final=not block)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        if text:
            yield text.encode()
