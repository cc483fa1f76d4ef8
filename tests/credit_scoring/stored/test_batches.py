"""The records of batches: who waits for a file sees how far it is, and nothing goes backwards."""

from dataclasses import replace

import boto3
import pytest
from credit_scoring.errors import BatchNotFound
from credit_scoring.stored.batches import BatchRecord, BatchTable, Wanted

from tests.credit_scoring.conftest import REGION


@pytest.fixture
def batches(aws):
    texts = ("branch", "batch", "kind", "received_at")
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName="batches",
        KeySchema=_keys("branch", "batch"),
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in texts],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "recent",
                "KeySchema": _keys("kind", "received_at"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return BatchTable("batches")


def _keys(*names):
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": n, "KeyType": k} for n, k in zip(names, kinds, strict=True)]


RECORD = BatchRecord("paris-01", "a.csv/v1", "2026-11-20T08:15:30+00:00", digest="d")
RUNNING = replace(RECORD, rows=100, model_version="m1")
OVER = replace(RUNNING, status="finished", scored=90, rejected=10, open_rejects=10)


def test_a_batch_is_queued_runs_and_ends(batches):
    batches.put_queued(RECORD)
    assert batches.get("paris-01", "a.csv/v1").status == "queued"
    batches.start(RUNNING)
    batches.add_done(RUNNING, rows=40)
    batches.add_done(RUNNING, rows=30)
    found = batches.get("paris-01", "a.csv/v1")
    assert (found.status, found.rows, found.rows_done) == ("running", 100, 70)
    batches.finish(OVER)
    found = batches.get("paris-01", "a.csv/v1")
    assert replace(found, updated_at="") == replace(OVER, rows_done=100)


@pytest.mark.parametrize(
    "late",
    [
        lambda table: table.put_queued(RECORD),
        lambda table: table.start(RUNNING),
        lambda table: table.add_done(RUNNING, rows=5),
    ],
)
def test_what_comes_after_the_end_changes_nothing(batches, late):
    batches.finish(OVER)
    before = batches.get("paris-01", "a.csv/v1")
    late(batches)
    assert batches.get("paris-01", "a.csv/v1") == before


def test_rows_that_were_counted_twice_never_exceed_the_file(batches):
    batches.put_queued(RECORD)
    batches.start(RUNNING)
    for _ in range(3):
        batches.add_done(RUNNING, rows=60)
    assert batches.get("paris-01", "a.csv/v1").rows_done == 100


def test_open_rejects_only_become_fewer(batches):
    batches.finish(OVER)
    for count in (4, 7, 4):
        batches.set_open_rejects("paris-01", "a.csv/v1", count)
    assert batches.get("paris-01", "a.csv/v1").open_rejects == 4
    batches.finish(OVER)
    assert batches.get("paris-01", "a.csv/v1").open_rejects == 4


def test_open_rejects_of_a_batch_that_is_unknown_make_no_record(batches):
    batches.set_open_rejects("paris-01", "gone.csv/v", 3)
    with pytest.raises(BatchNotFound):
        batches.get("paris-01", "gone.csv/v")


def fill(batches, count):
    """Two of three are of Paris."""
    for n in range(count):
        branch = "lyon-02" if n % 3 == 0 else "paris-01"
        at = f"2026-11-20T08:{n:02}:00+00:00"
        batches.put_queued(BatchRecord(branch, f"{n}.csv/v", at, digest="d"))


@pytest.mark.parametrize(
    ("branches", "count"), [(None, 12), (["paris-01"], 8), (["lyon-02"], 4), (["lyon-02", "x"], 4)]
)
@pytest.mark.parametrize("limit", [1, 3, 5, 50])
def test_pages_hold_every_batch_once_the_newest_first(batches, branches, count, limit):
    fill(batches, 12)
    found, cursor = [], None
    while True:
        page = batches.newest(Wanted(branches), limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert len({record.batch for record in found}) == len(found) == count
    times = [record.received_at for record in found]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "é", "bnVsbA==", "WyJhIl0=", "WyIiLCIiLCIiXQ=="])
def test_a_cursor_of_somebody_s_own_making_is_refused(batches, cursor):
    with pytest.raises(ValueError):  # noqa: PT011  (each in its own words)
        batches.newest(cursor=cursor)
