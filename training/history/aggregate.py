"""Run the SQL of one secondary table out of core, and join what the tables give."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
from credit_scoring.contract import HISTORY, ID
from credit_scoring.errors import DatasetError
from tqdm import tqdm

type Floats = npt.NDArray[np.float64]
# duckdb.DuckDBPyConnection and DuckDBPyRelation, which mypy does not follow.
type Database = Any
type Query = Any

MEMORY_LIMIT = "2GB"
# A sum of floats depends on the order of its terms. One thread keeps that order, so the same files
# give the same bits, hence the same model version, on every machine; between one thread and two,
# 65,019 of 100,000 sums of amounts differed in their last bits.
THREADS = 1

TEXT_COLUMNS = {
    *("SK_ID_CURR", "SK_ID_PREV", "SK_ID_BUREAU"),
    *("CREDIT_ACTIVE", "CREDIT_CURRENCY", "CREDIT_TYPE", "STATUS"),
    *("NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS", "NAME_CASH_LOAN_PURPOSE", "NAME_PAYMENT_TYPE"),
    *("NAME_TYPE_SUITE", "NAME_CLIENT_TYPE", "NAME_GOODS_CATEGORY", "NAME_PORTFOLIO"),
    *("NAME_PRODUCT_TYPE", "NAME_SELLER_INDUSTRY", "NAME_YIELD_GROUP", "PRODUCT_COMBINATION"),
    *("WEEKDAY_APPR_PROCESS_START", "FLAG_LAST_APPL_PER_CONTRACT", "CODE_REJECT_REASON"),
    "CHANNEL_TYPE",
}


@dataclass(frozen=True, slots=True)
class Table:
    """file : the published name, without suffix; reads : the views that its SQL uses."""

    file: str
    reads: tuple[str, ...]


TABLES = {
    "bureau": Table("bureau", ("bureau",)),
    "bureau_balance": Table("bureau_balance", ("bureau_balance", "bureau")),
    "previous_application": Table("previous_application", ("previous_application",)),
    "pos_cash_balance": Table("POS_CASH_balance", ("pos_cash_balance",)),
    "credit_card_balance": Table("credit_card_balance", ("credit_card_balance",)),
    "installments_payments": Table("installments_payments", ("installments_payments",)),
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
def connect(scratch: Path) -> Iterator[Database]:
    """A database of bounded memory that spills into a folder."""
    settings = {"threads": THREADS, "memory_limit": MEMORY_LIMIT, "temp_directory": str(scratch)}
    with duckdb.connect(config=settings) as database:
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
        query = database.sql(sql).filter(f"{ID} IS NOT NULL")
        found = _fetch_with_bar(database, query, table)
    except duckdb.BinderException as error:
        raise DatasetError(f"{files} lacks a column. {_first(error)}") from error
    except duckdb.Error as error:
        raise DatasetError(f"{files} cannot be aggregated. {_first(error)}") from error
    return Aggregates(found[ID].tolist(), {name: _floats(found[name]) for name in _names(table)})


def join(parts: Iterable[Aggregates]) -> tuple[list[str], dict[str, Floats]]:
    """Put the tables side by side: sorted ids (n), every name of history.csv -> float64 (n,)."""
    parts = list(parts)
    ids = sorted({applicant for part in parts for applicant in part.ids})
    row_of = {applicant: row for row, applicant in enumerate(ids)}
    joined = {name: np.full(len(ids), np.nan) for name in HISTORY}
    for part in parts:
        rows = [row_of[applicant] for applicant in part.ids]
        for name, values in part.columns.items():
            joined[name][rows] = values
    return ids, joined


def _names(table: str) -> list[str]:
    return [name for name, column in HISTORY.items() if column.source == table]


def _add_view(database: Database, view: str, source: Source) -> None:
    """A view on a CSV whose types are said, not guessed from its first rows."""
    types = {name: "VARCHAR" if name in TEXT_COLUMNS else "DOUBLE" for name in source.header}
    dialect = {"header": True, "sep": ",", "quotechar": '"', "escapechar": '"'}
    table = database.read_csv(str(source.plain), auto_detect=False, columns=types, **dialect)
    table.create_view(view)


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
