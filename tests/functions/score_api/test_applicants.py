"""GET /applicants and /applicants/{id}."""

from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from credit_scoring.contract.columns import INPUTS
from credit_scoring.stored.profiles import Profile

from tests.functions.score_api.callers import machine, person, request
from tests.functions.score_api.conftest import get_event
from tests.models import draw_record

ADVISOR = person("advisor", "branch-paris-01")
BOTH = person("advisor", "branch-paris-01", "branch-lyon-02")
ALL = person("advisor", "all-branches")


def ask(api, claims=ADVISOR, **parameters):
    event = request("GET /applicants", claims)
    sent = {name: str(value) for name, value in parameters.items()}
    event |= {"queryStringParameters": sent, "rawQueryString": urlencode(sent)}
    return api.send(event)


def found(api, claims=ADVISOR, **parameters) -> list[str]:
    reply = ask(api, claims, **parameters)
    assert reply.status == 200, reply.body
    return [item["applicant_id"] for item in reply.body["items"]]


def walk(api, claims=ADVISOR, **parameters) -> list[str]:
    """Every page, one after the other."""
    reply, ids = ask(api, claims, **parameters), []
    while True:
        ids += [item["applicant_id"] for item in reply.body["items"]]
        if reply.body["cursor"] is None:
            return ids
        reply = ask(api, claims, **parameters, cursor=reply.body["cursor"])


@pytest.fixture
def many(profiles) -> list[Profile]:
    """150 of Paris, 5 of Lyon, 2 of no branch."""
    rng = np.random.default_rng(3)
    branches = ["paris-01"] * 150 + ["lyon-02"] * 5 + [""] * 2
    made = []
    for number, branch in enumerate(branches):
        record = draw_record(rng, str(100_000 + number))
        record.pop("BUREAU_ACTIVE_CREDIT_COUNT", None)
        application = {
            name: v for name, v in record.items() if INPUTS[name].source == "application"
        }
        made.append(
            Profile(str(100_000 + number), branch, application, {"PREVIOUS_REFUSED_SHARE": 0.5})
        )
    profiles.put_many(made)
    return made


def test_applicants_are_found_by_the_first_characters_of_their_id(api, many):
    assert found(api, query="10000") == [str(n) for n in range(100_000, 100_010)]
    assert found(api, query=" 100149 ") == ["100149"]
    assert found(api, query="9") == found(api, query="1' OR 1=1") == []


def test_pages_follow_each_other_until_everybody_was_told_once(api, many):
    everybody = [str(n) for n in range(100_000, 100_150)]
    assert found(api) == everybody[:20]
    assert found(api, limit=100) == everybody[:100]
    for limit in (40, 100):
        assert walk(api, limit=limit) == everybody
    assert walk(api, limit=3, query="10014") == everybody[140:]


def test_several_branches_are_told_one_after_the_other(api, many):
    lyon, paris = (
        [str(n) for n in range(100_150, 100_155)],
        [str(n) for n in range(100_000, 100_150)],
    )
    assert walk(api, BOTH, limit=50) == lyon + paris
    assert found(api, BOTH, branch="lyon-02") == lyon
    assert found(api, person("advisor", "branch-nowhere")) == []
    assert found(api, person("advisor")) == []


def test_a_found_applicant_scores_what_its_own_page_says(api, profile):
    [item] = ask(api).body["items"]
    score = api.get("applicant_score", id="100002").body
    assert item == {
        "applicant_id": "100002", "branch": "paris-01", "updated_at": "2026-11-20T08:00:00Z",
        "amount": profile.application["AMT_CREDIT"],
        "income_type": profile.application["NAME_INCOME_TYPE"],
        "age": int(-profile.application["DAYS_BIRTH"] / 365.25),
        "score": {name: score[name]
                  for name in ("probability_of_default", "decision", "risk_band")},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("decision", "accept"), ("decision", "refuse"), ("risk_band", "low"), ("risk_band", "high"),
     ("age_band", "35-44"), ("age_band", "65+"), ("income_type", "Working"),
     ("amount_min", 500_000), ("amount_max", 500_000)],
)  # fmt: skip
def test_a_filter_finds_all_that_match_and_nobody_else(api, many, parameter, value):
    items = [
        i for first in ("1000", "1001") for i in ask(api, query=first, limit=100).body["items"]
    ]
    bands = {"35-44": (35, 44), "65+": (65, 150)}
    matches = {
        "decision": lambda item: item["score"]["decision"] == value,
        "risk_band": lambda item: item["score"]["risk_band"] == value,
        "income_type": lambda item: item["income_type"] == value,
        "age_band": lambda item: bands[value][0] <= item["age"] <= bands[value][1],
        "amount_min": lambda item: item["amount"] >= value,
        "amount_max": lambda item: item["amount"] <= value,
    }[parameter]
    expected = [item["applicant_id"] for item in items if matches(item)]
    assert len(items) == 150
    assert walk(api, **{parameter: value}) == expected
    assert walk(api, limit=40, **{parameter: value}) == expected


