"""A promotion from the page, through the API, the promoter's own role, and into what serves."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.registry.bundle import FOREST
from credit_scoring.registry.champion import promote, read_champion

from infra.local.demo.running import PASSWORD
from infra.local.demo.target import DeployedStack, Reply, request
from infra.operate.publish import publish_version
from tests.model_variants import with_cutoff
from training.data.dataset import load_dataset
from training.promotion.promote import promote_if_better

SECONDS_IN_FORCE = 60
ALICE, BOB = "alice", "bob"


@dataclass(frozen=True)
class Versions:
    """first : the champion of the stack; compared : with it, and no worse; unknown : never."""

    first: str
    compared: str
    unknown: str


@pytest.fixture(scope="module")
def versions(target, plan, runner, tmp_path_factory) -> Versions:
    """Made and compared in a folder as training does, then put beside the stack's champion."""
    store = FolderStore(tmp_path_factory.mktemp("models"))
    first = read_champion(FolderStore(plan.models))
    copy_tree(plan.models / first.version, store.folder / first.version)
    promote(store, version=first.version, sha256=first.sha256, by="e2e", reason="a copy")
    compared, unknown = (with_cutoff(store, first.version, times) for times in (1.01, 1.02))
    result = promote_if_better(store, compared, load_dataset(plan.tables), by="e2e")
    assert result.promoted, result.refusals
    for version in (compared, unknown):
        publish_version(store.folder, version, outputs=target.outputs, access=target.access)
    return Versions(first.version, compared, unknown)


def copy_tree(source: Path, to: Path) -> None:
    to.mkdir()
    for path in source.iterdir():
        (to / path.name).write_bytes(path.read_bytes())


@dataclass
class Person:
    """An operator at the page's own address."""

    target: DeployedStack
    token: str

    def ask(self, method: str, path: str, body: object = None, *, key: str = "") -> Reply:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        payload = json.dumps(body).encode() if body is not None else b""
        return request(method, f"{self.target.page}/api{path}", payload, headers)

    def promote(self, version: str, over: str, kind: str = "promotion", *, key: str = "") -> Reply:
        body = {"version": version, "over": over, "kind": kind, "reason": "For the test."}
        return self.ask("POST", "/promotions", body, key=key or str(uuid4()))

    @property
    def promotions(self) -> dict[str, Any]:
        reply = self.ask("GET", "/promotions")
        assert reply.status == 200, reply.body
        return reply.json()

    @property
    def serving(self) -> str:
        return self.promotions["history"][0]["version"]

    def wait_until_served(self, version: str) -> float:
        """Seconds until what scores is this version; fails after a minute."""
        started = time.monotonic()
        while (took := time.monotonic() - started) < SECONDS_IN_FORCE:
            reply = self.ask("GET", "/health/parts")
            if reply.status == 200 and reply.json()["model_version"] == version:
                return took
            time.sleep(1)
        pytest.fail(f"{version} does not serve after {SECONDS_IN_FORCE} s: {reply.body!r}")


@pytest.fixture(scope="module")
def people(target):
    for name in (ALICE, BOB):
        target.create_user(name, PASSWORD, groups=("operator",))
    yield tuple(Person(target, target.log_in(name, PASSWORD)) for name in (ALICE, BOB))
    for name in (ALICE, BOB):
        target.delete_user(name)


def go_back(person: Person, versions: Versions) -> None:
    serving = person.serving
    if serving != versions.first:
        reply = person.promote(versions.first, serving, "rollback")
        assert reply.status == 201, reply.body


@pytest.fixture(autouse=True)
def first_serves(people, versions):
    """Before and after each: other tests count on the model that was trained."""
    go_back(people[0], versions)
    yield
    go_back(people[0], versions)
    people[0].wait_until_served(versions.first)


