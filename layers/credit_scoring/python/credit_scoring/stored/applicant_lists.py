"""What a list shows of applicants, as columns: searched, sorted and counted in memory.

A search over the profiles themselves would read each of them, and an index of DynamoDB serves one
order and no total. So whoever keeps profiles writes a *part* beside them, a compressed file of a
few dozen bytes an applicant, and now and then a branch's parts are merged into its *base*:

    <branch>/base.npz
    <branch>/parts/<name>.npz

Of several rows of one applicant the newest counts, so parts can be merged in any order and twice:
a worker that is killed between writing a base and deleting its parts leaves nothing wrong.
"""

import io
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import compressed
from credit_scoring.aws.clients import PARALLEL_CALLS
from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound, StorageUnavailable

BASE, PARTS = "base.npz", "parts/"
# A base is written anew when so many parts lie beside it: few files to read, few bases to write.
MOST_PARTS = 16
# Somebody merges while we read: look again, so often.
LOOKS = 5


@dataclass(frozen=True)
class ApplicantRows:
    """One entry an applicant; NaN or b"" where nothing is known.

    ids : sorted, each once; branches, income_types, versions : all of them UTF-8, bytes (n,)
    updated, scored : int64 (n,), milliseconds since 1970: when the branch sent the application, and
        when the model looked at it
    amounts, incomes, ages : float64 (n,); missing_scores : int8 (n,), external scores not given
    pds : float64 (n,); verdicts, bands : int8 (n,), positions in VERDICTS and RISK_BANDS
    causes : uint8 (n,), one bit for each of review.CAUSES
    versions : the model that scored the row
    """

    ids: NDArray[np.bytes_]
    branches: NDArray[np.bytes_]
    updated: NDArray[np.int64]
    scored: NDArray[np.int64]
    amounts: NDArray[np.float64]
    incomes: NDArray[np.float64]
    ages: NDArray[np.float64]
    income_types: NDArray[np.bytes_]
    missing_scores: NDArray[np.int8]
    pds: NDArray[np.float64]
    verdicts: NDArray[np.int8]
    bands: NDArray[np.int8]
    causes: NDArray[np.uint8]
    versions: NDArray[np.bytes_]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, places: NDArray[Any]) -> "ApplicantRows":
        """places : bool (n,) or positions"""
        return ApplicantRows(*(getattr(self, each.name)[places] for each in fields(self)))

    def to_bytes(self) -> bytes:
        return compressed({each.name: getattr(self, each.name) for each in fields(self)})

    @classmethod
    def from_bytes(cls, data: bytes) -> "ApplicantRows":
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(*(arrays[each.name] for each in fields(cls)))

    @cached_property
    def orders(self) -> dict[str, NDArray[np.int32]]:
        """By name of a column: positions in its ascending order, filled by who sorts."""
        return {}


def merged(rows: Sequence[ApplicantRows]) -> ApplicantRows:
    """All of them, by id; of one applicant's rows the newest, of these the last scored."""
    whole = ApplicantRows(
        *(np.concatenate([getattr(one, each.name) for one in rows]) for each in fields(rows[0]))
    )
    order = np.lexsort((whole.scored, whole.updated, whole.ids))
    ids = whole.ids[order]
    is_last = np.append(ids[1:] != ids[:-1], True) if len(ids) else np.zeros(0, np.bool_)
    return whole.take(order[is_last])


def no_rows() -> ApplicantRows:
    kinds: dict[str, Any] = dict.fromkeys(("ids", "branches", "income_types", "versions"), "S1")
    kinds |= dict.fromkeys(("updated", "scored"), np.int64)
    kinds |= dict.fromkeys(("missing_scores", "verdicts", "bands"), np.int8)
    kinds["causes"] = np.uint8
    return ApplicantRows(
        *(np.zeros(0, kinds.get(each.name, np.float64)) for each in fields(ApplicantRows))
    )


