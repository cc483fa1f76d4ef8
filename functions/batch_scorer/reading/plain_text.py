"""Whatever a branch sends, as a stream of blocks of plain text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

type Container = Literal["plain", "gzip", "zip"]


@dataclass(frozen=True)
class PlainText:
    """Text in which a byte below 128 is that ASCII character: UTF-8, or a code page.

    blocks : the text, to be read once and to its end; raises DatasetError where it is damaged
    is_original : the blocks are the object's own bytes, so offsets are those of the object
    encoding : utf-16-le, utf-16-be, utf-32-le or utf-32-be when the blocks were recoded from it to
        UTF-8; "" when they were not: then the survey finds it
    """

    blocks: Iterator[bytes]
    is_original: bool
    container: Container
    encoding: str


def open_plain_text(file: BinaryIO, *, size: int) -> PlainText:
    """Look into a file that can seek, and unpack or recode it if need be.

    size : bytes of the file

    Raises DatasetError for what is no text, an encrypted or multi-file archive, or a bomb; the
    blocks raise it too.
    """
    raise NotImplementedError
