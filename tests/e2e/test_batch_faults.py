"""Whatever fails, whenever: every line comes back once, and the results are the same bytes.

The batch function's own handler, in real processes, before moto's server. Every test prints what it
did and counts lines that were lost, came back twice, or could be seen half written (torn).

    .venv/bin/python -m pytest -s tests/e2e/test_batch_faults.py

Sizes, by environment variable: FAULT_SEED (7), FAULT_KILLS (50), FAULT_ROWS (20000), FAULT_EVENTS
(1000), FAULT_WORKERS (16), FAULT_FILES (40), FAULT_PROMOTIONS (50), FAULT_LANES (2): how many calls
fail side by side.
"""

import json
import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import pytest
from credit_scoring.aws.storage import S3Store

from infra.local.ports import find_free_ports
from tests.e2e.batch_cloud import Cloud, Event, Results, folder_of, serve
from tests.e2e.batch_worker import CONTEXT, READ_TIMEOUT, TRIES, be_quiet, deliver, start
from tests.e2e.fault_proxy import KINDS, FaultProxy
from tests.functions.batch_scorer.branch import draw_rows, to_csv

pytestmark = pytest.mark.local_cloud("its cloud breaks on demand")


def size(name: str, default: int) -> int:
    return int(os.environ.get(f"FAULT_{name}", default))


SEED = size("SEED", 7)


@pytest.fixture(scope="module")
def cloud(small_model):
    [port] = find_free_ports(1)
    with serve(port) as address:
        cloud = Cloud(address)
        cloud.build()
        small_model.publish(S3Store("models", "models/", cloud.s3))
        yield cloud


def make_file(count: int, *, first_id: int = 200_001, seed: int = 3) -> bytes:
    """One line in ten is rejected; another one repeats an applicant."""
    rows = draw_rows(count, seed=seed, first_id=first_id)
    for row in rows[5::10]:
        row["AMT_CREDIT"] = "much"
    rows[-1]["SK_ID_CURR"] = rows[0]["SK_ID_CURR"]
    return to_csv(rows)


def run(cloud: Cloud, event: Event, **how: object) -> bool:
    process = start(cloud.address, event, **how)
    return ended(process)


def ended(process: BaseProcess) -> bool:
    """Whether its work is done; the alternative is an error that says: try again."""
    process.join(300)
    assert process.exitcode in (0, 1)
    return process.exitcode == 0


def undisturbed(cloud: Cloud, event: Event, **how: object) -> Results:
    assert run(cloud, event, **how)
    results = cloud.results(event)
    assert results is not None
    cloud.forget(event)
    return results


@dataclass
class Counts:
    """lost, duplicated : lines; torn : results that were seen and are not the whole ones"""

    lost: int = 0
    duplicated: int = 0
    torn: int = 0

    def compare(self, found: Results | None, expected: Results) -> None:
        lines = Counter(_lines(found))
        wanted = Counter(_lines(expected))
        self.lost += (wanted - lines).total()
        self.duplicated += (lines - wanted).total()
        self.torn += found != expected

    def check(self, what: str) -> None:
        print(f"\n{what}: {self.lost} lost, {self.duplicated} duplicated, {self.torn} torn")
        assert self == Counts()


def _lines(results: Results | None) -> list[bytes]:
    files = results.files.values() if results else ()
    return [line for body in files for line in body.splitlines()[1:]]


