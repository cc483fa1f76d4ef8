"""History features as people usually write them: dummies, a groupby a table, functions per group.

Not the features of this package, and none of its tuning: what a notebook does with these tables, so
that time and memory have something to be compared with that was not written to win.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

ID = "SK_ID_CURR"
STATISTICS = ["min", "max", "mean", "sum", "var"]
# Table -> what orders its rows in time, the newest first, and what its trend is taken of.
TRENDS = {
    "POS_CASH_balance": ("MONTHS_BALANCE", "SK_DPD"),
    "installments_payments": ("DAYS_INSTALMENT", "AMT_PAYMENT"),
    "credit_card_balance": ("MONTHS_BALANCE", "AMT_BALANCE"),
}
ROWS_OF_A_TREND = 12


def history_as_usual(folder: Path) -> pd.DataFrame:
    """One row an applicant, all tables side by side."""
    return pd.concat(list(_tables(folder)), axis=1)


def _tables(folder: Path) -> Iterator[pd.DataFrame]:
    yield _bureau(folder)
    yield _aggregated(pd.read_csv(folder / "previous_application.csv"), "PREVIOUS")
    for table, (when, what) in TRENDS.items():
        rows = pd.read_csv(folder / f"{table}.csv")
        yield _aggregated(rows, table)
        yield _trends(rows, table, when, what)


def _bureau(folder: Path) -> pd.DataFrame:
    balances = _with_dummies(pd.read_csv(folder / "bureau_balance.csv"))
    of_credits = balances.groupby("SK_ID_BUREAU").agg(["min", "max", "mean"])
    of_credits.columns = ["_".join(pair) for pair in of_credits.columns]
    credits_ = pd.read_csv(folder / "bureau.csv").join(of_credits, on="SK_ID_BUREAU")
    return _aggregated(credits_, "BUREAU")


def _aggregated(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    numbers = _with_dummies(rows).drop(columns=["SK_ID_BUREAU", "SK_ID_PREV"], errors="ignore")
    found = numbers.groupby(ID).agg(STATISTICS)
    found.columns = [f"{prefix}_{'_'.join(pair)}" for pair in found.columns]
    return found


def _with_dummies(rows: pd.DataFrame) -> pd.DataFrame:
    words = [name for name in rows if not pd.api.types.is_numeric_dtype(rows[name])]
    return pd.get_dummies(rows, columns=words, dummy_na=True, dtype=np.float64)


def _trends(rows: pd.DataFrame, prefix: str, when: str, what: str) -> pd.DataFrame:
    """The slope of each applicant's last rows, one applicant at a time."""

    def slope(own: pd.DataFrame) -> float:
        last = own.sort_values(when)[what].dropna().to_numpy()[-ROWS_OF_A_TREND:]
        return float(np.polyfit(np.arange(len(last)), last, 1)[0]) if len(last) > 1 else np.nan

    return rows.groupby(ID)[[when, what]].apply(slope).rename(f"{prefix}_TREND").to_frame()
