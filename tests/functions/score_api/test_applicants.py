"""GET /applicants and /applicants/{id}."""

from credit_scoring.contract import INPUTS
from credit_scoring.profiles import Profile

from tests.functions.score_api.conftest import get_event, read_event


def search(api, query: str | None):
    event = read_event("applicants")
    if query is None:
        del event["queryStringParameters"]
    else:
        event["queryStringParameters"] = {"query": query}
    reply = api.send(event)
    assert reply.status == 200
    return [item["applicant_id"] for item in reply.body["items"]]


def test_applicants_are_found_by_the_first_characters_of_their_id(api, profiles):
    ids = ["100002", "100003", "200001"]
    profiles.put_many([Profile(applicant_id, "paris-01") for applicant_id in ids])
    assert search(api, "1000") == ["100002", "100003"]
    assert search(api, " 2 ") == ["200001"]
    assert search(api, "") == search(api, None) == ids
    assert search(api, "9") == search(api, "1' OR 1=1") == []


def test_at_most_twenty_are_told(api, profiles):
    profiles.put_many([Profile(str(n)) for n in range(100, 125)])
    assert search(api, "1") == [str(n) for n in range(100, 120)]


def test_a_found_applicant_tells_branch_and_time_only(api, profile):
    [item] = api.get("applicants").body["items"]
    assert item == {"applicant_id": "100002", "branch": "paris-01",
                    "updated_at": "2026-11-20T08:00:00Z"}  # fmt: skip


def test_an_applicant_comes_with_how_to_read_each_value(api, profile):
    body = api.get("applicant", id="100002").body
    assert body["application"] == profile.application
    assert body["history"] == profile.history
    columns = {column["name"]: column for column in body["columns"]}
    assert columns.keys() == INPUTS.keys() > profile.record.keys()  # what is missing, too
    credit = columns["AMT_CREDIT"]
    assert (credit["unit"], credit["type"], credit["source"], credit["family"]) == (
        "currency", "number", "application", "loan",
    )  # fmt: skip
    assert set(credit["label"]) == {"fr", "en"}
    assert columns["BUREAU_ACTIVE_CREDIT_COUNT"]["source"] == "bureau"


def test_an_id_may_be_percent_encoded(api, profile):
    assert api.send(get_event("applicant", id="%31%30%30%30%30%32")).status == 200
