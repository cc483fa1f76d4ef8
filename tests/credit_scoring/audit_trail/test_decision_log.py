"""A decision is written once, read back bit by bit, and computed anew years later."""

import json
from dataclasses import asdict, replace

import boto3
import numpy as np
import pytest
from credit_scoring.audit_trail.decision_log import (
    MOST_LISTED,
    Confirmation,
    StoredDecision,
    TrailTable,
    describe_score,
    raw_inputs,
)
from credit_scoring.audit_trail.replay import replay
from credit_scoring.aws.storage import open_store
from credit_scoring.contract.applicants import parse_record
from credit_scoring.errors import (
    AlreadyExists,
    ArtifactMismatch,
    DecisionLogCorrupted,
    DecisionNotFound,
)
from credit_scoring.registry.bundle import load_model
from credit_scoring.scoring import score_applicants

from tests.credit_scoring.conftest import REGION
from tests.models import draw_record, train_small_model
from tests.profile_table import make_decision_table

VERSIONS, DECISIONS = 3, 1_000


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Three published versions, loaded as serving loads them."""
    store = open_store(tmp_path_factory.mktemp("models"))
    champions = [train_small_model(seed=seed).publish(store) for seed in range(VERSIONS)]
    return [load_model(store, champion.version) for champion in champions]


@pytest.fixture
def trail(aws):
    make_decision_table("decisions")
    return TrailTable("decisions")


def decide(model, *, number=0, decision="refuse", **changes):
    applicants = parse_record(draw_record(np.random.default_rng(number), str(number)))
    stored = StoredDecision(
        decision_id=f"{number:032x}",
        created_at="2026-01-31T10:00:00+00:00",
        decided_by="a.durand",
        branch="paris-01",
        applicant_id=str(number),
        decision=decision,
        override_reason="",
        inputs=raw_inputs(applicants, 0),
        score=describe_score(score_applicants(model, applicants), 0),
        model_version=model.version,
        model_sha256=model.sha256,
    )
    return replace(stored, **changes)


def test_what_is_read_back_is_what_was_written_to_the_last_bit(trail, models):
    decision = decide(models[0])
    trail.append(decision)
    assert trail.get(decision.decision_id) == decision


def test_a_thousand_decisions_of_three_versions_are_computed_identically(trail, models):
    for number in range(DECISIONS):
        model = models[number % VERSIONS]
        trail.append(decide(model, number=number))
    by_sha256 = {model.sha256: model for model in models}
    stored = [trail.get(f"{number:032x}") for number in range(DECISIONS)]
    assert {decision.model_sha256 for decision in stored} == set(by_sha256)
    different = [d for d in stored if replay(d, by_sha256[d.model_sha256])]
    assert different == []


def test_a_second_write_under_the_same_id_is_refused(trail, models):
    first, second = decide(models[0]), decide(models[0], decision="accept")
    trail.append(first)
    with pytest.raises(AlreadyExists):
        trail.append(second)
    assert trail.get(first.decision_id) == first


def test_the_same_request_sent_twice_is_one_decision(trail, models):
    first = decide(models[0])
    again = replace(first, created_at="2026-01-31T10:00:07+00:00")
    assert trail.append_once(first) == first
    assert trail.append_once(again) == first


def test_an_id_taken_by_another_decision_is_told(trail, models):
    trail.append_once(decide(models[0]))
    with pytest.raises(AlreadyExists):
        trail.append_once(decide(models[0], decision="accept"))


def test_an_unknown_decision_is_not_found(trail):
    with pytest.raises(DecisionNotFound):
        trail.get("0" * 32)


def test_a_record_that_was_changed_in_the_table_is_not_read(trail, models):
    decision = decide(models[0])
    trail.append(decision)
    table = boto3.resource("dynamodb", region_name=REGION).Table("decisions")
    item = table.get_item(Key={"decision_id": decision.decision_id})["Item"]
    item["content"] = item["content"].replace('"refuse"', '"accept"', 1)
    table.put_item(Item=item)
    with pytest.raises(DecisionLogCorrupted):
        trail.get(decision.decision_id)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("probability_of_default", lambda score: score | {"probability_of_default": 0.5}),
        ("cutoff", lambda score: score | {"cutoff": 0.123}),
        ("features.EXT_SOURCE_2", lambda score: _in(score, "features", "EXT_SOURCE_2", -1.0)),
        ("contributions.AMT_CREDIT", lambda score: _in(score, "contributions", "AMT_CREDIT", 9.0)),
        ("contributions.GONE", lambda score: _in(score, "contributions", "GONE", 0.0)),
    ],
)
def test_replay_names_what_differs(models, what, change):
    decision = decide(models[0])
    changed = replace(decision, score=change(decision.score))
    assert [difference.what for difference in replay(changed, models[0])] == [what]


def test_replay_tells_the_stored_and_the_recomputed_number(models):
    decision = decide(models[0])
    margin = decision.score["margin"]
    one_bit = float(np.nextafter(margin, np.inf))
    [difference] = replay(replace(decision, score=decision.score | {"margin": one_bit}), models[0])
    assert (difference.stored, difference.recomputed) == (one_bit, margin)


def test_inputs_that_the_contract_refuses_by_now_are_a_difference(models):
    decision = decide(models[0])
    inputs = decision.inputs | {"AMT_CREDIT": -1.0}
    [difference] = replay(replace(decision, inputs=inputs), models[0])
    assert difference.what == "inputs"
    assert difference.stored == "-1.0"


# What a record held before there were codes, statements, offers and second persons, and the
# SHA-256 that was kept beside it.
OLD = {
    "decision_id": "0" * 31 + "7",
    "created_at": "2026-01-31T10:00:00+00:00",
    "decided_by": "a.durand",
    "branch": "paris-01",
    "applicant_id": "100002",
    "decision": "accept",
    "override_reason": "Garant « solide »",
    "inputs": {"AMT_CREDIT": 540000.0, "EXT_SOURCE_2": 0.1},
    "score": {"probability_of_default": 0.3, "decision": "refuse"},
    "model_version": "0123456789ab",
    "model_sha256": "0123456789ab" + "0" * 52,
}
OLD_SHA256 = "6ba2ef52e41a3f0983c7c22e674e91c5d02d49df09c1634fe1e612674332a684"


def test_a_record_of_an_older_version_still_holds(trail):
    item = {"decision_id": OLD["decision_id"], "sha256": OLD_SHA256, "content": json.dumps(OLD)}
    boto3.resource("dynamodb", region_name=REGION).Table("decisions").put_item(Item=item)
    found = trail.get(OLD["decision_id"])
    assert found.sha256 == OLD_SHA256
    assert (found.override_code, found.statement, found.offer) == ("", "", {})
    assert not found.needs_confirmation
    assert trail.confirmation(found.decision_id) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("override_code", "guarantor"),
        ("statement", "Je conteste"),
        ("offer", {"amount": 1.0, "annuity": 0.1}),
        ("needs_confirmation", True),
    ],
)
def test_what_later_versions_added_is_part_of_the_hash(trail, models, name, value):
    plain = decide(models[0])
    fuller = replace(plain, **{name: value})
    assert fuller.sha256 != plain.sha256
    trail.append(fuller)
    assert trail.get(fuller.decision_id) == fuller
    table = boto3.resource("dynamodb", region_name=REGION).Table("decisions")
    item = table.get_item(Key={"decision_id": fuller.decision_id})["Item"]
    table.put_item(Item=item | {"content": json.dumps(plain.content)})
    with pytest.raises(DecisionLogCorrupted):
        trail.get(fuller.decision_id)


class TestASecondPerson:
    def said(self, decision, by="bob", *, agrees=True, note=""):
        at = "2026-02-01T09:00:00+00:00"
        return Confirmation(decision.decision_id, at, by, agrees=agrees, note=note)

    @pytest.fixture
    def decision(self, trail, models):
        decision = decide(models[0], needs_confirmation=True)
        trail.append(decision)
        return decision

    def test_is_waited_for(self, trail, decision):
        assert trail.confirmation(decision.decision_id) is None

    def test_is_heard_and_the_decision_stays_as_it_was(self, trail, decision):
        said = self.said(decision, note="Vu « aussi »")
        assert trail.confirm(said) == said
        assert trail.confirmation(decision.decision_id) == said
        assert trail.get(decision.decision_id) == decision

    def test_is_the_only_one(self, trail, decision):
        first = self.said(decision, agrees=False)
        trail.confirm(first)
        assert trail.confirm(self.said(decision, "carol")) == first
        assert trail.confirmation(decision.decision_id) == first

    def test_answers_one_decision(self, trail, decision, models):
        trail.confirm(self.said(decision))
        assert trail.confirmation(decide(models[0], number=1).decision_id) is None

    def test_whose_words_were_changed_is_not_believed(self, trail, decision):
        said = self.said(decision, agrees=False)
        trail.confirm(said)
        table = boto3.resource("dynamodb", region_name=REGION).Table("decisions")
        item = table.get_item(Key={"decision_id": said.record_id})["Item"]
        content = json.dumps(asdict(replace(said, agrees=True)))
        table.put_item(Item=item | {"content": content})
        with pytest.raises(DecisionLogCorrupted):
            trail.confirmation(decision.decision_id)

    def test_is_no_decision(self, trail, decision):
        said = self.said(decision)
        trail.confirm(said)
        with pytest.raises(DecisionLogCorrupted):
            trail.get(said.record_id)
        assert trail.of_applicant(decision.applicant_id) == [decision]


def test_the_decisions_of_an_applicant_come_the_newest_first(trail, models):
    mine = [
        decide(models[0], decision_id=f"{n:032x}", created_at=f"2026-01-{n:02}T10:00:00+00:00")
        for n in (2, 9, 5)
    ]
    for decision in (*mine, decide(models[0], number=77)):
        trail.append(decision)
    assert trail.of_applicant("0") == [mine[1], mine[2], mine[0]]
    assert trail.of_applicant("nobody") == []


def test_of_very_many_decisions_the_newest_are_listed(trail, models):
    decision = decide(models[0])
    for n in range(MOST_LISTED + 3):
        at = f"2026-01-31T10:00:00.{n:03}+00:00"
        trail.append(replace(decision, decision_id=f"{n:032x}", created_at=at))
    listed = [found.decision_id for found in trail.of_applicant("0")]
    assert listed == [f"{n:032x}" for n in range(MOST_LISTED + 2, 2, -1)]


def test_who_decides_without_an_id_is_in_nobodys_list(trail, models):
    trail.append(decide(models[0], applicant_id=""))
    assert trail.of_applicant("0") == []


def test_replay_refuses_another_bundle(models):
    with pytest.raises(ArtifactMismatch):
        replay(decide(models[0]), models[1])


def _in(score, group, name, value):
    return score | {group: score[group] | {name: value}}
