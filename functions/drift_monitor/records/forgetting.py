"""Take an applicant's scores out of the records: whoever asks to be forgotten is.

What is replaced stays readable as an old version of its object for the days that the bucket keeps
those.
"""

from dataclasses import dataclass

from credit_scoring.aws.storage import Store

from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.records.database import Database, literal, open_database
from functions.drift_monitor.records.layout import SCORES, VALUES
from functions.drift_monitor.records.set_aside import forget_set_aside


@dataclass(frozen=True)
class Forgotten:
    """scores : of the applicant; set_aside : lines and objects that no table holds"""

    scores: int
    set_aside: int


def forget(store: Store, pseudonym: int) -> Forgotten:
    """Remove every score of an applicant, what it rests on, and what was set aside of theirs.

    pseudonym : as tables keep it, with a sign
    What has arrived is compacted first, so that no night brings it back. Values go before scores:
    whoever is stopped in between finds the scores again, and with them what is left to do.
    Raises StorageError, AlreadyExists when a compaction runs at the same time.
    """
    compact(store)
    set_aside = forget_set_aside(store, pseudonym)
    with open_database() as database:
        database.connection.execute("CREATE TABLE forgotten (score_id VARCHAR)")
        found = [key for key in store.list(SCORES) if _note(database, store, key, pseudonym)]
        days = {key.split("/")[1] for key in found}
        for key in store.list(VALUES):
            if key.split("/")[1] in days:
                _rewrite(database, store, key)
        for key in found:
            _rewrite(database, store, key)
        [(count,)] = database.connection.execute("SELECT count(*) FROM forgotten").fetchall()
    return Forgotten(int(count), set_aside)


def _note(database: Database, store: Store, key: str, pseudonym: int) -> bool:
    """Put the applicant's scores of one day into `forgotten`; whether there are any."""
    run = database.connection.execute
    copy = database.fetch(store, key)
    if copy is None:
        return False
    path, _ = copy
    own = f"SELECT score_id FROM read_parquet({literal(path)}) WHERE applicant = {int(pseudonym)}"
    [(count,)] = run(f"SELECT count(*) FROM ({own})").fetchall()
    run(f"INSERT INTO forgotten {own}")
    path.unlink()
    return bool(count)


def _rewrite(database: Database, store: Store, key: str) -> None:
    copy = database.fetch(store, key)
    if copy is None:
        return
    path, tag = copy
    written = database.folder / "without.parquet"
    database.connection.execute(
        f"COPY (SELECT * FROM read_parquet({literal(path)}, hive_partitioning = false)"
        " WHERE score_id NOT IN (SELECT score_id FROM forgotten))"
        f" TO {literal(written)} (FORMAT parquet, COMPRESSION zstd)"
    )
    store.write(key, written.read_bytes(), if_tag=tag)
    path.unlink()
    written.unlink()
