"""The rejects file: what was refused and why, in the sender's own dialect, to repair and resend."""

from functions.batch_scorer.reading.chunk import Refused
from functions.batch_scorer.reading.survey import Survey

# Ours, before the sender's own columns.
REJECT_COLUMNS = (
    "reject_line", "reject_column", "reject_value", "reject_cause", "reject_message", "reject_of",
)  # fmt: skip


def rejects_header(survey: Survey) -> bytes:
    """The first line, newline and byte order mark (if the sender's encoding has one) included."""
    raise NotImplementedError


def reject_line(survey: Survey, refused: Refused, *, batch: str, language: str) -> bytes:
    """One line, newline included.

    batch : "<file>/<version>" of the file that is read; language : fr or en
    """
    raise NotImplementedError
