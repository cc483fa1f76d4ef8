"""How a branch's file is called, from the upload to its result.

uploads/<branch>/<file>                    what a branch sends
<branch>/<file>                            the batch: what a caller asks for
scored/<branch>/<file>/<version id>/...    what became of it
"""

import re
import secrets
from datetime import UTC, datetime
from unicodedata import normalize

from credit_scoring.stored.batches import is_branch

MOST_CHARACTERS = 128
# Ending -> the type under which the storage keeps it; what is inside is looked at when it is read.
CONTENT_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".gz": "application/gzip",
    ".zip": "application/zip",
}
ALLOWED = ".csv, .tsv or .txt, also with .gz, or with .zip"
_TABLE = r"\.(?:[cC][sS][vV]|[tT][sS][vV]|[tT][xX][tT])"
ENDING_PATTERN = rf"(?:{_TABLE}(?:\.[gG][zZ])?|\.[zZ][iI][pP])"
# A folder in the name, or what no file system shows, is a mistake or worse.
NAME_PATTERN = rf"[^/\\\x00-\x1f\x7f]+{ENDING_PATTERN}"
_ENDING = re.compile(f"{ENDING_PATTERN}$")
# A file that a branch put into the bucket itself keeps its name: letters of any language, spaces. A
# version id of S3 may hold any character that is safe in an address, also first.
_FILE = re.compile(r"(?!\.\.?$)[^/\\\x00-\x1f\x7f]{1,1024}")
_VERSION = re.compile(r"(?!\.\.?$)[A-Za-z0-9._~-]{1,1024}")


def is_table_name(text: str) -> bool:
    return len(text) <= MOST_CHARACTERS and re.fullmatch(NAME_PATTERN, text) is not None


def split_ending(filename: str) -> tuple[str, str]:
    """applicants.CSV.gz -> ("applicants", ".csv.gz"); no known ending: ("...", "")."""
    found = _ENDING.search(filename)
    return (filename[: found.start()], found[0].lower()) if found else (filename, "")


def content_type(filename: str) -> str:
    return CONTENT_TYPES["." + filename.lower().rpartition(".")[2]]


def unique_name(filename: str) -> str:
    """The name that a file is stored under: in plain characters, with the time and chance in it.

    Two uploads of the same file are two batches, and each finds its own result.
    """
    name, ending = split_ending(filename)
    # A letter with an accent is kept as the letter: é is e and an accent that stands alone.
    letters = re.sub(r"[\u0300-\u036f]", "", normalize("NFKD", name))
    stem = re.sub(r"[^A-Za-z0-9._]+", "-", letters).strip("-.") or "file"
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return f"{stem}-{now}-{secrets.token_hex(2)}{ending}"


def is_batch(text: str) -> bool:
    """<branch>/<file>, or <branch>/<file>/<version id>."""
    branch, _, rest = text.partition("/")
    file, mark, version = rest.partition("/")
    return (
        is_branch(branch)
        and _FILE.fullmatch(file) is not None
        and (not mark or _VERSION.fullmatch(version) is not None)
    )
