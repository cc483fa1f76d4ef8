"""What is not known and how far it could move the PD, how sure that is, and what forms read."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from credit_scoring.contract.columns import APPLICATION

from tests.functions.score_api.callers import ask, person, request

ADVISOR = person("advisor", "branch-paris-01")
SCORE = "GET /applicants/{id}/score"


def without(profile, *names):
    application = {n: v for n, v in profile.application.items() if n not in names}
    return replace(profile, application=application)


@pytest.fixture
def gaps(profile, profiles):
    """The applicant without some of what the model reads."""
    left = without(profile, "EXT_SOURCE_2", "EXT_SOURCE_3", "NAME_EDUCATION_TYPE")
    profiles.put_many([left])
    return left


def test_what_is_missing_is_ranked_by_its_reach_and_each_pd_is_the_models_own(api, profiles, gaps):
    body = ask(api, "GET /applicants/{id}/unknown", ADVISOR).body
    names = [item["feature"] for item in body["items"]]
    assert "EXT_SOURCE_2" in names
    assert set(names).isdisjoint(gaps.application)
    reaches = [item["reach"] for item in body["items"]]
    assert reaches == sorted(reaches, reverse=True)
    for item in body["items"]:
        for end in ("best", "worst"):
            given = gaps.application | {item["feature"]: item[end]["value"]}
            profiles.put_many([replace(gaps, application=given)])
            score = ask(api, SCORE, ADVISOR).body
            told = item[end]
            assert told["probability_of_default"] == score["probability_of_default"]
            assert told["decision"] == score["decision"]
        assert item["best"]["probability_of_default"] <= item["worst"]["probability_of_default"]


def test_what_is_given_is_not_asked_for(api, profile):
    body = ask(api, "GET /applicants/{id}/unknown", ADVISOR).body
    assert {item["feature"] for item in body["items"]}.isdisjoint(profile.application)
    score = ask(api, SCORE, ADVISOR).body
    assert body["now"]["probability_of_default"] == score["probability_of_default"]


def test_the_spread_encloses_the_probability(api, profile):
    body = ask(api, "GET /applicants/{id}/spread", ADVISOR).body
    score = ask(api, SCORE, ADVISOR).body
    assert body["probability_of_default"] == score["probability_of_default"]
    assert body["lowest"] <= body["probability_of_default"] <= body["highest"]
    assert body["lowest"] < body["highest"]
    assert body["models"] == sum(body["decisions"].values()) == 2


def test_the_contract_names_every_field_with_what_a_form_needs(api, champion):
    body = ask(api, "GET /contract", person("operator")).body
    fields = {field["name"]: field for field in body["fields"]}
    assert fields.keys() == APPLICATION.keys()
    credit = fields["AMT_CREDIT"]
    assert (credit["role"], credit["required"], credit["is_actionable"]) == ("credit", True, True)
    assert fields["AMT_ANNUITY"]["follows"] == "AMT_CREDIT"
    assert not fields["DAYS_BIRTH"]["is_actionable"]
    words = {o["value"]: o["label"]["fr"] for o in fields["NAME_INCOME_TYPE"]["options"]}
    assert words["Pensioner"] == "Retraité"
    reasons = {reason["code"]: reason["decides"] for reason in body["decisions"]["reasons"]}
    assert reasons["guarantor"] == "accept"
    assert body["decisions"]["never"] == ["contradiction"]


def test_the_distribution_among_similar_ones_counts_a_part_of_all(api, profile):

    def counts(**query):
        event = request("GET /population/{feature}", ADVISOR, feature="AMT_CREDIT")
        sent = {"applicant": "100002", **query}
        event |= {"queryStringParameters": sent, "rawQueryString": urlencode(sent)}
        return api.send(event)

    everybody, similar = counts().body, counts(among="similar").body
    assert [(b["from"], b["to"]) for b in similar["bins"]] == [
        (b["from"], b["to"]) for b in everybody["bins"]
    ]
    rows = sum(b["rows"] or 0 for b in similar["bins"])
    assert 0 < rows < sum(b["rows"] or 0 for b in everybody["bins"])
    assert counts(among="nobody").status == 400


def test_places_are_the_shares_that_the_distributions_tell(api, profile):
    body = ask(api, "GET /applicants/{id}/places", ADVISOR).body
    places = {item["feature"]: item["share_below"] for item in body["items"]}
    event = request("GET /population/{feature}", ADVISOR, feature="AMT_CREDIT")
    event |= {"queryStringParameters": {"applicant": "100002"}}
    told = api.send(event).body["applicant"]
    assert places["AMT_CREDIT"] == told["share_below"]
    assert "NAME_INCOME_TYPE" not in places