def test_a_worker_that_is_killed_again_and_again_leaves_the_same_bytes(cloud):
    kills, rows = size("KILLS", 50), size("ROWS", 20_000)
    event = cloud.upload(make_file(rows), "killed.csv", branch="killed")
    how = {"BATCH_CHUNK_ROWS": str(max(rows // 40, 1))}
    expected, chance, counts = undisturbed(cloud, event, **how), random.Random(SEED), Counts()
    killed = finished = 0
    while killed < kills:
        process = start(cloud.address, event, **how)
        process.join(chance.uniform(0.05, 1.0))
        if process.exitcode is None:
            process.kill()
            process.join()
            killed += 1
            counts.torn += is_torn(cloud, event, expected)
        else:
            assert ended(process)
            finished += 1
            counts.compare(cloud.results(event), expected)
            cloud.forget(event)
    while not run(cloud, event, **how):
        pass
    counts.compare(cloud.results(event), expected)
    assert cloud.listed("killed") == sorted(expected.ids("scores.csv"))
    counts.check(f"{killed} kills over {rows:,} rows, {finished + 1} times to the end")


def is_torn(cloud: Cloud, event: Event, expected: Results) -> bool:
    """Whether anybody could see something else than nothing or a whole file."""
    folder = f"scored/{folder_of(event)}/"
    seen = {key.removeprefix(folder): key for key in cloud.keys(folder)}
    whole = all(cloud.read(seen[n]) == body for n, body in expected.files.items() if n in seen)
    complete = "manifest.json" not in seen or expected.files.keys() <= seen.keys()
    return not (whole and complete)


def test_events_twice_and_in_any_order_give_each_file_its_own_results(cloud):
    n_files, n_events = size("FILES", 40), size("EVENTS", 1_000)
    workers, chance = size("WORKERS", 16), random.Random(SEED)
    how = {"BATCH_CHUNK_ROWS": "10"}
    # Every second key is written twice; the versions hold other applicants.
    names = [f"shuffled-{n - n % 4 // 3}.csv" for n in range(n_files)]
    events = [
        cloud.upload(make_file(25, first_id=300_000 + 100 * n, seed=n), name)
        for n, name in enumerate(names)
    ]
    expected = [undisturbed(cloud, event, **how) for event in events]
    sent = [events[n % n_files] for n in range(n_events)]
    chance.shuffle(sent)
    retries = 0
    with CONTEXT.Pool(workers, be_quiet) as pool:
        while sent:
            jobs = [
                (event, pool.apply_async(deliver, (cloud.address, event), how)) for event in sent
            ]
            sent = [event for event, job in jobs if not job.get(300)]
            retries += len(sent)
    counts = Counts()
    for event, results in zip(events, expected, strict=True):
        counts.compare(cloud.results(event), results)
    counts.check(f"{n_events} events of {n_files} files over {workers} workers, {retries} retries")


def test_every_call_to_aws_may_fail_once_in_any_way(cloud, small_model):
    lanes = [Lane(cloud, number) for number in range(size("LANES", 2))]
    calls = lanes[0].count_calls()
    tasks = [(at, kind) for at in range(calls) for kind in (*KINDS, OUTAGE)]
    random.Random(SEED).shuffle(tasks)
    with ThreadPoolExecutor(len(lanes)) as pool:
        list(pool.map(lambda n: lanes[n].work(tasks[n :: len(lanes)]), range(len(lanes))))
    counts = Counts(*(sum(getattr(lane.counts, n) for lane in lanes) for n in vars(Counts())))
    retries = sum((lane.retries for lane in lanes), Counter())
    for lane in lanes:
        lane.close()
    ways = f"{len(KINDS)} ways and as the first of an outage"
    counts.check(f"{calls} calls, each failing in {ways}, event retries {dict(retries)}")


# From one call on all of them fail, until the event is tried again.
OUTAGE = "outage"
HASTY = {"BATCH_CHUNK_ROWS": "4", "impatient": True}


class Lane:
    """A branch with a rejects file that it repairs and sends again, through a faulty network."""

    def __init__(self, cloud: Cloud, number: int) -> None:
        self.cloud, self.counts = cloud, Counts()
        self.retries: Counter[str] = Counter()
        self.branch, self.worker = f"lane-{number}", CONTEXT.Pool(1, be_quiet)
        self.proxy = FaultProxy(cloud.address, slow=READ_TIMEOUT + 0.4)
        body = make_file(60, first_id=500_000 + 1_000 * number, seed=50)
        self.original = cloud.upload(body, "original.csv", branch=self.branch)
        assert run(cloud, self.original, **HASTY)
        self.receipt = self._read_receipt()
        rejects = cloud.results(self.original).files["rejects.csv"]
        self.body = rejects.replace(b",much,", b",500000.5,", 4)
        self.expected, self.completed = self._expect()

    def count_calls(self) -> int:
        return len(self.calls)

    def close(self) -> None:
        self.proxy.close()
        self.worker.terminate()

    def _expect(self) -> tuple[Results, dict]:
        event = self._upload()
        self.proxy.arm()
        assert self._deliver(event)
        self.calls = list(self.proxy.calls)
        results, completed = self.cloud.results(event), self._completed(event)
        self._clean(event)
        return results.renamed("v"), completed

    def work(self, tasks: list[tuple[int, str]]) -> None:
        for at, kind in tasks:
            event = self._upload()
            self.proxy.arm(kind, at=at, times=10**6 if kind == OUTAGE else 1)
            for _ in range(TRIES):
                if self._deliver(event):
                    break
                self.retries[kind] += 1
                self.proxy.arm()  # it is over when the event is tried again
            found = self.cloud.results(event)
            self.counts.compare(found and found.renamed("v"), self.expected)
            self.counts.torn += self._completed(event) != self.completed
            self._clean(event)

    def _upload(self) -> Event:
        return self.cloud.upload(self.body, "repaired.csv", branch=self.branch)

    def _deliver(self, event: Event) -> bool:
        return self.worker.apply(deliver, (self.proxy.address, event), HASTY)

    def _read_receipt(self) -> bytes:
        return self.cloud.read(f"scored/{folder_of(self.original)}/manifest.json")

    def _completed(self, event: Event) -> dict:
        version = event["Records"][0]["s3"]["object"]["versionId"]
        receipt = self._read_receipt().decode().replace(version, "v")
        return json.loads(receipt).get("completed", {})

    def _clean(self, event: Event) -> None:
        """As if the repaired file had never come."""
        self.cloud.s3.put_object(
            Bucket="results",
            Key=f"scored/{folder_of(self.original)}/manifest.json",
            Body=self.receipt,
        )
        for key in self.cloud.keys(f"scored/{folder_of(self.original)}/completions/"):
            if key.endswith(".json"):
                self.cloud.s3.delete_object(Bucket="results", Key=key)


def test_one_model_scores_a_file_whatever_is_promoted_meanwhile(cloud, small_model):
    promotions = size("PROMOTIONS", 50)
    event = cloud.upload(make_file(4 * (promotions + 1)), "promoted.csv")
    how = {"BATCH_CHUNK_ROWS": "4"}
    expected = undisturbed(cloud, event, **how)
    models, invocations = S3Store("models", "models/", cloud.s3), 0
    try:
        # Without time, an invocation scores one chunk.
        while not run(cloud, event, remaining_ms=0, **how):
            small_model.publish(models, cutoff=0.01 + invocations / 1_000)
            invocations += 1
    finally:
        small_model.publish(models)
    assert invocations == promotions
    results, counts = cloud.results(event), Counts()
    counts.compare(results, expected)
    found = {line.rpartition(b",")[2] for line in results.files["scores.csv"].splitlines()[1:]}
    assert found == {expected.manifest["model"]["version"].encode()}
    counts.check(f"{promotions} promotions during one batch, {len(found)} model")
