"""POST /predict/explain and /predict/batch: the same score, told at length or of many."""

import json

import pytest
from credit_scoring.stored.profiles import Profile

from tests.functions.score_api.callers import ask, person
from tests.record_stream import delivered_lines

ADVISOR = person("advisor", "branch-paris-01")
EXPLAIN, BATCH = "POST /predict/explain", "POST /predict/batch"


def score_many(api, *applications, claims=ADVISOR):
    return ask(api, BATCH, claims, body={"applications": list(applications)})


def test_an_explanation_is_the_score_and_what_it_rests_on(api, record):
    score, told = (ask(api, r, ADVISOR, body=record).body for r in ("POST /predict", EXPLAIN))
    assert {name: told[name] for name in score} == score
    assert told.keys() - score.keys() == {"families", "missing", "history"}
    total = sum(family["contribution"] for family in told["families"])
    assert total + told["base_value"] == pytest.approx(told["margin"], abs=1e-9)


def test_an_explanation_names_what_was_not_given(api, record):
    full = ask(api, EXPLAIN, ADVISOR, body=record).body["missing"]
    without = ask(api, EXPLAIN, ADVISOR, body=record | {"EXT_SOURCE_3": None}).body["missing"]
    assert set(without) - set(full) == {"EXT_SOURCE_3"}
    assert "SK_ID_CURR" not in without


def test_an_explanation_says_where_the_past_came_from(api, profile, record):
    sent = (record, profile.application, profile.application | {"SK_ID_CURR": "9"})
    told = [ask(api, EXPLAIN, ADVISOR, body=body).body["history"] for body in sent]
    assert told == ["request", "profile", "none"]


def test_many_are_scored_like_each_alone(api, profile, record):
    sent = [record, profile.application, record | {"AMT_CREDIT": 99_999.5, "SK_ID_CURR": None}]
    body = score_many(api, *sent).body
    assert (body["scored"], body["rejected"]) == (3, 0)
    for item, application in zip(body["items"], sent, strict=True):
        alone = ask(api, "POST /predict", ADVISOR, body=application).body
        assert item["score"] == {name: alone[name] for name in item["score"]}
        assert (item["applicant_id"], item["errors"]) == (alone["applicant_id"], [])


def test_a_wrong_row_is_told_beside_the_others(api, record):
    rows = [record, {}, 7, record | {"AMT_CREDIT": -1, "X": 1}, [record], record]
    body = score_many(api, *rows).body
    assert [item["row"] for item in body["items"]] == list(range(6))
    assert [len(item["errors"]) for item in body["items"]] == [0, 3, 1, 2, 1, 0]
    assert [item["score"] is None for item in body["items"]] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert (body["scored"], body["rejected"]) == (2, 4)


def test_rows_that_are_all_wrong_are_an_answer(api):
    body = score_many(api, {}, None).body
    assert (body["scored"], body["rejected"]) == (0, 2)


def test_the_errors_of_a_row_are_bounded(api):
    [item] = score_many(api, {f"F{n}": n for n in range(500)}).body["items"]
    assert len(item["errors"]) == 20


@pytest.mark.parametrize(("count", "status"), [(0, 422), (500, 200), (501, 422)])
def test_from_one_to_500_rows_are_taken(api, record, count, status):
    assert score_many(api, *[record] * count).status == status


@pytest.mark.parametrize(
    "body", [{}, {"applications": {}}, {"applications": None}, {"rows": []},
             {"applications": [{}], "more": 1}],
)  # fmt: skip
def test_a_body_of_another_shape_is_422(api, body):
    assert ask(api, BATCH, ADVISOR, body=body or "{}").status == 422


def test_a_body_above_3_mib_is_413(api):
    assert ask(api, BATCH, ADVISOR, body="x" * (3 * 1024 * 1024 + 1)).status == 413


def test_another_branchs_history_completes_no_row(api, profiles, profile, record):
    profiles.put_many([Profile("200001", "lyon-02", {}, profile.history),
                       Profile("300001", "", {}, profile.history)])  # fmt: skip
    ids = ("100002", "200001", "300001", "999999")
    rows = [profile.application | {"SK_ID_CURR": applicant_id} for applicant_id in ids]
    own, other, nobodys, unknown = (item["score"] for item in score_many(api, *rows).body["items"])
    assert own == nobodys != other == unknown


def test_every_row_is_recorded_and_counted(api, record, logs):
    score_many(api, record, {}, record)
    scored = [line for line in delivered_lines("results") if line["kind"] == "score"]
    refused = [line for line in delivered_lines("results") if line["kind"] == "refusal"]
    assert len({line["score_id"] for line in scored}) == len(scored) == 2
    assert sum(line["refused"] for line in refused) == 1
    [line] = logs.lines()
    assert line["scored"] == 2
    assert "InvalidApplicants" not in logs.counts()


def test_counts_say_how_many_were_scored(api, record, logs):
    refused = score_many(api, *[record] * 3).body["items"][0]["score"]["decision"] == "refuse"
    counts = logs.counts()
    assert counts["Scores"] == 3
    assert counts.get("Refusals", 0) == (3 if refused else 0)


@pytest.mark.parametrize("route", ["POST /predict", EXPLAIN, BATCH])
@pytest.mark.parametrize("digits", [310, 5_000])
def test_an_integer_that_is_no_number_is_400(api, record, route, digits):
    text = json.dumps({"applications": [record]} if route == BATCH else record)
    body = text.replace("{", '{"SK_ID_CURR": ' + "9" * digits + ", ", 1)
    assert ask(api, route, ADVISOR, body=body).status == 400
