"""Categories with the shares they have among real applications.

The categories of the application come from the contract; those of the other tables, which have no
contract, from `frequencies.csv`, as all shares and effects on the risk do. An empty category there
is a missing value.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.columns import APPLICATION
from numpy.typing import NDArray

from training.sample_data.sampling import Integers

FREQUENCIES = Path(__file__).with_name("frequencies.csv")


@dataclass(frozen=True, slots=True)
class Category:
    """One column of categories.

    codes : int16 (n,), index in `names`, -1 where missing
    """

    codes: NDArray[np.int16]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: Integers | Flags) -> "Category":
        return Category(self.codes[rows], self.names)

    def equals(self, name: str) -> Flags:
        same: Flags = self.codes == self.names.index(name)
        return same

    def replaced(self, where: Flags, name: str | None) -> "Category":
        """The same column with another category, None for missing, in the rows that `where` is."""
        names = self.names if name is None or name in self.names else (*self.names, name)
        code = -1 if name is None else names.index(name)
        return Category(np.where(where, code, self.codes).astype(np.int16), names)


Columns = dict[str, NDArray[np.int64] | NDArray[np.float64] | Category]


def select(columns: Columns, rows: Integers | Flags) -> Columns:
    return {name: values[rows] for name, values in columns.items()}


def of_names(names: tuple[str, ...], codes: Integers | Flags) -> Category:
    return Category(codes.astype(np.int16), names)


def constant(name: str, n: int) -> Category:
    return Category(np.zeros(n, dtype=np.int16), (name,))


def combined(contexts: Integers, columns: list[Category]) -> Category:
    """Take row i from the column `contexts[i]`; a context without column is missing."""
    names = tuple(dict.fromkeys(name for column in columns for name in column.names))
    codes = np.full(len(contexts), -1, dtype=np.int16)
    for context, column in enumerate(columns):
        translation = np.array([*(names.index(name) for name in column.names), -1], dtype=np.int16)
        codes = np.where(contexts == context, translation[column.codes], codes)
    return Category(codes, names)


@cache
def _frequencies() -> dict[tuple[str, str, str], dict[str, tuple[float, float]]]:
    """(table, column, context) -> category -> (share, effect on the log-odds of a default)."""
    found: dict[tuple[str, str, str], dict[str, tuple[float, float]]] = defaultdict(dict)
    with FREQUENCIES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            effect = float(row["log_odds"] or 0)
            key = (row["table"], row["column"], row["context"])
            found[key][row["category"]] = (float(row["share"]), effect)
    return dict(found)


def draw(
    rng: np.random.Generator, table: str, column: str, n: int, *, context: str = ""
) -> Category:
    """Draw n categories of a column with their real shares."""
    shares = {name: share for name, (share, _) in _frequencies()[table, column, context].items()}
    known = (
        APPLICATION[column].categories if table == "application" else tuple(filter(None, shares))
    )
    weights = np.array([*(shares.get(name, 0.0) for name in known), shares.get("", 0.0)])
    codes = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(n), side="right")
    return Category(np.where(codes == len(known), -1, codes).astype(np.int16), known)


def draw_in_contexts(
    rng: np.random.Generator, table: str, column: str, contexts: Integers, names: tuple[str, ...]
) -> Category:
    """Draw one category per row, with the shares of the row's context.

    contexts : int64 (n,), index in `names`; a context for which the column has no shares is missing
    """
    known = [name if (table, column, name) in _frequencies() else None for name in names]
    columns = [
        of_names((), np.full(len(contexts), -1))
        if name is None
        else draw(rng, table, column, len(contexts), context=name)
        for name in known
    ]
    return combined(contexts, columns)


def risk_effect(column: str, category: Category) -> Numbers:
    """What each row's category of the application adds to the log-odds of a default."""
    effects = {
        name: effect
        for (table, of_column, _), found in _frequencies().items()
        if (table, of_column) == ("application", column)
        for name, (_, effect) in found.items()
    }
    by_code = np.array([*(effects.get(name, 0.0) for name in category.names), effects.get("", 0.0)])
    return by_code[category.codes]
