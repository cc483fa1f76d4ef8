"""DuckDB as this function uses it: small, on local files that end with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ObjectNotFound

# Of the function's memory; what does not fit goes to its disk.
MEMORY = "900MB"


@dataclass(frozen=True)
class Database:
    """connection : of DuckDB; folder : for copies of objects"""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    def fetch(self, store: Store, key: str) -> tuple[Path, str] | None:
        """A copy of one object, and its tag; None where there is none."""
        try:
            data, tag = store.read_tagged(key)
        except ObjectNotFound:
            return None
        return self.keep(data, Path(key).suffix), tag

    def keep(self, data: bytes, suffix: str) -> Path:
        path = self.folder / f"{next(_numbers)}{suffix}"
        path.write_bytes(data)
        return path


_numbers = count()


@contextmanager
def open_database() -> Iterator[Database]:
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{folder}/spilled'")
        connection.execute("SET preserve_insertion_order = false")
        # A record is data, never a reason to fetch code or files from elsewhere.
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET TimeZone = 'UTC'")
        yield Database(connection, Path(folder))


def quoted(text: str) -> str:
    """As a name in SQL."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: object) -> str:
    """As a text in SQL."""
    return "'" + str(text).replace("'", "''") + "'"
