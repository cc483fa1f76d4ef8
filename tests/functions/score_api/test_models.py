"""Versions, their reports, and promotions as the operators' API asks them of the promoter."""

import json

import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.contests import write_contest

from tests.functions.promoter_in_process import Invoker, clients_with
from tests.functions.score_api.callers import ask, machine, person, request
from tests.functions.score_api.conftest import ENVIRONMENT

OPERATOR, SCIENTIST = person("operator"), person("data-scientist")
REPORT = {"metrics": {"auc": 0.75}, "cutoff": {"grid": {"cutoffs": [0.1]}}, "private": "not told"}


@pytest.fixture
def store(api):
    return open_store(ENVIRONMENT["MODELS_URL"])


@pytest.fixture
def other(store, small_model):
    """A version that never served."""
    extra = {"report.json": json.dumps(REPORT).encode()}
    return small_model.save(store, cutoff=0.3, extra=extra)[0]


def test_versions_are_listed_with_what_serves_and_since_when(api, champion, other):
    items = ask(api, "GET /models", SCIENTIST).body["items"]
    by_version = {item["version"]: item for item in items}
    assert by_version.keys() == {champion.version, other}
    serving = by_version[champion.version]
    assert (serving["serves"], by_version[other]["serves"]) == (True, False)
    assert [entry["promoted_by"] for entry in serving["promotions"]] == ["tests"]
    assert by_version[other]["promotions"] == []


def test_a_damaged_version_is_listed_with_what_is_wrong(api, store, other):
    store.write(f"{other}/model.json", b"{}")
    found = {item["version"]: item for item in ask(api, "GET /models", SCIENTIST).body["items"]}
    assert found[other]["problem"]
    answer = ask(api, "GET /models/{version}", SCIENTIST, version=other)
    assert (answer.status, answer.body["title"]) == (409, "Version damaged")


def test_a_version_tells_its_report_and_nothing_that_no_view_needs(api, other):
    body = ask(api, "GET /models/{version}", SCIENTIST, version=other).body
    assert body["report"]["metrics"] == {"auc": 0.75}
    assert body["report"]["cutoff"]["grid"] == {"cutoffs": [0.1]}
    assert "private" not in json.dumps(body)


@pytest.mark.parametrize("version", ["000000000000", "champion.json", "x", "..%2fchampion"])
def test_what_is_no_version_is_not_found(api, version):
    assert ask(api, "GET /models/{version}", SCIENTIST, version=version).status == 404
    assert ask(api, "GET /models/{version}/contest", SCIENTIST, version=version).status == 404


def test_a_contest_is_told_against_what_serves_or_another(api, store, champion, other):
    route = "GET /models/{version}/contest"
    assert ask(api, route, SCIENTIST, version=other).status == 404
    write_contest(store, other, champion.version, {"refusals": ["worse"], "rows": 7})
    body = ask(api, route, SCIENTIST, version=other).body
    assert (body["against"], body["contest"]["rows"]) == (champion.version, 7)
    event = request(route, SCIENTIST, version=other)
    event |= {"queryStringParameters": {"against": "0" * 12}}
    assert api.send(event).status == 404


@pytest.fixture
def promoter(api, monkeypatch):
    """The real one answers, without Lambda in between."""
    from functions.score_api.routes.promotions import handlers

    made = clients_with(Invoker(ENVIRONMENT["PROMOTER"]))
    monkeypatch.setattr(handlers, "client", made)


def promote(api, who=OPERATOR, **said):
    event = request("POST /promotions", who, body={"kind": "promotion", "reason": "better"} | said)
    event["headers"]["idempotency-key"] = "k1"
    return api.send(event)


def test_a_promotion_that_a_comparison_speaks_for_is_in_force(
    api, store, champion, other, promoter
):
    write_contest(store, other, champion.version, {"refusals": []})
    answer = promote(api, version=other, over=champion.version)
    assert (answer.status, answer.body["outcome"]) == (201, "serves")
    body = ask(api, "GET /promotions", SCIENTIST).body
    assert [entry["version"] for entry in body["history"]] == [other, champion.version]
    assert body["history"][0]["promoted_by"] == "somebody"


def test_another_one_waits_for_a_colleague_who_is_no_program(api, champion, other, promoter):
    answer = promote(api, version=other, over=champion.version)
    assert (answer.status, answer.body["outcome"]) == (202, "proposed")
    id_ = answer.body["proposal"]["id"]
    route = "POST /promotions/{id}/approval"
    said = {"reason": "accepted"}
    assert ask(api, route, OPERATOR, id=id_, body=said).status == 403  # who proposed it
    program = machine("credit-scoring/models.promote")
    assert ask(api, route, program, id=id_, body=said).status == 403
    colleague = OPERATOR | {"username": "colleague"}
    assert ask(api, route, colleague, id=id_, body=said).body["outcome"] == "serves"
    [proposal] = ask(api, "GET /promotions", SCIENTIST).body["proposals"]
    assert (proposal["state"], proposal["settled_by"]) == ("approved", "colleague")


def test_who_may_not_promote_is_refused_before_anybody_is_asked(api, champion, other):
    for who in (SCIENTIST, person("advisor"), person("back-office")):
        assert promote(api, who, version=other, over=champion.version).status == 403


@pytest.mark.parametrize(
    "wrong", [{"version": "x"}, {"over": 7}, {"reason": ""}, {"kind": "force"}, {"more": 1}]
)
def test_a_wrong_field_is_named(api, champion, other, wrong):
    answer = promote(api, **({"version": other, "over": champion.version} | wrong))
    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == next(iter(wrong))


def test_a_promoter_that_does_not_answer_is_told(api, champion, other):
    assert promote(api, version=other, over=champion.version).status == 503
