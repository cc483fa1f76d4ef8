"""What is known of the groups that applicants fall into, such as loans of one price and length.

Training makes a table from its own rows, never from their outcomes; the model's bundle keeps it,
and the one feature path looks applicants up in it, one or a million with the same bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from credit_scoring.arrays import Indices, Numbers

# Of a number that no group of the table has.
UNSEEN = -1


@dataclass(frozen=True)
class GroupTable:
    """Statistics of K groups.

    keys : the numbers that name the groups, ascending (K,)
    values : by feature, of each group (K,); None where too few of its members have a value
    """

    keys: tuple[float, ...]
    values: dict[str, tuple[float | None, ...]]

    @classmethod
    def of_lists(cls, content: Mapping[str, Any]) -> Self:
        """As JSON keeps it, which knows no tuples."""
        values = {name: tuple(each) for name, each in content["values"].items()}
        return cls(tuple(content["keys"]), values)

    def places(self, keys: Numbers) -> Indices:
        """Where each number's group stands, intp (n,); UNSEEN for other numbers, and for NaN."""
        found = np.searchsorted(self._keys, keys)
        return np.where(self._keys_and_end[found] == keys, found, UNSEEN)

    def column(self, name: str) -> Numbers:
        """A feature by place, float64 (K + 1,): NaN at the end serves UNSEEN."""
        return self._columns[name]

    @property
    def is_coherent(self) -> bool:
        keys = np.array(self.keys, np.float64)
        is_ordered = (keys >= 0).all() and (keys % 1 == 0).all() and (np.diff(keys) > 0).all()
        return bool(is_ordered) and all(len(each) == len(keys) for each in self.values.values())

    @cached_property
    def _keys(self) -> Numbers:
        return np.array(self.keys, np.float64)

    @cached_property
    def _keys_and_end(self) -> Numbers:
        return np.append(self._keys, np.nan)

    @cached_property
    def _columns(self) -> dict[str, Numbers]:
        # None becomes NaN.
        return {
            name: np.append(np.array(values, np.float64), np.nan)
            for name, values in self.values.items()
        }

    def __getstate__(self) -> dict[str, object]:
        """Training pickles pipelines; what is computed from a table is computed anew."""
        return {"keys": self.keys, "values": self.values}
