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


SENT = "2026-11-20T08:00:00+00:00"


@pytest.fixture
def many(listed) -> list[Profile]:
    """150 of Paris, 5 of Lyon."""
    rng = np.random.default_rng(3)
    made = []
    for number, branch in enumerate(["paris-01"] * 150 + ["lyon-02"] * 5):
        record = draw_record(rng, str(100_000 + number))
        application = {
            name: v for name, v in record.items() if INPUTS[name].source == "application"
        }
        made.append(Profile(str(100_000 + number), branch, application, {}, SENT))
    listed(*made)
    return made


PARIS = [str(n) for n in range(100_000, 100_150)]
LYON = [str(n) for n in range(100_150, 100_155)]


def test_applicants_are_found_by_the_first_characters_of_their_id(api, many):
    assert found(api, query="10000") == [str(n) for n in range(100_000, 100_010)]
    assert found(api, query=" 100149 ") == ["100149"]
    assert found(api, query="9") == found(api, query="1' OR 1=1") == []


def test_pages_follow_each_other_until_everybody_was_told_once(api, many):
    assert found(api) == PARIS[:20]
    assert found(api, limit=100) == PARIS[:100]
    for limit in (40, 100):
        assert walk(api, limit=limit) == PARIS
    assert walk(api, limit=3, query="10014") == PARIS[140:]


def test_every_page_says_how_many_fit(api, many):
    first = ask(api, limit=10, query="10014").body
    assert first["total"] == 10
    assert first["cursor"] is None
    assert ask(api, limit=7).body["total"] == 150
    assert ask(api, query="9").body == {"items": [], "cursor": None, "total": 0}


def test_a_caller_sees_all_of_their_branches_and_no_other(api, many):
    assert walk(api, BOTH, limit=50) == walk(api, ALL, limit=50) == PARIS + LYON
    assert found(api, BOTH, branch="lyon-02") == found(api, ALL, branch="lyon-02") == LYON
    assert found(api, person("advisor", "branch-nowhere")) == []
    assert found(api, person("advisor")) == []


def test_a_found_applicant_scores_what_its_own_page_says(api, listed, profile):
    listed(profile)
    [item] = ask(api).body["items"]
    score = api.get("applicant_score", id="100002").body
    told = ("probability_of_default", "decision", "risk_band")
    assert item == {
        "applicant_id": "100002", "branch": "paris-01", "updated_at": SENT,
        "amount": profile.application["AMT_CREDIT"],
        "income": profile.application["AMT_INCOME_TOTAL"],
        "income_type": profile.application["NAME_INCOME_TYPE"],
        "age": int(-profile.application["DAYS_BIRTH"] / 365.25),
        "missing_scores": sum(f"EXT_SOURCE_{n}" not in profile.application for n in (1, 2, 3)),
        "score": {name: score[name] for name in told}
        | {"review": [each["cause"] for each in score["review"]],
           "model_version": score["model"]["version"]},
        "claim": None, "decided": None,
    }  # fmt: skip


def all_items(api, claims=ADVISOR, **parameters):
    pages = [ask(api, claims, query=first, limit=100, **parameters) for first in ("1000", "1001")]
    return [item for page in pages for item in page.body["items"]]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("decision", "accept"), ("decision", "refuse"), ("risk_band", "low"), ("risk_band", "high"),
     ("age_band", "35-44"), ("age_band", "65+"), ("income_type", "Working"),
     ("amount_min", 500_000), ("amount_max", 500_000), ("missing_scores", "some"),
     ("missing_scores", "none")],
)  # fmt: skip
def test_a_filter_finds_all_that_match_and_nobody_else(api, many, parameter, value):
    bands = {"35-44": (35, 44), "65+": (65, 150)}
    matches = {
        "decision": lambda item: item["score"]["decision"] == value,
        "risk_band": lambda item: item["score"]["risk_band"] == value,
        "income_type": lambda item: item["income_type"] == value,
        "age_band": lambda item: bands[value][0] <= item["age"] <= bands[value][1],
        "amount_min": lambda item: item["amount"] >= value,
        "amount_max": lambda item: item["amount"] <= value,
        "missing_scores": lambda item: (item["missing_scores"] > 0) == (value == "some"),
    }[parameter]
    items = all_items(api)
    expected = [item["applicant_id"] for item in items if matches(item)]
    assert len(items) == 150
    assert walk(api, **{parameter: value}) == expected
    assert walk(api, limit=40, **{parameter: value}) == expected
    assert ask(api, **{parameter: value}).body["total"] == len(expected)


