"""Every score once and none lost, whatever happens on the way."""

import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb
import pytest
from credit_scoring.aws.storage import Store
from credit_scoring.errors import StorageUnavailable
from credit_scoring.stored.score_records import LINES

from functions.drift_monitor.records import compaction
from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.records.reading import read_window
from tests.functions.drift_monitor.lender import DAY, SCHEMA


class Killed(Exception):
    """The process ended here."""


@dataclass
class Faulty:
    """A store whose calls fail as a schedule says: before they did anything, or after.

    faults : for each call to come, "" (none), "before", "after" or "killed"
    """

    store: Store
    faults: list[str] = field(default_factory=list)

    def _around(self, name, *arguments, **options):
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise StorageUnavailable(name, "slow")
        answer = getattr(self.store, name)(*arguments, **options)
        if isinstance(answer, Iterator):
            answer = iter(list(answer))
        if fault == "after":
            raise StorageUnavailable(name, "slow")
        if fault == "killed":
            raise Killed
        return answer

    def __getattr__(self, name):
        return lambda *arguments, **options: self._around(name, *arguments, **options)


def query(lender, text):
    folder = lender.records.folder
    depths = {"scores": "*", "values": "*/*", "refusals": "*"}
    named = {table: f"'{folder}/{table}/{stars}/*.parquet'" for table, stars in depths.items()}
    return duckdb.sql(text.format(**named)).fetchall()


def ids(lender, table):
    return sorted(score_id for (score_id,) in query(lender, f"SELECT score_id FROM {{{table}}}"))


def fill(lender, seed=0):
    """Two days, two ways, some of it twice; returns how many scores that are."""
    lender.record_scores(30, seed=seed + 3, branch="paris-01")
    lender.record_scores(20, seed=seed + 4, branch="lyon-02", day=DAY - timedelta(days=1))
    lender.record_scores(10, seed=seed + 5)
    key = next(key for key in lender.records.list(LINES) if key.endswith(".gz"))
    lender.records.write(f"{key}.again.gz", lender.records.read(key))  # delivered twice
    lender.refuse("paris-01", [("unknown_category", "NAME_INCOME_TYPE", 7)])
    return 60


def check_whole(lender, count):
    found = ids(lender, "scores")
    assert len(found) == len(set(found)) == count
    joined = "SELECT score_id FROM {scores} JOIN {values} USING (score_id, part)"
    assert sorted(score_id for (score_id,) in query(lender, joined)) == found
    assert query(lender, "SELECT field, sum(refused) FROM {refusals} GROUP BY 1") == [
        ("NAME_INCOME_TYPE", 7)
    ]
    assert list(lender.records.list("incoming/")) == []


def test_what_arrived_becomes_one_file_a_day_and_each_score_counts_once(lender):
    count = fill(lender)
    assert compact(lender.records).objects == 5
    check_whole(lender, count)
    version = lender.model.version
    assert list(lender.records.list("")) == [
        "refusals/date=2026-03-10/refusals.parquet",
        "scores/date=2026-03-09/scores.parquet",
        "scores/date=2026-03-10/scores.parquet",
        *lender.records.list(f"values/date=2026-03-09/model={version}/"),
        *lender.records.list(f"values/date=2026-03-10/model={version}/"),
    ]
    assert len(list(lender.records.list("values/"))) == 2


def test_one_line_of_sql_reads_the_folder(lender):
    fill(lender)
    compact(lender.records)
    found = query(lender, "SELECT branch, count(*), round(avg(pd), 2) > 0 FROM {scores}"
                          " WHERE purpose = 'batch' GROUP BY branch ORDER BY branch")  # fmt: skip
    assert found == [("lyon-02", 20, True), ("paris-01", 30, True)]
    joined = query(lender, "SELECT count(features.EXT_SOURCE_2) FROM {scores} JOIN {values}"
                           " USING (score_id, part)")  # fmt: skip
    assert joined == [(60,)]


def test_what_comes_later_is_added_and_a_retry_adds_nothing(lender):
    count = fill(lender)
    compact(lender.records)
    lender.record_scores(30, seed=3, branch="paris-01")  # the same chunk, written again
    lender.record_scores(7, seed=8, branch="paris-01")
    compact(lender.records)
    check_whole(lender, count + 7)


@pytest.mark.parametrize("schedule", range(200))
def test_no_score_is_lost_or_counted_twice_whatever_fails(lender, schedule):
    lot = random.Random(schedule)
    count = fill(lender)
    store = Faulty(lender.records)
    for _ in range(lot.randint(1, 4)):
        before = [""] * lot.randint(0, 30)
        store.faults = [*before, lot.choice(("before", "after", "killed"))]
        try:
            compact(store)
        except (StorageUnavailable, Killed):
            continue
    compact(lender.records)
    check_whole(lender, count)


def test_two_runs_at_once_lose_nothing(lender, monkeypatch):
    count = fill(lender)
    write, second = compaction._write, iter([True])

    def interrupted(*given, **named):
        if next(second, False):  # another run does it all while this one has read
            compact(lender.records)
        write(*given, **named)

    monkeypatch.setattr(compaction, "_write", interrupted)
    compact(lender.records)
    check_whole(lender, count)


