"""How a branch's file is called, from the upload to its result.

uploads/<branch>/<file>                    what a branch sends
<branch>/<file>                            the batch: what a caller asks for
scored/<branch>/<file>/<version id>/...    what became of it
"""

import re
import secrets
from datetime import UTC, datetime

MOST_CHARACTERS = 128
CSV = ".csv"
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,1023}")
# A folder in the name, or what no file system shows, is a mistake or worse.
_UNWANTED = re.compile(r"[/\\\x00-\x1f\x7f]")


def is_branch(text: str) -> bool:
    return _BRANCH.fullmatch(text) is not None


def is_csv_name(text: str) -> bool:
    named = text.lower() != CSV and text.lower().endswith(CSV)
    return named and len(text) <= MOST_CHARACTERS and not _UNWANTED.search(text)


def unique_name(filename: str) -> str:
    """The name that a file is stored under: in plain characters, with the time and chance in it.

    Two uploads of the same file are two batches, and each finds its own result.
    """
    stem = re.sub(r"[^A-Za-z0-9._]+", "-", filename[: -len(CSV)]).strip("-.") or "file"
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return f"{stem}-{now}-{secrets.token_hex(2)}{CSV}"


def is_batch(text: str) -> bool:
    """<branch>/<file>, or <branch>/<file>/<version id>."""
    segments = text.split("/")
    return len(segments) in (2, 3) and all(_SEGMENT.fullmatch(segment) for segment in segments)
