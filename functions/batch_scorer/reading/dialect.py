"""How a sender writes tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """delimiter : ``,``, ``;`` or a tab; decimal : ``.`` or ``,``; newline : LF, CRLF or CR

    encoding : utf-8, utf-8-sig, cp1252, utf-16-le, utf-16-be, utf-32-le or utf-32-be; the sender's,
        not that of the plain text, which is UTF-8 where this is UTF-16 or UTF-32
    """

    delimiter: str
    decimal: str
    newline: str
    encoding: str
