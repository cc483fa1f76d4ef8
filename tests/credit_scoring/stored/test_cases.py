"""Who works on an application and what was decided of it: one answer, whoever asks at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.errors import StorageRefused
from credit_scoring.stored.cases import (
    CLAIM_SECONDS,
    FINAL,
    OVERLAP_MS,
    SECONDS_KEPT,
    TO_CONFIRM,
    CachedCases,
    Case,
    CaseTable,
)

from tests.profile_table import make_case_table

PARIS, LYON = "paris-01", "lyon-02"


@pytest.fixture
def cases(aws):
    make_case_table("cases")
    return CaseTable("cases")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still; call it to move it on by so many seconds."""
    now = [time.time()]
    monkeypatch.setattr("time.time", lambda: now[0])

    def move(seconds=0.0):
        now[0] += seconds
        return now[0]

    return move


def holder(cases, id_="1", branch=PARIS):
    return cases.get(branch, id_).holder(time.time())


def decided(id_="1", decision="accept", *, branch=PARIS, status=FINAL, at=1_000):
    return Case(branch, id_, decision=decision, decision_id="0" * 32, decided_by="alice",
                decided_at=at, status=status)  # fmt: skip


def items():
    return client("dynamodb").scan(TableName="cases")["Items"]


def test_nobody_works_on_what_nobody_looked_at(cases):
    assert cases.get(PARIS, "1") == Case(PARIS, "1")
    assert holder(cases) == ""
    assert items() == []


def test_who_claims_first_holds_it_and_the_other_is_told_who(cases, clock):
    assert cases.claim(PARIS, "1", "alice").claimed_by == "alice"
    assert cases.claim(PARIS, "1", "bob").claimed_by == "alice"
    assert holder(cases) == "alice"
    assert cases.claim(PARIS, "2", "bob").claimed_by == "bob"
    assert cases.claim(LYON, "1", "bob").claimed_by == "bob"


def test_of_many_who_claim_at_once_one_holds_it(cases):
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: cases.claim(PARIS, "1", f"user-{n}"), range(8)))
    assert {case.claimed_by for case in told} == {holder(cases)}


def test_a_claim_lasts_as_long_as_its_holder_goes_on_working(cases, clock):
    cases.claim(PARIS, "1", "alice")
    clock(CLAIM_SECONDS - 60)
    cases.claim(PARIS, "1", "alice")
    clock(CLAIM_SECONDS - 60)
    assert holder(cases) == "alice"
    assert cases.claim(PARIS, "1", "bob").claimed_by == "alice"
    clock(61)
    assert holder(cases) == ""
    assert cases.claim(PARIS, "1", "bob").claimed_by == "bob"


def test_only_ones_own_claim_is_let_go(cases, clock):
    cases.claim(PARIS, "1", "alice")
    cases.release(PARIS, "1", "bob")
    assert holder(cases) == "alice"
    cases.release(PARIS, "1", "alice")
    assert holder(cases) == ""
    assert cases.claim(PARIS, "1", "bob").claimed_by == "bob"


def test_letting_go_of_what_one_never_held_leaves_no_trace(cases):
    cases.release(PARIS, "1", "alice")
    assert items() == []


@pytest.mark.parametrize("status", [FINAL, TO_CONFIRM])
def test_a_decision_is_noted_and_frees_the_application(cases, clock, status):
    cases.claim(PARIS, "1", "alice")
    cases.decide(decided(status=status, at=5))
    found = cases.get(PARIS, "1")
    assert (found.decision, found.decided_by, found.decided_at, found.status) == (
        "accept", "alice", 5, status,
    )  # fmt: skip
    assert holder(cases) == ""
    assert cases.claim(PARIS, "1", "bob").decision == "accept"  # a claim forgets no decision


def test_a_decision_that_was_taken_back_leaves_the_application_open(cases):
    cases.decide(decided(status=TO_CONFIRM))
    cases.decide(decided(decision="", status=""))
    found = cases.get(PARIS, "1")
    assert (found.decision, found.status) == ("", "")