@dataclass(frozen=True)
class ApplicantLists:
    """The lists of all branches, under a prefix of their own."""

    store: Store

    def add(self, branch: str, name: str, rows: ApplicantRows) -> None:
        """name : unique within the branch; the same name writes the same part again"""
        if len(rows):
            self.store.write(f"{branch}/{PARTS}{name}.npz", rows.to_bytes())

    def files(self, branch: str | None) -> dict[str, dict[str, str]]:
        """By branch (None: of all) the files that make its list, each with what it was like."""
        found: dict[str, dict[str, str]] = {}
        for key, tag in self.store.list_tagged(f"{branch}/" if branch else ""):
            found.setdefault(key.split("/", 1)[0], {})[key] = tag
        return found

    def read(self, keys: Iterable[str]) -> list[ApplicantRows]:
        """Raises ObjectNotFound when one was merged away meanwhile."""
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            return [ApplicantRows.from_bytes(data) for data in pool.map(self.store.read, keys)]

    def merge(self, branch: str, *, most_parts: int = MOST_PARTS) -> bool:
        """Put a branch's parts into its base, if there are more than so many; whether it did."""
        keys = self.files(branch).get(branch, {})
        parts = sorted(key for key in keys if key != f"{branch}/{BASE}")
        if len(parts) <= most_parts:
            return False
        with suppress(AlreadyExists, ObjectNotFound):  # somebody else merges: the parts are theirs
            self._merge(f"{branch}/{BASE}", parts)
            return True
        return False

    def branches_of(self, applicant_id: str) -> list[str]:
        """In whose lists an applicant is, or was before a newer row."""
        name = applicant_id.encode()
        branches = self.files(None)
        return [branch for branch in branches if any(name in r.ids for r in self._rows(branch))]

    def remove(self, applicant_id: str) -> int:
        """Take an applicant out of every list; of how many. Only files that hold them change.

        Raises AlreadyExists when a file is merged at the same time: start again.
        """
        found = self.branches_of(applicant_id)
        for branch in found:
            for key in self.files(branch)[branch]:
                data, tag = self.store.read_tagged(key)
                rows = ApplicantRows.from_bytes(data)
                others = rows.ids != applicant_id.encode()
                if not others.all():
                    self.store.write(key, rows.take(others).to_bytes(), if_tag=tag)
        return len(found)

    def _rows(self, branch: str) -> list[ApplicantRows]:
        return self.read(self.files(branch).get(branch, {}))

    def _merge(self, base: str, parts: Sequence[str]) -> None:
        try:
            data, tag = self.store.read_tagged(base)
            before = [ApplicantRows.from_bytes(data)]
        except ObjectNotFound:
            before, tag = [], ""
        rows = merged([*before, *self.read(parts)])
        self.store.write(base, rows.to_bytes(), if_absent=not tag, if_tag=tag)
        for part in parts:
            self.store.delete(part)


@dataclass
class CachedLists:
    """What one process has read of the lists: each look reads what is new, and nothing else."""

    lists: ApplicantLists
    _branches: dict[str, tuple[dict[str, str], ApplicantRows]] = field(default_factory=dict)
    _views: dict[tuple[str, ...], tuple[list[ApplicantRows], ApplicantRows]] = field(
        default_factory=dict
    )

    def rows(self, branches: Sequence[str] | None) -> ApplicantRows:
        """Of these branches (None: of all) together, as they stand now.

        Raises StorageUnavailable.
        """
        for _ in range(LOOKS):
            with suppress(ObjectNotFound):
                return self._look(branches)
        raise StorageUnavailable("read_lists", "merged meanwhile")

    def _look(self, branches: Sequence[str] | None) -> ApplicantRows:
        files: dict[str, dict[str, str]] = {}
        for branch in [None] if branches is None else branches:
            files |= self.lists.files(branch)
        own = [self._branch(branch, files[branch]) for branch in sorted(files)]
        return self._together(tuple(sorted(files)), own)

    def _branch(self, branch: str, files: dict[str, str]) -> ApplicantRows:
        known, rows = self._branches.get(branch, ({}, no_rows()))
        if files != known:
            base = f"{branch}/{BASE}"
            goes_on = known.get(base) == files.get(base) and known.items() <= files.items()
            wanted = files.keys() - known.keys() if goes_on else files.keys()
            new = self.lists.read(sorted(wanted))
            rows = merged([*([rows] if goes_on else []), *new]) if new else rows
            self._branches[branch] = files, rows
        return rows

    def _together(self, names: tuple[str, ...], own: list[ApplicantRows]) -> ApplicantRows:
        if len(own) == 1:
            return own[0]
        known, rows = self._views.get(names, ([], no_rows()))
        if len(known) != len(own) or any(a is not b for a, b in zip(known, own, strict=True)):
            rows = merged(own) if own else no_rows()
            self._views = {names: (own, rows)}  # one view at a time: it is as large as the lists
        return rows
