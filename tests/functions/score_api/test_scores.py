"""POST /predict and GET /applicants/{id}/score."""

import json
from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.registry.bundle import load_champion
from credit_scoring.review import ReviewRules, UsualProfile
from credit_scoring.scoring import score_applicants

from tests.models import draw_record
from tests.record_stream import delivered_lines

SCORE_KEYS = {"applicant_id", "probability_of_default", "margin", "base_value", "cutoff",
              "average_probability",
              "completed_from_profile", "decision", "review", "review_range", "risk_band",
              "contributions", "reasons", "model"}  # fmt: skip

REASON_KEYS = {"code", "family", "contribution", "probability_points", "features", "values",
               "text", "texts", "known", "protected"}  # fmt: skip
EXT_SOURCES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")


def test_a_prediction_is_score_applicants_to_the_last_bit(api, models):
    rng, model = np.random.default_rng(3), load_champion(models)
    for n in range(20):
        record = draw_record(rng, f"A{n}")
        scores = score_applicants(model, parse_record(record))
        body = api.post("predict", record).body
        assert body["probability_of_default"] == scores.default_probabilities[0]
        assert body["margin"] == scores.margins[0]
        assert body["decision"] == scores.decision(0)
        assert body["risk_band"] == scores.risk_band(0)


def test_contributions_and_base_value_make_the_margin(api, record):
    body = api.post("predict", record).body
    total = body["base_value"] + sum(item["contribution"] for item in body["contributions"])
    assert total == pytest.approx(body["margin"], abs=1e-12)
    points = sum(item["probability_points"] for item in body["contributions"])
    moved = body["probability_of_default"] - body["average_probability"]
    assert points == pytest.approx(moved, abs=1e-9)
    weights = [abs(item["contribution"]) for item in body["contributions"]]
    assert weights == sorted(weights, reverse=True)
    assert set(body) == SCORE_KEYS


def test_a_contribution_says_how_to_read_itself(api, record):
    body = api.post("predict", record | {"EXT_SOURCE_3": None}).body
    found = {item["feature"]: item for item in body["contributions"]}
    assert found["EXT_SOURCE_3"]["value"] is None
    assert found["AMT_CREDIT"]["unit"] == "currency"
    assert found["AMT_CREDIT"]["value"] == record["AMT_CREDIT"]
    income = found["NAME_INCOME_TYPE"]
    assert (income["type"], income["value"]) == ("category", record.get("NAME_INCOME_TYPE"))
    assert set(income["label"]) == {"fr", "en"}


def test_reasons_stand_on_the_side_they_pull(api, record):
    reasons = api.post("predict", record).body["reasons"]
    assert reasons["raises"] or reasons["lowers"]
    assert all(reason["contribution"] > 0 for reason in reasons["raises"])
    assert all(reason["contribution"] < 0 for reason in reasons["lowers"])
    for reason in reasons["raises"] + reasons["lowers"]:
        assert set(reason) == REASON_KEYS
        assert reason["probability_points"] * reason["contribution"] >= 0
        for text in reason["texts"].values():
            assert set(text) == {"fr", "en"}


def test_a_decision_left_to_a_person_says_why(
    api, champion, models, small_model, later, record, logs
):
    count = len(small_model.model.schema)
    nothing, anything = np.zeros(count), np.full(count, np.inf)
    usual = UsualProfile(-anything, anything, nothing == 0, nothing, 0.0)
    rules = ReviewRules((0.0, 1.0), EXT_SOURCES, usual)
    new = replace(small_model, model=replace(small_model.model, review=rules)).publish(models)
    later()
    body = api.post("predict", record | dict.fromkeys(EXT_SOURCES)).body
    assert body["model"]["version"] == new.version != champion.version
    assert body["decision"] == "review"
    assert [why["cause"] for why in body["review"]] == ["near_cutoff", "too_little_data"]
    assert body["review"][0]["text"]["en"].startswith("The risk is so near")
    assert body["review_range"] == {"low": 0.0, "high": 1.0}
    counts = logs.counts()
    assert (counts["Reviews"], counts.get("Refusals", 0)) == (1, 0)


def test_what_the_model_decides_is_left_to_nobody(api, record):
    body = api.post("predict", record).body
    assert (body["decision"] in ("accept", "refuse"), body["review"]) == (True, [])
    assert body["review_range"] is None


