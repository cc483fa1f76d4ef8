"""Run the SQL of one secondary table out of core, and join what the tables give."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
from credit_scoring.contract.columns import HISTORY, ID
from credit_scoring.errors import DatasetError
from tqdm import tqdm

type Floats = npt.NDArray[np.float64]
# duckdb.DuckDBPyConnection and DuckDBPyRelation, which mypy does not follow.
type Database = Any
type Query = Any

MEMORY_LIMIT = "1500MB"
THREADS = os.process_cpu_count() or 1

# The type of a column, by how its name begins. Every number is exact: a sum of floats depends on
# the order of its terms, hence on the number of threads, while the same files must give the same
# bits, hence the same model version, on every machine. What is not listed (such as an outcome,
# should a file carry it) never reaches the SQL.
TYPES = {
    ("SK_ID_", "NAME_", "CODE_", "CREDIT_ACTIVE", "CREDIT_TYPE", "STATUS"): "VARCHAR",
    ("DAYS_", "MONTHS_", "CNT_", "NUM_", "NFLAG_", "SK_DPD", "CREDIT_DAY_"): "INTEGER",
    ("AMT_",): "DECIMAL(18, 4)",
    ("RATE_",): "DECIMAL(18, 9)",
}
MISSING = ["", "NaN", "nan", "inf", "-inf"]

MACROS = """
-- A ratio of what is only meaningful over a positive whole. Beyond a thousand it says no more.
CREATE MACRO ratio(part, whole) AS
    CASE WHEN whole > 0 THEN
        CASE WHEN part / whole > 1000 THEN 1000 WHEN part / whole < -1000 THEN -1000
        ELSE part / whole END
    END;