def test_groups_are_bounded_and_all_are_taken(lender, monkeypatch):
    monkeypatch.setattr(compaction, "GROUP_BYTES", 1)
    count = fill(lender)
    compact(lender.records)
    check_whole(lender, count)


@pytest.mark.parametrize(
    ("key", "data"),
    [
        (f"{LINES}a.gz", b"\x1f\x8bno gzip"),
        (f"{LINES}b.gz", gzip.compress(b'{"kind": "score"')),
        (f"{LINES}c.ndjson", b"not json\n"),
        ("incoming/chunks/d.npz", b"no arrays"),
    ],
    ids=["no gzip", "half a line", "no line", "no arrays"],
)
def test_what_cannot_be_read_is_kept_aside_and_harms_nothing_else(lender, key, data):
    count = fill(lender)
    lender.records.write(key, data)
    done = compact(lender.records)
    assert (done.objects, done.damaged) == (6, 1)
    check_whole(lender, count)
    assert lender.records.read(key.replace("incoming/", "damaged/")) == data


def test_scores_of_two_models_in_one_object_keep_their_own_features(lender):
    lender.record_scores(5, seed=3)
    [key] = lender.records.list(LINES)
    lines = gzip.decompress(lender.records.read(key)).decode()
    other = lines.replace(lender.model.version, "0123456789ab").replace(
        "EXT_SOURCE_2", "EXT_SOURCE_3"
    )
    other = other.replace('"score_id":"', '"score_id":"other-')
    lender.records.write(key, gzip.compress((lines + other).encode()))
    compact(lender.records)
    folder = lender.records.folder / f"values/date={DAY}/model=0123456789ab/*.parquet"
    [(count,)] = duckdb.sql(f"SELECT count(features.EXT_SOURCE_3) FROM '{folder}'").fetchall()
    assert count == 5
    window = read_window(lender.records, SCHEMA, lender.model.version, start=DAY, end=DAY)
    assert len(window.rows) == 5


def test_a_day_is_the_lenders(lender):
    lender.record_scores(1, seed=3)
    [key] = lender.records.list(LINES)
    text = gzip.decompress(lender.records.read(key)).decode()
    at = text.split('"scored_at":"')[1].split('"')[0]
    lender.records.write(key, gzip.compress(text.replace(at, "2026-03-11T00:30:00+01:00").encode()))
    compact(lender.records)
    [(day, moment)] = query(lender, "SELECT date, scored_at FROM {scores}")
    assert (day, str(moment)) == (date(2026, 3, 11), "2026-03-10 23:30:00")


def test_what_a_person_decided_stands_in_the_row_of_the_decision(lender):
    lender.record_scores(2, seed=3, who=[5, 6], branch="paris-01")
    lender.record_scores(1, seed=4, who=[5], name="a" * 32, decided="refuse")
    compact(lender.records)
    found = query(lender, "SELECT score_id, decided FROM {scores} WHERE applicant = 5 ORDER BY 2")
    assert found[0] == (f"{'a' * 32}-0", "refuse")
    assert found[1][1] is None


def as_earlier_versions_wrote(lender):
    """Files of scores that knew no decisions, and of nothing what the file held that brought it."""
    newer = {"scores/": "decided, content", "refusals/": "content"}
    for folder, names in newer.items():
        for key in list(lender.records.list(folder)):
            path = lender.records.folder / key
            rows = f"read_parquet('{path}', hive_partitioning = false)"
            duckdb.execute(
                f"CREATE OR REPLACE TABLE earlier AS SELECT * EXCLUDE ({names}) FROM {rows}"
            )
            duckdb.execute(f"COPY earlier TO '{path}' (FORMAT parquet)")


def test_a_file_of_an_earlier_version_is_read_and_added_to(lender):
    count = fill(lender)
    compact(lender.records)
    as_earlier_versions_wrote(lender)
    days = {"start": DAY - timedelta(days=1), "end": DAY}
    window = read_window(lender.records, SCHEMA, lender.model.version, **days)
    assert len(window.rows) == count
    assert window.refused == {"paris-01": {("NAME_INCOME_TYPE", "unknown_category"): 7}}
    lender.record_scores(1, seed=9, who=[5], decided="accept")
    compact(lender.records)
    check_whole(lender, count + 1)
    lender.refuse("paris-01", [("unknown_category", "NAME_INCOME_TYPE", 5)], name="another")
    compact(lender.records)
    assert query(lender, "SELECT sum(refused) FROM {refusals}") == [(12,)]


def test_whom_a_person_decided_on_counts_once_and_for_who_sent_them(lender):
    lender.record_scores(3, seed=3, who=[5, 6, 7], branch="paris-01", day=DAY - timedelta(days=1))
    lender.record_scores(2, seed=4, who=[5, 6], decided="accept")
    lender.record_scores(1, seed=5, who=[8], decided="refuse")  # whose file came long before
    compact(lender.records)
    days = {"start": DAY - timedelta(days=6), "end": DAY}
    window = read_window(lender.records, SCHEMA, lender.model.version, **days)
    assert window.totals == {"paris-01": 3}