def test_filters_narrow_each_other(api, many):
    one, other = walk(api, decision="accept"), walk(api, amount_min=500_000)
    assert walk(api, decision="accept", amount_min=500_000) == [i for i in one if i in other]


def test_one_request_reads_so_many_and_no_more(api, many, monkeypatch):
    monkeypatch.setattr("functions.score_api.answers.search.MOST_READ", 100)
    reply = ask(api, amount_min=10**9, query="100")
    assert reply.body["items"] == []
    assert reply.body["cursor"] is not None
    assert walk(api, amount_min=10**9) == []


def test_many_empty_branches_are_gone_through_in_steps(api, many):
    claims = person("advisor", "branch-paris-01", *(f"branch-b{n:03}" for n in range(45)))
    reply = ask(api, claims)
    assert reply.body["items"] == []
    assert walk(api, claims, limit=100) == [str(n) for n in range(100_000, 100_150)]


def test_what_cannot_be_scored_is_listed_without_a_score(api, profiles, profile):
    broken = replace(profile, applicant_id="100001", application={"AMT_CREDIT": "much"})
    profiles.put_many([broken])
    one, other = ask(api).body["items"]
    assert (one["applicant_id"], one["score"], one["amount"]) == ("100001", None, None)
    assert other["score"]
    assert found(api, decision=other["score"]["decision"]) == ["100002"]


def test_a_profile_that_moved_is_not_told_to_its_old_branch(api, profiles, profile):
    profiles.put_many([replace(profile, branch="lyon-02")])
    assert found(api) == []
    assert found(api, BOTH) == ["100002"]


def test_who_sees_every_branch_names_one_or_a_whole_id(api, many):
    assert ask(api, ALL).status == 400
    assert ask(api, ALL, query="100001", limit=5).status == 400
    assert found(api, ALL, branch="lyon-02") == [str(n) for n in range(100_150, 100_155)]
    assert found(api, ALL, query="100150") == ["100150"]
    assert found(api, ALL, query="100156") == ["100156"]
    assert found(api, ALL, query="10015") == found(api, ALL, query="x y") == []


def test_another_branch_cannot_be_searched(api, many):
    assert ask(api, branch="lyon-02").status == ask(api, branch="nowhere").status == 403
    scopes = ("credit-scoring/applicants.read", "branch/lyon-02")
    assert len(found(api, machine(*scopes))) == 5
    assert ask(api, machine(*scopes), branch="paris-01").status == 403


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("limit", 0), ("limit", 101), ("limit", "-1"), ("limit", "1.5"), ("limit", "٣"),
     ("limit", "9" * 400), ("decision", "maybe"), ("risk_band", "LOW"), ("age_band", "0-100"),
     ("income_type", "Pirate"), ("amount_min", "much"), ("amount_min", -1), ("amount_max", "nan"),
     ("amount_max", "inf"), ("amount_max", "1_000"), ("branch", "a b"), ("query", "1" * 600),
     ("sort", "id")],
)  # fmt: skip
def test_a_wrong_parameter_is_400(api, many, parameter, value):
    reply = ask(api, **{parameter: value})
    assert reply.status == 400
    assert "100" not in reply.body["detail"] or parameter == "limit"


@pytest.mark.parametrize("cursor", ["x", "e30=", "WyJwYXJpcy0wMSJd", "é", "W" * 500, "[" * 400])
def test_a_page_that_no_answer_named_is_404(api, many, cursor):
    assert ask(api, cursor=cursor).status == 404


def test_a_cursor_holds_for_its_own_search_and_branches_only(api, many):
    paris = ask(api, query="1001").body["cursor"]
    lyon = ask(api, person("advisor", "branch-lyon-02"), limit=2).body["cursor"]
    assert ask(api, cursor=lyon).status == 404
    assert ask(api, person("advisor", "branch-lyon-02"), cursor=paris).status == 404
    assert ask(api, cursor=paris, query="1000").status == 404
    assert ask(api, cursor=paris, query="1001").status == 200


def test_an_applicant_comes_with_how_to_read_each_value(api, profile):
    body = api.get("applicant", id="100002").body
    assert body["application"] == profile.application
    assert body["history"] == profile.history
    columns = {column["name"]: column for column in body["columns"]}
    assert columns.keys() == INPUTS.keys() > profile.application.keys()  # what is missing, too
    credit = columns["AMT_CREDIT"]
    assert (credit["unit"], credit["type"], credit["source"], credit["family"]) == (
        "currency", "number", "application", "loan",
    )  # fmt: skip
    assert set(credit["label"]) == {"fr", "en"}
    assert columns["BUREAU_ACTIVE_CREDIT_COUNT"]["source"] == "bureau"


def test_an_id_may_be_percent_encoded(api, profile):
    assert api.send(get_event("applicant", id="%31%30%30%30%30%32")).status == 200
