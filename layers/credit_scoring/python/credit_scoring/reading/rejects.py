"""The rejects file: what was refused and why, in the sender's own dialect, to repair and resend."""

from collections.abc import Iterable
from itertools import islice

from credit_scoring.reading.chunk import Refused, check_of
from credit_scoring.reading.cutting.records import field_spans, unquoted
from credit_scoring.reading.dialect import Dialect, decoded
from credit_scoring.reading.formulas import harmless, harmless_inside
from credit_scoring.reading.header import REJECT_COLUMNS as REJECT_COLUMNS
from credit_scoring.reading.scan import Scan
from credit_scoring.reading.words import tell

_MARKED = {"utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
# A line break ends a row for many programs, and what has a NUL is no text for any.
_UNREADABLE = str.maketrans({"\r": " ", "\n": " ", "\0": "\ufffd"})


def rejects_header(scan: Scan) -> bytes:
    """The first line, newline and byte order mark (if the sender's encoding has one) included."""
    dialect = scan.dialect
    own = scan.header[scan.reject_columns :]
    mark = "\ufeff" if dialect.encoding in _MARKED else ""
    names = [_one_line(harmless(name)) for name in (*REJECT_COLUMNS, *own)]
    return _encoded(mark + _line(names, dialect) + dialect.newline, dialect)


def reject_line(scan: Scan, refused: Refused, *, batch: str, language: str) -> bytes:
    """One line, newline included: what is wrong, then the record as it was sent.

    A record whose quotes are wrong stands in one cell: as it is, it would swallow what follows.

    batch : "<file>/<version>" of the file that is read; language : fr or en
    """
    dialect, first = scan.dialect, refused.problems[0]
    cells = (
        str(refused.line), first.field, first.value, first.cause, tell(refused.problems, language),
        batch, check_of(refused.own_fields), "",
    )  # fmt: skip
    ours = _line((_one_line(harmless(cell, dialect.decimal)) for cell in cells), dialect)
    original = refused.original
    if scan.is_resend:
        original = _without_our_columns(original, scan)
    record = _harmless_record(original, dialect)
    if dialect.encoding.startswith(("utf-16", "utf-32")):
        text = ours + dialect.delimiter + record.decode(errors="replace") + dialect.newline
        return _encoded(text, dialect)
    return _encoded(ours + dialect.delimiter, dialect) + record + dialect.newline.encode()


def _without_our_columns(original: bytes, scan: Scan) -> bytes:
    """What the sender's own columns hold; all of it where ours cannot be told apart."""
    delimiter = scan.dialect.delimiter.encode()
    try:
        *_, (_, end) = islice(field_spans(original, delimiter), scan.reject_columns)
    except ValueError:
        return original
    return original[end + 1 :] if original[end : end + 1] == delimiter else original


def _harmless_record(original: bytes, dialect: Dialect) -> bytes:
    """The same bytes, but for an apostrophe before what a spreadsheet would run."""
    delimiter = dialect.delimiter.encode()
    try:
        spans = list(field_spans(original, delimiter))
    except ValueError:
        return _harmless_field(b'"' + original.replace(b'"', b'""') + b'"', dialect)
    return delimiter.join(_harmless_field(original[start:end], dialect) for start, end in spans)


def _harmless_field(field: bytes, dialect: Dialect) -> bytes:
    field = harmless_inside(field).replace(b"\0", "\ufffd".encode())
    text = decoded(unquoted(field))
    if harmless(text, dialect.decimal) == text:
        return field
    return b"\"'" + field[1:] if field.startswith(b'"') else b"'" + field


def _line(cells: Iterable[str], dialect: Dialect) -> str:
    return dialect.delimiter.join(_quoted_if_needed(cell, dialect.delimiter) for cell in cells)


def _quoted_if_needed(cell: str, delimiter: str) -> str:
    if delimiter in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _one_line(cell: str) -> str:
    return cell.translate(_UNREADABLE)


def _encoded(text: str, dialect: Dialect) -> bytes:
    encoding = dialect.encoding.removesuffix("-sig")
    return text.encode(encoding, errors="replace")