def test_an_application_without_an_id_is_scored(api, record):
    del record["SK_ID_CURR"]
    reply = api.post("predict", record)
    assert reply.status == 200
    assert reply.body["applicant_id"] is None


def test_the_recorded_event_of_a_prediction_is_answered(api):
    from tests.functions.score_api.conftest import read_event

    reply = api.send(read_event("predict"))
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_score_by_id_is_the_score_of_the_same_values(api, profile, record):
    by_id = api.get("applicant_score", id="100002")
    assert by_id.status == 200
    names = by_id.body.pop("completed_from_profile")
    assert set(names) == profile.history.keys()
    sent = api.post("predict", record).body
    assert sent.pop("completed_from_profile") == []
    assert by_id.body == sent


def test_the_profile_completes_an_application_sent_without_history(api, profile):
    completed = api.post("predict", profile.application).body
    assert completed == api.get("applicant_score", id="100002").body
    values = {item["feature"]: item["value"] for item in completed["contributions"]}
    assert values["BUREAU_ACTIVE_CREDIT_COUNT"] == 3


def test_the_sent_application_wins_over_the_profile(api, profile):
    body = api.post("predict", profile.application | {"AMT_CREDIT": 123_456.5}).body
    values = {item["feature"]: item["value"] for item in body["contributions"]}
    assert values["AMT_CREDIT"] == 123_456.5
    assert values["BUREAU_ACTIVE_CREDIT_COUNT"] == 3


@pytest.mark.parametrize("sent", [0.5, None])
def test_sent_history_wins_and_the_profile_fills_in_the_rest(api, profile, sent):
    body = api.post("predict", profile.application | {"PREVIOUS_REFUSED_SHARE": sent}).body
    values = {item["feature"]: item["value"] for item in body["contributions"]}
    assert values["PREVIOUS_REFUSED_SHARE"] == sent
    assert values["BUREAU_ACTIVE_CREDIT_COUNT"] == 3
    assert body["completed_from_profile"] == ["BUREAU_ACTIVE_CREDIT_COUNT"]


def test_an_unknown_id_is_scored_on_what_was_sent(api, record):
    sent = {name: value for name, value in record.items() if not name.startswith("BUREAU_")}
    sent.pop("PREVIOUS_REFUSED_SHARE", None)
    assert api.post("predict", sent | {"SK_ID_CURR": 999999}).status == 200


def test_every_score_leaves_one_record_without_an_id(api, profile, record, champion, models):
    pd_ = api.post("predict", record).body["probability_of_default"]
    api.get("applicant_score", id="100002")
    decided, viewed = sorted(delivered_lines("results"), key=lambda line: line["purpose"])
    assert [decided["pd"], viewed["pd"]] == [pd_, pd_]
    assert [decided["purpose"], viewed["purpose"]] == ["decision", "view"]
    assert decided["applicant"] == viewed["applicant"]
    assert decided["score_id"] != viewed["score_id"]
    model = load_champion(models)
    assert {line["model"] for line in (decided, viewed)} == {champion.version}
    assert tuple(decided["features"]) == model.schema.names
    assert tuple(decided["inputs"]) == model.schema.raw_numbers
    assert decided["source"] == "api"
    assert len(decided["client"]) == 12
    assert "100002" not in json.dumps([decided, viewed])


def test_a_refused_application_is_counted_by_column_and_cause_without_its_value(api, record):
    api.post("predict", record | {"AMT_CREDIT": -17})
    api.post("predict", record | {"Dupont": 1})
    credit, unknown = sorted(delivered_lines("results"), key=lambda line: -len(line["field"]))
    assert (credit["kind"], credit["field"], credit["refused"]) == ("refusal", "AMT_CREDIT", 1)
    assert (unknown["field"], unknown["cause"]) == ("(other)", "unknown_field")
    assert "17" not in json.dumps([credit["field"], credit["cause"]])
    assert "Dupont" not in json.dumps(unknown)


def test_scores_and_refusals_are_counted(api, models, small_model, record, logs):
    refused = [api.post("predict", record | {"EXT_SOURCE_2": score}).body["decision"] == "refuse"
               for score in (0.0, 0.3, 0.6, 1.0)]  # fmt: skip
    counts = logs.counts()
    assert counts["Scores"] == counts["Requests"] == 4
    assert counts.get("Refusals", 0) == sum(refused)
