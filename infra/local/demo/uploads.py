"""The file that a branch would send: a given one, or the first rows of the application table."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Final

from credit_scoring.contract.columns import TARGET

from training.data.load import find_table, read_text, require_table

SAMPLE_ROWS: Final = 1_000

type Rows = list[dict[str, str]]


def find_source(tables: Path) -> Path:
    """The table with the applicants to score: without outcomes if there is one."""
    return find_table(tables, "application_test") or require_table(tables, "application_train")


def read_sample(source: Path, rows: int = SAMPLE_ROWS) -> bytes:
    """The first rows as a plain CSV, without the outcome, which a branch cannot know."""
    columns = next(iter(read_text(source, rows)))
    columns.pop(TARGET, None)
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def read_shares(source: Path) -> list[Rows]:
    """The sample among four branches, the first of which has two fifths: nobody is in two."""
    table: Rows = list(csv.DictReader(io.StringIO(read_sample(source).decode())))
    ends = [len(table) * share // 5 for share in (0, 2, 3, 4, 5)]
    return [table[start:end] for start, end in pairwise(ends)]


def write_table(table: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, table[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue().encode()


def read_given(path: Path) -> tuple[str, bytes]:
    """A file's name and bytes, unpacked if it is a .gz or a .zip."""
    if path.suffix == ".gz":
        return path.stem, gzip.decompress(path.read_bytes())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            [member] = archive.namelist()
            return Path(member).name, archive.read(member)
    return path.name, path.read_bytes()
