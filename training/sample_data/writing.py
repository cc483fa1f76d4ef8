"""Writing the tables: all of them or none.

Everything goes into a hidden folder first and takes its name at the end. A small file beside the
tables says what they are, so that a later run may replace its own work without being told, and
nobody else's.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import GzipFile
from pathlib import Path

import duckdb
import numpy as np
from credit_scoring.errors import DatasetError

from training.data.disk import cannot_write
from training.sample_data.categories import Category, Columns

STAGING = ".sample-data.partial"
MARKER = ".sample-data.json"
SUFFIXES = (".csv", ".csv.gz", ".csv.zip", ".zip")
COPIED_AT_ONCE = 1 << 20


class Staging:
    """Tables that grow chunk by chunk in a hidden folder.

    rows : table -> rows so far
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder, self.suffix = folder, suffix
        self.rows: dict[str, int] = {}
        self._database = duckdb.connect()

    def append(self, table: str, columns: Columns) -> None:
        """Add rows to a table; its first rows bring the header."""
        part = self.folder / f"{table}.part"
        self._copy(columns, part, header=table not in self.rows)
        self._join(part, self.folder / (table + self.suffix))
        self.rows[table] = self.rows.get(table, 0) + len(next(iter(columns.values())))

    def _copy(self, columns: Columns, part: Path, *, header: bool) -> None:
        arrays = {
            name: values.codes if isinstance(values, Category) else np.ascontiguousarray(values)
            for name, values in columns.items()
        }
        chosen = ", ".join(_expression(name, values) for name, values in columns.items())
        self._database.register("arrays", arrays)
        self._database.execute(
            f"COPY (SELECT {chosen} FROM arrays) TO {_text(str(part))} "  # noqa: S608 our own names
            f"(FORMAT csv, HEADER {header})"
        )
        self._database.unregister("arrays")

    def _join(self, part: Path, whole: Path) -> None:
        """Add the part to its table. Gzip files put together are a gzip file."""
        if self.suffix == ".csv" and not whole.exists():
            part.rename(whole)
            return
        with part.open("rb") as source, whole.open("ab") as file:
            if self.suffix == ".csv":
                shutil.copyfileobj(source, file, COPIED_AT_ONCE)
            else:  # no name and no time in the header: the same rows give the same bytes
                with GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as packed:
                    shutil.copyfileobj(source, packed, COPIED_AT_ONCE)
        part.unlink()


def _expression(name: str, values: np.ndarray | Category) -> str:
    if not isinstance(values, Category):
        return f'"{name}"'
    names = ", ".join(_text(category) for category in values.names)
    # A list has no element 0, which makes the code -1 an empty field.
    return f'([{names}]::VARCHAR[])["{name}" + 1] AS "{name}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def staged(folder: Path, suffix: str, made_from: dict[str, object]) -> Iterator[Staging]:
    """Write tables into a folder: they appear when the block ends, and only if it ends well.

    made_from : what the marker says of them

    Raises DatasetError when the folder cannot be written, with what to do.
    """
    hidden = folder / STAGING
    try:
        shutil.rmtree(hidden, ignore_errors=True)
        hidden.mkdir(parents=True)
        staging = Staging(hidden, suffix)
        yield staging
        _publish(staging, folder, made_from)
    except RuntimeError as error:
        if "interrupted" in str(error):  # DuckDB's word for Ctrl-C
            raise KeyboardInterrupt from error
        raise
    except (OSError, duckdb.IOException) as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _publish(staging: Staging, folder: Path, made_from: dict[str, object]) -> None:
    (folder / MARKER).unlink(missing_ok=True)
    for table in staging.rows:
        for suffix in SUFFIXES:  # another form of the same table would be read in its place
            (folder / (table + suffix)).unlink(missing_ok=True)
        (staging.folder / (table + staging.suffix)).rename(folder / (table + staging.suffix))
    files = [table + staging.suffix for table in staging.rows]
    (folder / MARKER).write_text(json.dumps(made_from | {"files": files}) + "\n", encoding="utf-8")


def refuse_foreign_files(folder: Path) -> None:
    """Raises DatasetError when the folder holds anything that an earlier run did not write."""
    if not folder.is_dir():
        return
    foreign = sorted({path.name for path in folder.iterdir()} - _own_files(folder))
    if foreign:
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise DatasetError(
            f"{folder} already holds {foreign[0]}{others}: "
            "choose an empty folder, or add --force to replace the tables in it"
        )


def _own_files(folder: Path) -> set[str]:
    try:
        files = json.loads((folder / MARKER).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {STAGING}
    return {STAGING, MARKER, *map(str, files)}
