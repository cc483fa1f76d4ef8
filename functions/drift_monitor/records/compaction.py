"""From many small objects to one Parquet a day: every score once, none lost.

Files are rewritten under a condition and what arrived is deleted last. Whoever is stopped anywhere
in between leaves objects that the next run takes again, and a score that is in its file already is
not taken twice.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound

from functions.drift_monitor.records.database import Database, literal, open_database, quoted
from functions.drift_monitor.records.incoming import Arrivals
from functions.drift_monitor.records.layout import (
    DAMAGED,
    INCOMING,
    PART,
    REFUSAL_COLUMNS,
    SCORE_COLUMNS,
    refusals_key,
    refusals_of,
    scores_key,
    scores_of,
    values_folder,
)

# Unpacked bytes that are taken at once: what they become fits the function's memory and disk.
GROUP_BYTES = 256 * 2**20
TRIES = 5


@dataclass(frozen=True)
class Compacted:
    """objects : that were taken; damaged : of them, those that could not be read whole, which are
    kept under damaged/
    """

    objects: int = 0
    damaged: int = 0

    def __add__(self, other: "Compacted") -> "Compacted":
        return Compacted(self.objects + other.objects, self.damaged + other.damaged)


def compact(store: Store) -> Compacted:
    """Take everything that has arrived. Raises StorageError; the next run then goes on."""
    keys = list(store.list(INCOMING))  # once: what arrives meanwhile is for the next night
    done = Compacted()
    while keys:
        for attempt in range(1, TRIES + 1):
            try:
                group = _compact_group(store, keys)
                break
            except (AlreadyExists, ObjectNotFound):  # another run was faster: look again
                if attempt == TRIES:
                    raise
        done, keys = done + group, keys[group.objects :]
    return done


def _compact_group(store: Store, keys: Sequence[str]) -> Compacted:
    """Take as many of these objects as fit."""
    taken, damaged, size = 0, 0, 0
    read: list[str] = []
    with open_database() as database:
        arrivals = Arrivals(database)
        for key in keys:
            size += _take(store, arrivals, key, read)
            taken += 1
            if size >= GROUP_BYTES:
                break
        _write(store, database, arrivals, read, part=_name_part(keys[:taken]))
    for key in keys[:taken]:
        if key in arrivals.damaged:
            _set_aside(store, key, arrivals.damaged[key])
            damaged += 1
        store.delete(key)
    return Compacted(taken, damaged)


def _take(store: Store, arrivals: Arrivals, key: str, read: list[str]) -> int:
    """Its unpacked size; 0 where another run took it. read : keys that none did"""
    try:
        size = arrivals.add(key, store.read(key))
    except ObjectNotFound:
        return 0
    read.append(key)
    return size


def _set_aside(store: Store, key: str, data: bytes) -> None:
    """Raises ObjectNotFound where another run did, and somebody may be forgotten in it by now.

    But for the moment between look and write: who forgets looks once more half an hour later.
    """
    _must_wait_still(store, [key])
    with suppress(AlreadyExists):  # by a run that was stopped afterwards
        store.write(key.replace(INCOMING, DAMAGED, 1), data, if_absent=True)


def _must_wait_still(store: Store, keys: Sequence[str]) -> None:
    """Raises ObjectNotFound where another run has taken one of these objects since it was read.

    Whoever forgets an applicant takes what waits first: what is in memory here alone would bring
    them back.
    """
    waiting = set(store.list(INCOMING)) if keys else set()
    for key in keys:
        if key not in waiting:
            raise ObjectNotFound(key)


def _name_part(keys: Sequence[str]) -> str:
    """The same for the same objects, so that a run that was stopped here is repeated in place."""
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]


def _write(
    store: Store, database: Database, arrivals: Arrivals, read: Sequence[str], *, part: str
) -> None:
    """What scores rest on first: a score without it is told of, the other way round nothing is.

    read : keys of what arrived. Raises ObjectNotFound where another run has taken one since.
    """
    _must_wait_still(store, read)
    for number, (day, model, table, _) in enumerate(arrivals.values()):
        key = f"{values_folder(day, model)}{part}-{number}.parquet"
        _write_part(store, database, key, table, day, part)
    for day in arrivals.days:
        columns = {n: quoted(n) for n in SCORE_COLUMNS} | {PART: literal(part)}
        _merge(store, database, scores_key(day), "arrived_scores", day, columns, read)
    for day in arrivals.refusal_days:
        columns = {n: quoted(n) for n in REFUSAL_COLUMNS}
        _merge(store, database, refusals_key(day), "arrived_refusals", day, columns, read)


def _write_part(
    store: Store, database: Database, key: str, table: str, day: date, part: str
) -> None:
    columns = {n: quoted(n) for n in ("score_id", "inputs", "features")} | {PART: literal(part)}
    written = _save(database, _rows_once(table, day, columns))
    with suppress(AlreadyExists):  # of the same objects, by a run that was stopped afterwards
        store.write(key, written.read_bytes(), if_absent=True)
    written.unlink()


def _rows_once(table: str, day: date, columns: Mapping[str, str]) -> str:
    """A day's rows of a table, each score_id once. columns : name -> expression"""
    chosen = ", ".join(f"{expression} AS {quoted(name)}" for name, expression in columns.items())
    return (
        f"SELECT {chosen} FROM {table} WHERE day = CAST({literal(day)} AS DATE)"
        " QUALIFY row_number() OVER (PARTITION BY score_id) = 1"
    )


def _save(database: Database, query: str) -> Path:
    written = database.folder / "written.parquet"
    database.connection.execute(
        f"COPY ({query}) TO {literal(written)} (FORMAT parquet, COMPRESSION zstd)"
    )
    return written


def _merge(
    store: Store,
    database: Database,
    key: str,
    table: str,
    day: date,
    columns: Mapping[str, str],
    read: Sequence[str],
) -> None:
    """Add a day's rows of a table to its file; each score_id once."""
    found = database.fetch(store, key)
    # After its tag is known: whoever takes them from now on changes it.
    _must_wait_still(store, read)
    names = ", ".join(map(quoted, columns))
    fresh = _rows_once(table, day, columns)
    query, tag = fresh, ""
    if found:
        path, tag = found
        known = scores_of(path) if table == "arrived_scores" else refusals_of(path)
        query = (
            f"SELECT {names} FROM {known} UNION ALL BY NAME SELECT * FROM ({fresh})"
            f" WHERE score_id NOT IN (SELECT score_id FROM {known})"
        )
    written = _save(database, query)
    store.write(key, written.read_bytes(), if_absent=not tag, if_tag=tag)
    _forget_copies(written, *(found[:1] if found else ()))


def _forget_copies(*paths: Path) -> None:
    for path in paths:
        path.unlink()
