"""Where a line stood before that is rejected for the second time."""

from collections.abc import Iterable, Iterator
from itertools import islice

from credit_scoring.reading.chunk import Refused
from credit_scoring.reading.cutting.records import field_spans, unquoted
from credit_scoring.reading.dialect import decoded
from credit_scoring.reading.formulas import as_sent
from credit_scoring.reading.header import REJECT_COLUMNS
from credit_scoring.reading.scan import Scan

_LINE, _BATCH = (REJECT_COLUMNS.index(name) for name in ("reject_line", "reject_of"))


def origins(refused: Iterable[Refused], scan: Scan) -> Iterator[tuple[str, list[int]]]:
    """The earlier batch of each rejected line of a resent file, and the lines here and there."""
    for one in refused if scan.is_resend else ():
        fields = _our_fields(one.original, scan)
        if len(fields) == scan.reject_columns and _is_line(fields[_LINE]) and fields[_BATCH]:
            yield fields[_BATCH], [one.line, int(fields[_LINE])]


def _our_fields(original: bytes, scan: Scan) -> list[str]:
    """The columns that we put before the sender's; fewer when their quotes are wrong."""
    delimiter = scan.dialect.delimiter.encode()
    try:
        spans = list(islice(field_spans(original, delimiter), scan.reject_columns))
    except ValueError:
        return []
    return [as_sent(decoded(unquoted(original[start:end])).strip()) for start, end in spans]


def _is_line(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
