"""A table that takes less than a file brings: nothing is given up while there is time.

The table here is the far end of the connection: it counts items by the second, answers as DynamoDB
does, and lives in a clock that runs faster than ours.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from credit_scoring.aws import http_calls
from credit_scoring.aws.http_calls import HttpResponse, time_limit
from credit_scoring.aws.signed_calls import connections
from credit_scoring.errors import StorageUnavailable
from credit_scoring.stored.profiles import Profile, ProfileTable

THROTTLED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'
LAMBDA_SECONDS = 900 - 15


class FastClock:
    """`time`, so many times as fast."""

    def __init__(self, speed):
        self.speed = speed

    def monotonic(self):
        return time.monotonic() * self.speed

    def sleep(self, seconds):
        time.sleep(seconds / self.speed)


class Table:
    """Takes so many items in each second, hands the rest of a call back, refuses all others."""

    def __init__(self, clock, items_a_second):
        self.clock, self.rate = clock, items_a_second
        self.lock, self.second, self.room = Lock(), 0, 0
        self.items, self.refused, self.handed_back = {}, 0, 0

    def exchange(self, base, service, sent, timeouts):
        [(name, puts)] = json.loads(sent[2])["RequestItems"].items()
        with self.lock:
            taken, left = self._take(puts)
        if not taken:
            return HttpResponse(400, {}, THROTTLED)
        unprocessed = {name: left} if left else {}
        return HttpResponse(200, {}, json.dumps({"UnprocessedItems": unprocessed}).encode())

    def _take(self, puts):
        second = int(self.clock.monotonic())
        if second != self.second:
            self.second, self.room = second, self.rate
        count = min(len(puts), self.room)
        self.room -= count
        self.refused += not count
        self.handed_back += bool(count) and count < len(puts)
        for put in puts[:count]:
            item = put["PutRequest"]["Item"]
            self.items[item["applicant_id"]["S"]] = item["source_file"]["S"]
        return puts[:count], puts[count:]


@pytest.fixture
def make_table(monkeypatch):
    for name, value in (
        ("REGION", "eu-west-3"),
        ("ACCESS_KEY_ID", "a"),
        ("SECRET_ACCESS_KEY", "b"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)

    def make(*, items_a_second, speed):
        clock = FastClock(speed)
        table = Table(clock, items_a_second)
        monkeypatch.setattr(http_calls, "time", clock)
        monkeypatch.setattr(connections, "exchange", table.exchange)
        return table

    return make


def test_sixty_chunks_by_ten_workers_all_succeed_on_a_table_that_takes_far_less(make_table):
    """About a tenth of 60 chunks of 5,000 on a table of 1,000 items a second, for a test's sake.

    Whole, with speed 6, it was measured as docs/batch.md tells.
    """
    table = make_table(items_a_second=110, speed=30)

    def score(number):
        began = table.clock.monotonic()
        chunk = [Profile(f"{number}-{row}", source_file=f"{number}") for row in range(500)]
        with time_limit(LAMBDA_SECONDS):
            ProfileTable("profiles").put_many(chunk)
        return table.clock.monotonic() - began

    with ThreadPoolExecutor(10) as workers:
        seconds = list(workers.map(score, range(60)))
    assert len(table.items) == 30_000
    # It was busy all the time.
    assert table.refused > 1_000
    assert table.handed_back > 10
    assert max(seconds) < LAMBDA_SECONDS / 2


def test_a_table_that_takes_nothing_is_given_up_at_the_limit_and_says_why(make_table):
    table = make_table(items_a_second=0, speed=1_000)
    began = table.clock.monotonic()
    with time_limit(60), pytest.raises(StorageUnavailable) as caught:
        ProfileTable("profiles").put_many([Profile("1")])
    assert caught.value.retryable
    assert caught.value.reason == "ProvisionedThroughputExceededException"
    assert 30 < table.clock.monotonic() - began < 120
