"""GET /applicants/{id}/peers and the two population routes: groups, never a person."""

import json

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.population.bins import FEWEST_ROWS
from credit_scoring.population.peers import FILE, Peers
from credit_scoring.registry.bundle import load_file, save_bundle
from credit_scoring.registry.champion import promote
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.profiles import Profile

from tests.functions.score_api.callers import ask, person
from tests.functions.score_api.test_openapi import document, wrong  # noqa: F401
from tests.lending import draw_request, lending_model

ADVISOR = person("advisor", "branch-paris-01")


@pytest.fixture
def champion(models):
    return lending_model().publish(models)


@pytest.fixture
def stored(profiles):
    record = draw_request(np.random.default_rng(8), "100002")
    profiles.put_many([Profile("100002", "paris-01", record, {})])
    return record


def peers(api, claims=ADVISOR, applicant="100002"):
    return ask(api, "GET /applicants/{id}/peers", claims, id=applicant)


def distribution(api, feature, claims=ADVISOR, **query):
    return with_query(api, "GET /population/{feature}", claims, query, feature=feature)


def scatter(api, **query):
    return with_query(api, "GET /population/scatter", ADVISOR, query)


def with_query(api, route, claims, query, **path):
    from tests.functions.score_api.callers import request

    event = request(route, claims, **path)
    event["queryStringParameters"] = query or None
    return api.send(event)


def test_peers_are_those_of_the_bundle_around_the_applicant(api, stored, champion, models):
    body = peers(api).body
    scores = score_applicants(lending_model().model, parse_record(stored))
    cells = Peers.from_bytes(load_file(models, champion.version, FILE))
    group = cells.around(scores.contributions[0])
    assert (body["peers"]["rows"], body["peers"]["defaults"]) == (group.rows, group.defaults)
    assert body["peers"]["rows"] >= 200
    interval = body["peers"]["interval"]
    assert interval["low"] <= body["peers"]["share"] <= interval["high"]
    assert body["applicant"]["probability_of_default"] == scores.default_probabilities[0]
    text = body["peers"]["text"]["en"]
    assert f"{group.rows} similar accepted files, {group.defaults} defaulted" in text


def test_peers_of_somebody_elses_applicant_are_nobodys(api, stored):
    nobody = peers(api, applicant="999999")
    assert nobody.status == 404
    assert peers(api, person("advisor", "branch-lyon-02")).body == nobody.body
    assert peers(api, person("data-scientist", "branch-paris-01")).status == 403


def test_a_model_published_without_peers_says_so(api, stored, models, later):
    lending = lending_model()
    version, sha256 = save_bundle(models, lending.model, reference=lending.reference, extra={})
    promote(models, version=version, sha256=sha256, by="tests", reason="a test")
    later()
    reply = peers(api)
    assert reply.status == 404
    assert "without peers" in reply.body["detail"]


def test_damaged_peers_are_never_shown(api, stored, champion, models):
    data = bytearray(models.read(f"{champion.version}/{FILE}"))
    data[len(data) // 2] ^= 1
    models.write(f"{champion.version}/{FILE}", bytes(data))
    assert peers(api).status == 503


def test_a_feature_is_told_in_bins_with_the_applicants_place(api, stored):
    body = distribution(api, "AMT_CREDIT", applicant="100002").body
    assert sum(each["rows"] for each in body["bins"]) == len(lending_model().reference.features)
    place = body["applicant"]
    assert place["value"] == stored["AMT_CREDIT"]
    own = body["bins"][place["bin"]]
    assert own["from"] is None or own["from"] <= stored["AMT_CREDIT"]
    assert own["to"] is None or stored["AMT_CREDIT"] < own["to"]
    assert 0 <= place["share_below"] <= 1


def test_a_category_is_told_by_its_words(api, stored):
    body = distribution(api, "CODE_GENDER", applicant="100002").body
    assert [each["category"] for each in body["bins"]] == ["F", "M"]
    place = body["applicant"]
    assert body["bins"][place["bin"]]["category"] == place["value"] == stored["CODE_GENDER"]
    assert place["share_below"] is None


def test_distributions_are_for_everybody_but_an_applicants_place_is_not(api, stored):
    assert distribution(api, "AMT_CREDIT", person("operator")).body["applicant"] is None
    operator = person("operator", "branch-paris-01")
    assert distribution(api, "AMT_CREDIT", operator, applicant="100002").status == 403
    elsewhere = person("advisor", "branch-lyon-02")
    assert distribution(api, "AMT_CREDIT", elsewhere, applicant="100002").status == 404
    assert distribution(api, "AMT_CREDIT", ADVISOR, applicant="no such").status == 404


def test_an_unknown_feature_is_404_with_near_names(api):
    reply = distribution(api, "amt_credits")
    assert reply.status == 404
    assert "AMT_CREDIT" in reply.body["detail"]
    assert distribution(api, "TARGET").status == 404
    assert scatter(api, x="AMT_CREDIT", y="nothing").status == 404
    assert scatter(api, x="AMT_CREDIT").status == 400
    assert scatter(api, x="AMT_CREDIT", y="AMT_ANNUITY", z="1").status == 400


def test_no_count_that_leaves_is_smaller_than_what_may_be_told(api):
    for feature in lending_model().model.schema.names:
        body = distribution(api, feature).body
        for each in (*body["bins"], body["missing"]):
            counts = [each[name] for name in ("rows", "accepted", "refused")]
            assert all(c is None or c == 0 or c >= FEWEST_ROWS for c in counts)
    cells = scatter(api, x="AMT_CREDIT", y="EXT_SOURCE_2").body["cells"]
    assert len(cells) > 20
    assert all(cell["rows"] >= FEWEST_ROWS for cell in cells)


def test_no_value_of_a_reference_row_leaves(api, stored):
    """Canary: the digits of no continuous value, nor of a PD, are in any answer."""
    reference = lending_model().reference
    names = list(lending_model().model.schema.names)
    text = json.dumps([distribution(api, "EXT_SOURCE_2").body,
                       distribution(api, "CREDIT_TO_INCOME").body,
                       scatter(api, x="EXT_SOURCE_2", y="CREDIT_TO_INCOME").body,
                       peers(api).body["peers"]])  # fmt: skip
    for column in ("EXT_SOURCE_2", "CREDIT_TO_INCOME"):
        values = reference.features[:, names.index(column)].astype(float)
        assert not any(repr(value)[:9] in text for value in values.tolist())
    assert not any(repr(pd_)[:9] in text for pd_ in reference.default_probabilities.tolist())


def test_answers_keep_their_schemas(api, document, stored):  # noqa: F811
    answers = {
        "Peers": [peers(api)],
        "Distribution": [distribution(api, "AMT_CREDIT"), distribution(api, "CODE_GENDER"),
                         distribution(api, "AMT_CREDIT", applicant="100002")],
        "Scatter": [scatter(api, x="AMT_CREDIT", y="CODE_GENDER")],
    }  # fmt: skip
    for schema, replies in answers.items():
        for reply in replies:
            assert reply.status == 200
            assert not wrong(document, schema, reply.body)


def test_a_new_champion_brings_its_own_groups(api, stored, models, later):
    before = distribution(api, "AMT_CREDIT").body
    champion = lending_model().publish(models, cutoff=1.0)
    later()
    after = distribution(api, "AMT_CREDIT").body
    assert after["model"]["version"] == champion.version != before["model"]["version"]
    assert sum(each["refused"] or 0 for each in after["bins"]) == 0
    assert peers(api).body["model"]["version"] == champion.version
