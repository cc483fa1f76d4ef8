"""Find and read the tables of Home Credit Default Risk in a folder.

A table is a CSV under its published name, plain (`bureau.csv`), `bureau.csv.gz`, `bureau.csv.zip`
or `bureau.zip`. What is labelled is read by the reader of the branches' files (`applications.py`);
the six secondary tables only become aggregates.
"""

import csv
import gzip
import io
import logging
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from credit_scoring.arrays import Numbers
from credit_scoring.errors import DatasetError, EmptyDataset
from credit_scoring.reading.dialect import DELIMITERS
from tqdm import tqdm

from training.data.history import TABLES, Aggregates, Source, aggregate, connect, join

log = logging.getLogger(__name__)

SUFFIXES = (".csv", ".csv.gz", ".csv.zip", ".zip")
CHUNK_ROWS = 20_000
DAMAGE = (
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    UnicodeDecodeError,
    csv.Error,
    NotImplementedError,  # a zip with an unknown compression
    RuntimeError,  # a zip with a password
)


def find_table(folder: Path, name: str) -> Path | None:
    """The file that holds a table, or None; letter case does not matter, a plain CSV goes first."""
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder: give the one that holds the tables")
    files = {path.name.lower(): path for path in folder.iterdir() if path.is_file()}
    candidates = (files.get(f"{name}{suffix}".lower()) for suffix in SUFFIXES)
    return next((path for path in candidates if path), None)


def require_table(folder: Path, name: str) -> Path:
    path = find_table(folder, name)
    if path is None:
        expected = ", ".join(name + suffix for suffix in SUFFIXES)
        raise DatasetError(f"{folder} holds no table {name}: put one of {expected} there")
    return path


def read_text(path: Path, chunk_rows: int = CHUNK_ROWS) -> Iterator[dict[str, list[str]]]:
    """Read a CSV, plain or compressed, as chunks of column name -> texts.

    Its delimiter is any that a branch may use. Raises DatasetError naming the file when it is
    damaged, and the line when a row has more or fewer fields than the header; EmptyDataset when it
    has no row.
    """
    bar = tqdm(desc=path.name, unit=" rows", unit_scale=True, disable=None)
    with _reading(path), _open_text(path) as file, bar:
        lines = _cut(file)
        header = _header(lines, path)
        rows: Iterator[list[str]] = _checked_rows(lines, header, path)
        if (first := next(rows, None)) is None:
            raise EmptyDataset(f"{path} has a header but no row")
        rows = chain([first], rows)
        while chunk := list(islice(rows, chunk_rows)):
            bar.update(len(chunk))
            yield dict(zip(header, map(list, zip(*chunk, strict=True)), strict=True))


def history_features(folder: Path) -> tuple[list[str], dict[str, Numbers]]:
    """Aggregate the secondary tables to one row per applicant.

    Returns the ids (n) of every applicant that any table knows, sorted, and for every name of
    history.csv a float64 (n,), NaN where the tables say nothing. A table that is absent costs a
    warning and leaves its columns NaN.
    Raises DatasetError when a table is damaged.
    """
    return join([_aggregate_table(folder, table) for table in TABLES])


def _aggregate_table(folder: Path, table: str) -> Aggregates:
    paths = {name: find_table(folder, TABLES[name].file) for name in TABLES[table].reads}
    present = {name: path for name, path in paths.items() if path}
    if absent := [TABLES[name].file for name in paths if name not in present]:
        log.warning("no %s in %s: the %s features stay empty", " or ".join(absent), folder, table)
        return Aggregates([], {})
    with TemporaryDirectory(prefix="history-") as scratch, connect(Path(scratch)) as database:
        sources = {
            name: Source(path, _unpack(path, Path(scratch, name)), _read_header(path))
            for name, path in present.items()
        }
        return aggregate(database, table, sources)


def _unpack(path: Path, destination: Path) -> Path:
    """Lay a table down as a plain CSV.

    DuckDB reads .gz by itself but does not check its sums: of 60 files with one flipped bit it took
    11 for good. Python checks them. A plain file is only linked, which spares DuckDB its real path,
    where a bracket or a quote would mean something.
    """
    if path.suffix.lower() == ".csv":
        destination.symlink_to(path.resolve())
        return destination
    with _reading(path), _open_bytes(path) as source, destination.open("wb") as target:
        shutil.copyfileobj(source, target, length=1 << 20)
    return destination


def _read_header(path: Path) -> list[str]:
    with _reading(path), _open_text(path) as file:
        return _header(_cut(file), path)


def _cut(file: IO[str]) -> Iterator[list[str]]:
    """Rows, by the delimiter that the first line has most of."""
    first = file.readline()
    delimiter = max(DELIMITERS, key=first.count)
    return csv.reader(chain([first] if first else [], file), delimiter=delimiter, strict=True)


def _header(lines: Iterator[list[str]], path: Path) -> list[str]:
    header = [name.strip() for name in next(lines, [])]
    if not header:
        raise EmptyDataset(f"{path} is empty")
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise DatasetError(f"{path} has two columns of the name {', '.join(twice)}")
    return header


def _checked_rows(lines: Iterator[list[str]], header: list[str], path: Path) -> Iterator[list[str]]:
    """Rows that fit the header; an empty line, or one of delimiters alone, is none."""
    for row in lines:
        if len(row) == len(header):
            if any(row):
                yield row
        elif any(row):
            line: int = lines.line_num  # type: ignore[attr-defined]
            raise DatasetError(
                f"{path}, line {line}: {len(row)} fields, the header has {len(header)}"
            )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say which file is at fault, and what to do."""
    try:
        yield
    except DAMAGE as error:
        raise DatasetError(f"{path} is damaged ({error}): get the file again") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}") from error


@contextmanager
def _open_text(path: Path) -> Iterator[IO[str]]:
    with _open_bytes(path) as file:
        yield io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


@contextmanager
def _open_bytes(path: Path) -> Iterator[IO[bytes]]:
    match path.suffix.lower():
        case ".gz":
            with gzip.open(path) as unpacked:
                yield cast(IO[bytes], unpacked)
        case ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(_only_csv(archive, path)) as file:
                yield file
        case _:
            with path.open("rb") as file:
                yield file


def _only_csv(archive: zipfile.ZipFile, path: Path) -> str:
    # macOS adds files of its own under __MACOSX.
    names = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
    tables = [name for name in names if name.lower().endswith(".csv")]
    if len(tables) != 1:
        raise DatasetError(f"{path} holds {len(tables)} CSV files instead of one: {names[:5]}")
    return tables[0]