def test_filters_narrow_each_other(api, many):
    one, other = walk(api, decision="accept"), walk(api, amount_min=500_000)
    assert walk(api, decision="accept", amount_min=500_000) == [i for i in one if i in other]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(
    ("sort", "value"),
    [("amount", lambda i: i["amount"]), ("income", lambda i: i["income"]),
     ("age", lambda i: i["age"]), ("applicant_id", lambda i: i["applicant_id"]),
     ("probability_of_default", lambda i: i["score"]["probability_of_default"])],
)  # fmt: skip
def test_a_list_is_sorted_over_all_its_pages(api, many, sort, value, order):
    told = {item["applicant_id"]: value(item) for item in all_items(api)}
    ids = walk(api, sort=sort, order=order, limit=33)
    assert sorted(ids) == PARIS
    values = [told[one] for one in ids]
    assert values == sorted(values, reverse=order == "desc")


def test_who_was_sent_twice_is_told_once_as_of_the_last_time(api, listed, profile):
    newer = replace(profile, application=profile.application | {"AMT_CREDIT": 123_456.0},
                    updated_at="2026-11-21T08:00:00+00:00")  # fmt: skip
    listed(newer)
    listed(profile)  # the storage may tell of an old file late
    [item] = ask(api).body["items"]
    assert (item["amount"], item["updated_at"]) == (123_456.0, newer.updated_at)


def another(profile, id_):
    return replace(profile, applicant_id=id_, application=profile.application | {"SK_ID_CURR": id_})


def test_what_is_new_is_seen_by_a_process_that_has_looked_before(api, listed, lists, profile):
    for number in range(5):
        listed(another(profile, f"10010{number}"))
        assert ask(api).body["total"] == number + 1
    assert lists.merge("paris-01", most_parts=2)
    assert list(lists.files("paris-01")["paris-01"]) == ["paris-01/base.npz"]
    assert ask(api).body["total"] == 5
    listed(another(profile, "100200"))
    assert ask(api).body["total"] == 6


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
     ("sort", "id"), ("order", "up"), ("state", "closed"), ("missing_scores", "2"),
     ("page", 2)],
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
    assert ask(api, cursor=paris, query="1001", sort="amount").status == 404
    assert ask(api, cursor=paris, query="1001", limit=5).status == 200


class TestClaims:
    def claim(self, api, user="alice", method="PUT", id_="100002"):
        event = request(f"{method} /applicants/{{id}}/claim", self.person(user), id=id_)
        reply = api.send(event)
        assert reply.status in (200, 404)
        return reply.body.get("claim", reply.status)

    def person(self, user):
        return person("advisor", "branch-paris-01") | {"username": user}

    def test_who_was_first_works_on_it_until_they_let_go(self, api, listed, profile):
        listed(profile)
        assert self.claim(api)["is_yours"]
        refused = self.claim(api, "bob")
        assert (refused["by"], refused["is_yours"]) == ("alice", False)
        [item] = ask(api, self.person("bob")).body["items"]
        assert item["claim"] == refused
        assert self.claim(api, "bob", "DELETE") == refused  # alice's as before
        assert self.claim(api, "alice", "DELETE") is None
        assert ask(api).body["items"][0]["claim"] is None
        assert self.claim(api, "bob")["is_yours"]

    def test_a_claim_ends_by_itself(self, api, listed, profile, later):
        listed(profile)
        self.claim(api)
        later(14 * 60)
        assert not self.claim(api, "bob")["is_yours"]
        later(16 * 60)
        assert ask(api).body["items"][0]["claim"] is None
        assert self.claim(api, "bob")["is_yours"]

    def test_nobody_claims_what_they_do_not_see(self, api, listed, profile):
        listed(replace(profile, branch="lyon-02"))
        assert self.claim(api) == self.claim(api, id_="404404") == 404


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