def test_a_promotion_is_in_force_within_a_minute_and_so_is_a_rollback(people, versions):
    alice, bob = people
    alice.wait_until_served(versions.first)  # so that it stands in a warm process's memory
    key = str(uuid4())
    reply = alice.promote(versions.compared, versions.first, key=key)
    assert (reply.status, reply.json()["outcome"]) == (201, "serves"), reply.body
    seconds = alice.wait_until_served(versions.compared)
    again = alice.promote(versions.compared, versions.first, key=key)
    assert (again.status, again.json()) == (201, reply.json())
    back = bob.promote(versions.first, versions.compared, "rollback")
    assert back.status == 201, back.body
    alice.wait_until_served(versions.first)
    newest, before, *_ = bob.promotions["history"]
    assert (newest["kind"], newest["promoted_by"]) == ("rollback", BOB)
    assert (before["kind"], before["promoted_by"], before["forced"]) == ("promotion", ALICE, False)
    print(f"in force after {seconds:.0f} s")


@pytest.mark.local_cloud("a snapshot takes minutes on AWS")
def test_whoever_starts_after_a_promotion_starts_with_the_promoted_model(people, versions, target):
    """Whose snapshot is made when it is published: so it is published, and the alias moved."""
    alice, _ = people
    before = live_version(target)
    assert alice.promote(versions.compared, versions.first).status == 201
    deadline = time.monotonic() + SECONDS_IN_FORCE
    while (after := live_version(target)) == before and time.monotonic() < deadline:
        time.sleep(0.5)
    assert int(after) > int(before), "the alias was not moved"
    reply = alice.ask("GET", "/health/parts")
    assert (reply.status, reply.json()["model_version"]) == (200, versions.compared)


def live_version(target) -> str:
    """Of the scoring function, by its alias."""
    function = target.outputs["ScoreApiFunction"]
    alias = target.access.client("lambda").get_alias(FunctionName=function, Name="live")
    return alias["FunctionVersion"]


def test_what_was_never_compared_needs_a_second_person(people, versions):
    alice, bob = people
    reply = alice.promote(versions.unknown, versions.first)
    assert (reply.status, reply.json()["outcome"]) == (202, "proposed"), reply.body
    proposal = reply.json()["proposal"]["id"]
    path, said = f"/promotions/{proposal}/approval", {"reason": "Looked at by hand."}
    assert alice.ask("POST", path, said).status == 403
    assert alice.serving == versions.first
    assert bob.ask("POST", path, said).status == 200
    bob.wait_until_served(versions.unknown)
    newest = alice.promotions["history"][0]
    assert (newest["promoted_by"], newest["forced"]) == (f"{ALICE}, {BOB}", True)
    assert "Looked at by hand." in newest["reason"]


def test_of_two_at_once_one_is_told(people, versions):
    alice, bob = people
    assert alice.promote(versions.compared, versions.first).status == 201
    proposal = alice.promote(versions.unknown, versions.compared).json()["proposal"]["id"]
    said = {"reason": "So that there are two to go back to."}
    assert bob.ask("POST", f"/promotions/{proposal}/approval", said).status == 200
    before = len(alice.promotions["history"])
    wanted = [(alice, versions.first), (bob, versions.compared)]
    with ThreadPoolExecutor(2) as pool:
        replies = list(
            pool.map(lambda each: each[0].promote(each[1], versions.unknown, "rollback"), wanted)
        )
    assert sorted(reply.status for reply in replies) == [201, 409], [r.body for r in replies]
    [won] = [reply.json()["champion"] for reply in replies if reply.status == 201]
    history = bob.promotions["history"]
    assert (history[0]["number"], history[0]["version"]) == (won["number"], won["version"])
    assert len(history) == before + 1


def test_a_damaged_version_is_told_and_never_serves(people, versions, target):
    alice, _ = people
    bucket, _, prefix = target.outputs["ModelsUrl"].removeprefix("s3://").partition("/")
    place = {"Bucket": bucket, "Key": f"{prefix}/{versions.compared}/{FOREST}"}
    s3 = target.access.client("s3")
    content = s3.get_object(**place)["Body"].read()
    s3.put_object(**place, Body=content[:-1])
    try:
        reply = alice.promote(versions.compared, versions.first)
        assert (reply.status, reply.json()["title"]) == (409, "Version damaged"), reply.body
        assert alice.serving == versions.first
    finally:
        s3.put_object(**place, Body=content)


def test_who_only_scores_neither_reads_nor_promotes(target, versions, token):
    advisor = Person(target, token)
    assert advisor.ask("GET", "/promotions").status == 403
    assert advisor.promote(versions.compared, versions.first).status == 403
