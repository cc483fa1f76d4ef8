"""Versions, their reports, and promotions as the operators' API asks them of the promoter."""

import json

import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.contests import write_contest

from tests.functions.promoter_in_process import Invoker, clients_with
from tests.functions.score_api.callers import ask, machine, person, request
from tests.functions.score_api.conftest import ENVIRONMENT
from tests.functions.score_api.test_openapi import wrong

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


def listed(api, **parameters):
    return api.send(request("GET /models", SCIENTIST) | {"queryStringParameters": parameters})


def test_pages_hold_every_version_once(api, champion, store, small_model):
    versions = {champion.version, *(small_model.save(store, cutoff=c)[0] for c in (0.31, 0.32))}
    found, cursor = [], ""
    while cursor is not None:
        page = listed(api, limit="1", cursor=cursor).body
        found += [item["version"] for item in page["items"]]
        cursor = page["cursor"]
    assert (len(found), set(found)) == (3, versions)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({"limit": "0"}, 400), ({"limit": "51"}, 400), ({"cursor": "0" * 12}, 404)],
)
def test_pages_that_are_none_are_refused(api, parameters, status):
    assert listed(api, **parameters).status == status


def test_answers_keep_their_schemas(api, champion, other, promoter):
    document = api.get("openapi").body
    proposed = promote(api, version=other, over=champion.version)
    answers = {
        "Models": listed(api),
        "ModelVersion": ask(api, "GET /models/{version}", SCIENTIST, version=other),
        "Promotions": ask(api, "GET /promotions", SCIENTIST),
        "Promoted": proposed,
    }
    for schema, reply in answers.items():
        assert reply.status < 300, schema
        assert not wrong(document, schema, reply.body), schema


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


def test_what_is_no_number_is_null(api, store, small_model):
    extra = {"report.json": b'{"metrics": {"auc": NaN}}'}
    version = small_model.save(store, cutoff=0.3, extra=extra)[0]
    body = ask(api, "GET /models/{version}", SCIENTIST, version=version).body
    assert body["report"]["metrics"] == {"auc": None}


@pytest.mark.parametrize("report", [b"[]", b"3", b"{", b"\xff", b"[" * 10_000])
def test_a_report_that_is_none_is_damage(api, store, small_model, report):
    version = small_model.save(store, cutoff=0.3, extra={"report.json": report})[0]
    assert ask(api, "GET /models/{version}", SCIENTIST, version=version).status == 409


def test_a_version_without_a_report_is_not_said_to_be_unknown(api, champion):
    reply = ask(api, "GET /models/{version}", SCIENTIST, version=champion.version)
    assert (reply.status, reply.body["title"]) == (404, "No report")


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
    for against in ("0" * 12, "none", "latest"):
        event |= {"queryStringParameters": {"against": against}}
        assert api.send(event).status == 404
    write_contest(store, other, None, {"refusals": []})
    event |= {"queryStringParameters": {"against": "none"}}
    assert api.send(event).body["against"] is None


@pytest.fixture
def promoter(api, monkeypatch):
    """The real one answers, without Lambda in between."""
    from functions.score_api.routes.promotions import handlers

    made = clients_with(Invoker(ENVIRONMENT["PROMOTER"]))
    monkeypatch.setattr(handlers, "client", made)


def promote(api, who=OPERATOR, key="k1", **said):
    event = request("POST /promotions", who, body={"kind": "promotion", "reason": "better"} | said)
    event["headers"] |= {"idempotency-key": key} if key else {}
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


def test_a_proposal_is_shown_as_void_once_another_version_was_promoted(
    api, store, champion, other, small_model, promoter
):
    id_ = promote(api, version=other, over=champion.version).body["proposal"]["id"]
    third, _ = small_model.save(store, cutoff=0.35)
    write_contest(store, third, champion.version, {"refusals": []})
    assert promote(api, version=third, over=champion.version, key="k2").status == 201
    [proposal] = ask(api, "GET /promotions", SCIENTIST).body["proposals"]
    assert (proposal["id"], proposal["state"]) == (id_, "void")


def test_the_same_key_is_the_same_promotion_also_after_a_rollback(
    api, store, champion, other, promoter
):
    write_contest(store, other, champion.version, {"refusals": []})
    first = promote(api, version=other, over=champion.version)
    back = {"kind": "rollback", "version": champion.version, "over": other}
    assert promote(api, key="k2", **back).status == 201
    again = promote(api, version=other, over=champion.version)
    assert (again.status, again.body) == (201, first.body)
    history = ask(api, "GET /promotions", SCIENTIST).body["history"]
    assert history[0]["version"] == champion.version
    assert promote(api, key="é", version=other, over=champion.version).status == 400
    assert promote(api, key=None, version=other, over=champion.version).status == 201


def test_a_reason_of_several_lines_is_kept_on_one(api, store, champion, other, promoter):
    write_contest(store, other, champion.version, {"refusals": []})
    reason = "  Meilleur\u00a0:\nmoins de pertes.  "
    entry = promote(api, version=other, over=champion.version, reason=reason).body["champion"]
    assert entry["reason"] == "Meilleur : moins de pertes."


@pytest.mark.parametrize("proposal", ["0" * 32, "100002", "..%2Fchampion"])
def test_a_proposal_that_is_not_there_is_404(api, champion, promoter, proposal):
    said = {"id": proposal, "body": {"reason": "accepted"}}
    assert ask(api, "POST /promotions/{id}/approval", OPERATOR, **said).status == 404


def test_a_refused_promotion_leaves_its_action_in_the_log_and_no_reason(
    api, champion, other, promoter, logs
):
    promote(api, version=other, over="0" * 12, reason="A private word.")
    [answered] = [line for line in logs.lines() if line["message"] == "request answered"]
    assert (answered["action"], answered["status"]) == ("promote", 409)
    assert "private" not in logs.text
    assert "somebody" not in logs.text


def test_who_may_not_promote_is_refused_before_anybody_is_asked(api, champion, other):
    for who in (SCIENTIST, person("advisor"), person("back-office")):
        assert promote(api, who, version=other, over=champion.version).status == 403


@pytest.mark.parametrize(
    "changed",
    [
        {"version": "x"},
        {"version": None},
        {"over": 7},
        {"over": "latest"},
        {"reason": ""},
        {"reason": "a\u200bb c"},
        {"kind": "force"},
        {"kind": ["promotion"]},
        {"more": 1},
    ],
)
def test_a_wrong_field_is_named(api, champion, other, changed):
    answer = promote(api, **({"version": other, "over": champion.version} | changed))
    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == next(iter(changed))


def test_a_promoter_that_does_not_answer_is_told(api, champion, other):
    assert promote(api, version=other, over=champion.version).status == 503