-- Faster than count(*) FILTER; count_if is not it, being NULL when the condition always is.
CREATE MACRO count_where(condition) AS count(CASE WHEN condition THEN 1 END);
-- The last known value; the highest, if there are several at that time.
CREATE MACRO latest(value, time) AS arg_max(value, (time, value));
-- Least squares from exact sums: the change of `value` per unit of `time` over the rows chosen.
CREATE MACRO slope(value, time, chosen) AS (
    (
        count(value + time) FILTER (chosen) * CAST(sum(value * time) FILTER (chosen) AS DOUBLE)
        - CAST(sum(value) FILTER (chosen AND time IS NOT NULL) AS DOUBLE)
        * CAST(sum(time) FILTER (chosen AND value IS NOT NULL) AS DOUBLE)
    ) / nullif(
        count(value + time) FILTER (chosen)
        * CAST(sum(time * time) FILTER (chosen AND value IS NOT NULL) AS DOUBLE)
        - CAST(sum(time) FILTER (chosen AND value IS NOT NULL) AS DOUBLE) ** 2, 0
    )
);
"""


@dataclass(frozen=True, slots=True)
class Table:
    """file : the published name, without suffix; reads : the views that its SQL uses.

    past : what holds of a row that was known on the day of the application. A view has no others,
        so that no SQL can look into the future.
    """

    file: str
    reads: tuple[str, ...]
    past: str


# The one that needs the most memory comes first, while nothing else is held yet.
TABLES = {
    "installments_payments": Table(
        "installments_payments",
        ("installments_payments",),
        "DAYS_INSTALMENT <= 0 AND coalesce(DAYS_ENTRY_PAYMENT, 0) <= 0",
    ),
    "bureau": Table(
        "bureau",
        ("bureau",),
        "DAYS_CREDIT <= 0 AND coalesce(DAYS_CREDIT_UPDATE, 0) <= 0"
        " AND coalesce(DAYS_ENDDATE_FACT, 0) <= 0",
    ),
    "bureau_balance": Table("bureau_balance", ("bureau_balance", "bureau"), "MONTHS_BALANCE <= 0"),
    "previous_application": Table(
        "previous_application", ("previous_application",), "DAYS_DECISION <= 0"
    ),
    "pos_cash_balance": Table("POS_CASH_balance", ("pos_cash_balance",), "MONTHS_BALANCE <= 0"),
    "credit_card_balance": Table(
        "credit_card_balance", ("credit_card_balance",), "MONTHS_BALANCE <= 0"
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """original : the file as given; plain : the same as a plain CSV; header : its column names."""

    original: Path
    plain: Path
    header: list[str]


@dataclass(frozen=True, slots=True)
class Aggregates:
    """ids (n) of the applicants that a table knows; columns: name -> float64 (n,)."""

    ids: list[str]
    columns: dict[str, Floats]


@contextmanager
def connect(scratch: Path, *, threads: int = THREADS) -> Iterator[Database]:
    """A database of bounded memory that spills into a folder."""
    settings = {
        "threads": threads,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(scratch),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=settings) as database:
        database.execute(MACROS)
        # Without both, query_progress() stays at -1.
        database.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        yield database


def aggregate(database: Database, table: str, sources: Mapping[str, Source]) -> Aggregates:
    """Run the SQL file of a table.

    sources : what every view that the SQL reads is made of
    Raises DatasetError when a file is damaged or lacks a column that the SQL uses.
    """
    sql = Path(__file__).with_name(f"{table}.sql").read_text(encoding="utf-8")
    files = " or ".join(str(source.original) for source in sources.values())
    try:
        for view, source in sources.items():
            _add_view(database, view, source)
        columns = ", ".join(f"CAST({name} AS DOUBLE) AS {name}" for name in _names(table))
        query = database.sql(sql).filter(f"{ID} IS NOT NULL").project(f"{ID}, {columns}")
        found = _fetch_with_bar(database, query, table)
    except duckdb.BinderException as error:
        raise DatasetError(f"{files} lacks a column. {_first(error)}") from error
    except duckdb.Error as error:
        raise DatasetError(f"{files} cannot be aggregated. {_first(error)}") from error
    return Aggregates(found[ID].tolist(), {name: _floats(found[name]) for name in _names(table)})


def join(parts: Iterable[Aggregates]) -> tuple[list[str], dict[str, Floats]]:
    """Put the tables side by side: sorted ids (n), every name of history.csv -> float64 (n,).

    Takes the parts apart, because hundreds of columns need not be held twice.
    """
    parts = list(parts)
    ids = sorted({applicant for part in parts for applicant in part.ids})
    row_of = {applicant: row for row, applicant in enumerate(ids)}
    joined: dict[str, Floats] = {}
    for part in parts:
        rows = np.array([row_of[applicant] for applicant in part.ids], np.intp)
        for name in list(part.columns):
            joined[name] = np.full(len(ids), np.nan)
            joined[name][rows] = part.columns.pop(name)
    nothing = np.full(len(ids), np.nan)
    return ids, {name: joined.get(name, nothing) for name in HISTORY}


def _names(table: str) -> list[str]:
    return [name for name, column in HISTORY.items() if column.source == table]


def _add_view(database: Database, view: str, source: Source) -> None:
    """A view on the past of a CSV, with types that are said, not guessed from its first rows."""
    types = {name: _type(name) for name in source.header}
    known = ", ".join(f'"{name}"' for name, kind in types.items() if kind)
    table = database.read_csv(
        str(source.plain),
        auto_detect=False,
        buffer_size=8 << 20,
        columns={name: kind or "VARCHAR" for name, kind in types.items()},
        na_values=MISSING,
        header=True,
        sep=",",
        quotechar='"',
        escapechar='"',
    )
    table.filter(TABLES[view].past).project(known).create_view(view)


def _type(name: str) -> str | None:
    return next((kind for beginnings, kind in TYPES.items() if name.startswith(beginnings)), None)


def _fetch_with_bar(database: Database, query: Query, table: str) -> dict[str, Any]:
    layout = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
    bar = tqdm(total=100, desc=f"aggregate {table}", bar_format=layout, disable=None)
    with ThreadPoolExecutor(1) as pool, bar:
        running: Future[dict[str, Any]] = pool.submit(query.fetchnumpy)
        try:
            while wait([running], timeout=0.2).not_done:
                bar.update(max(database.query_progress() - bar.n, 0))
        except KeyboardInterrupt:
            database.interrupt()
            raise
        bar.update(100 - bar.n)
        return running.result()


def _floats(values: npt.NDArray[Any]) -> Floats:
    """Missing, and what a file may spell inf or nan, as NaN; adding 0.0 turns -0.0 into 0.0."""
    floats = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    return np.where(np.isfinite(floats), floats, np.nan) + 0.0


def _first(error: Exception) -> str:
    """What DuckDB says, without its advice on its own options."""
    return " ".join(str(error).split("Possible ")[0].split("\n\n")[0].split())