def test_whoever_decides_needs_no_claim(cases):
    cases.decide(decided())
    assert cases.get(PARIS, "1").decision == "accept"
    assert cases.claim(PARIS, "1", "bob").claimed_by == "bob"


def test_a_case_is_forgotten_some_day(cases, clock):
    now = clock()
    cases.claim(PARIS, "1", "alice")
    [item] = items()
    assert int(item["expires_at"]["N"]) == int(now) + SECONDS_KEPT


def test_what_changed_since_is_told_of_one_branch(cases, clock):
    cases.claim(PARIS, "old", "alice")
    clock(3600)
    since = int(clock() * 1000)
    cases.claim(PARIS, "new", "alice")
    cases.claim(LYON, "other", "alice")
    assert {case.applicant_id for case in cases.changed(PARIS, since)} == {"new"}
    assert {case.applicant_id for case in cases.changed(PARIS, 0)} == {"old", "new"}


def test_more_cases_than_one_answer_holds_are_all_told(cases):
    table, filler = client("dynamodb"), {"S": "x" * 100_000}  # an answer ends at a megabyte
    for number in range(25):
        key = {"branch": {"S": PARIS}, "applicant_id": {"S": f"{number}"}}
        table.put_item(
            TableName="cases",
            Item={**key, "changed_at": {"N": "5"}, "filler": filler},
        )
    found = cases.changed(PARIS, 0)
    assert sorted(int(case.applicant_id) for case in found) == list(range(25))


class TestOneProcess:
    @pytest.fixture
    def known(self, cases):
        return CachedCases(cases)

    def test_knows_what_others_did_since_it_looked(self, cases, known, clock):
        assert known.of(PARIS) == {}
        for hour in range(3):
            cases.claim(PARIS, f"{hour}", "alice")
            assert sorted(known.of(PARIS)) == [f"{n}" for n in range(hour + 1)]
            clock(3600)
        cases.decide(decided("0"))
        assert known.of(PARIS)["0"].decision == "accept"
        assert known.of(PARIS)["1"].decision == ""

    def test_asks_for_what_is_new_only(self, cases, known, clock):
        cases.claim(PARIS, "1", "alice")
        known.of(PARIS)
        clock(-3600)
        cases.claim(PARIS, "2", "alice")  # had it been there, it would have been seen
        assert sorted(known.of(PARIS)) == ["1"]
        assert sorted(CachedCases(cases).of(PARIS)) == ["1", "2"]

    def test_misses_nothing_that_the_index_tells_late(self, cases, known, clock):
        cases.claim(PARIS, "1", "alice")
        known.of(PARIS)
        clock(-(OVERLAP_MS - 1_000) / 1000)  # a process whose clock is slow
        cases.claim(PARIS, "2", "bob")
        assert sorted(known.of(PARIS)) == ["1", "2"]

    def test_looks_at_many_branches_side_by_side(self, cases):
        both_are_asked = Barrier(2)

        class SlowTable(CaseTable):
            def changed(self, branch, since):
                both_are_asked.wait(timeout=10)
                return super().changed(branch, since)

        cases.claim(PARIS, "1", "alice")
        cases.claim(LYON, "2", "bob")
        found = CachedCases(SlowTable(cases.name)).of_all([LYON, PARIS])
        assert {case.claimed_by for case in found.values()} == {"alice", "bob"}

    def test_keeps_branches_apart(self, cases, known):
        cases.claim(PARIS, "1", "alice")
        cases.claim(LYON, "1", "bob")
        assert known.of(PARIS)["1"].claimed_by == "alice"
        assert known.of(LYON)["1"].claimed_by == "bob"


def test_a_table_that_is_not_there_is_refused(aws):
    table = CaseTable("nowhere")
    for act in (
        lambda: table.get(PARIS, "1"),
        lambda: table.claim(PARIS, "1", "alice"),
        lambda: table.release(PARIS, "1", "alice"),
        lambda: table.decide(decided()),
        lambda: table.changed(PARIS, 0),
    ):
        with pytest.raises(StorageRefused):
            act()
