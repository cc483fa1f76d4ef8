"""How a sender writes tables."""

from dataclasses import dataclass

from credit_scoring.reading.numbers import Numbers

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Dialect:
    """delimiter : ``,``, ``;``, a tab or ``|``; newline : LF, CRLF or CR

    decimal, grouping, doubtful : as in `Numbers`

    encoding : utf-8, utf-8-sig, cp1252, utf-16-le, utf-16-be, utf-32-le or utf-32-be; the sender's,
        not that of the plain text, which is UTF-8 where this is UTF-16 or UTF-32
    """

    delimiter: str
    decimal: str
    newline: str
    encoding: str
    grouping: str = ""
    doubtful: str = ""

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.decimal, self.grouping, self.doubtful)


def decoded(field: bytes) -> str:
    """Text of a part of a file: UTF-8, else Windows-1252, where nearly every byte is a character.

    The contract's own names and values are ASCII, so no score depends on this.
    """
    try:
        return field.decode()
    except UnicodeDecodeError:
        return field.decode("cp1252", errors="replace")
