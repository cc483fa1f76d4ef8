"""POST /simulate, /counter-offer and /counterfactuals: questions about what nobody sent."""

import json
from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.profiles import Profile

from tests.functions.score_api.callers import ask, machine, person
from tests.functions.score_api.conftest import Api
from tests.functions.score_api.test_openapi import document, wrong  # noqa: F401
from tests.lending import draw_request, lending_model
from tests.record_stream import delivered_lines

ADVISOR = person("advisor", "branch-paris-01")
ROUTES = ("POST /simulate", "POST /counter-offer", "POST /counterfactuals")
NEEDED = {"POST /simulate": {"changes": [{"AMT_INCOME_TOTAL": 100_000}]}}


@pytest.fixture
def champion(models):
    return lending_model().publish(models)


@pytest.fixture
def refused():
    """An application that is refused, but not hopeless."""
    model = lending_model().model
    for seed in range(200):
        record = draw_request(np.random.default_rng(seed), "100002")
        pd_ = score_applicants(model, parse_record(record)).default_probabilities[0]
        if 1.1 < pd_ / model.cutoff < 1.3:
            return record
    raise AssertionError


@pytest.fixture
def stored(profiles, refused):
    profile = Profile("100002", "paris-01", refused, {})
    profiles.put_many([profile])
    return profile


def send(api: Api, route, body, claims=ADVISOR):
    return ask(api, route, claims, body=body)


def predict(api, record):
    return send(api, "POST /predict", record).body


def fields(reply):
    return [(error["field"], error["cause"]) for error in reply.body["errors"]]


def test_each_variant_is_what_a_prediction_of_it_says(api, refused):
    changes = [{"AMT_INCOME_TOTAL": refused["AMT_INCOME_TOTAL"] * 1.2},
               {"AMT_CREDIT": refused["AMT_CREDIT"] / 2}, {"FLAG_EMAIL": 1},
               {"FLAG_EMAIL": None}]  # fmt: skip
    reply = send(api, "POST /simulate", {"application": refused, "changes": changes})
    assert reply.status == 200
    body = reply.body
    for changed, variant in [({}, body["before"])] + [
        (item["applied"], item["after"]) for item in body["items"]
    ]:
        expected = predict(api, refused | changed)
        for name in ("probability_of_default", "margin", "decision", "risk_band"):
            assert variant[name] == expected[name]
    assert [item["changes"] for item in body["items"]] == changes
    moved = body["items"][1]["applied"]
    assert moved["AMT_ANNUITY"] == pytest.approx(refused["AMT_ANNUITY"] / 2, abs=0.01)
    assert moved["AMT_GOODS_PRICE"] == pytest.approx(refused["AMT_GOODS_PRICE"] / 2, abs=0.01)


def test_differences_of_the_families_make_that_of_the_margin(api, refused):
    changes = [{"AMT_CREDIT": refused["AMT_CREDIT"] * share} for share in (0.4, 0.7, 1.3)]
    body = send(api, "POST /simulate", {"application": refused, "changes": changes}).body
    for item in body["items"]:
        total = sum(family["change"] for family in item["families"])
        difference = item["after"]["margin"] - body["before"]["margin"]
        assert total == pytest.approx(difference, abs=1e-12)
        features = {feature["feature"]: feature for feature in item["features"]}
        assert features["AMT_CREDIT"]["value_before"] == refused["AMT_CREDIT"]
        sizes = [abs(feature["change"]) for feature in item["features"]]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([{"DAYS_BIRTH": -9_000}], [("changes[0].DAYS_BIRTH", "not_actionable")]),
        ([{"CODE_GENDER": "M"}], [("changes[0].CODE_GENDER", "not_actionable")]),
        ([{"EXT_SOURCE_2": 0.9}], [("changes[0].EXT_SOURCE_2", "not_actionable")]),
        ([{"BUREAU_CREDIT_COUNT": 0}], [("changes[0].BUREAU_CREDIT_COUNT", "not_actionable")]),
        ([{"AMT_CREDIT": -1}], [("changes[0].AMT_CREDIT", "out_of_range")]),
        ([{"NOTHING": 1}], [("changes[0].NOTHING", "unknown_field")]),
        ([{}], [("changes[0]", "wrong_type")]),
        (["AMT_CREDIT"], [("changes[0]", "wrong_type")]),
        ([], [("changes", "wrong_type")]),
        ([{"FLAG_EMAIL": 1}] * 51, [("changes", "wrong_type")]),
        ({"FLAG_EMAIL": 1}, [("changes", "wrong_type")]),
        (None, [("changes", "missing")]),
    ],
)
def test_changes_that_nobody_can_make_are_refused_by_name(api, refused, changes, expected):
    reply = send(api, "POST /simulate", {"application": refused, "changes": changes})
    assert reply.status == 422
    assert fields(reply) == expected


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "base",
    [{}, {"applicant_id": "100002", "application": {}}, {"applicant_id": 100002},
     {"application": "x"}, {"applicant_id": None}],
)  # fmt: skip
def test_a_question_is_about_one_application(api, stored, route, base):
    assert send(api, route, {**base, **NEEDED.get(route, {})}).status == 422


@pytest.mark.parametrize("route", ROUTES)
def test_unknown_fields_of_a_body_are_refused(api, refused, route):
    body = {"application": refused, "sudo": True, **NEEDED.get(route, {})}
    assert fields(send(api, route, body)) == [("sudo", "unknown_field")]


@pytest.mark.parametrize("route", ROUTES)
def test_an_invalid_application_is_refused_as_everywhere(api, refused, route):
    body = {"application": refused | {"AMT_CREDIT": "x"}, **NEEDED.get(route, {})}
    assert fields(send(api, route, body)) == [("AMT_CREDIT", "wrong_type")]


@pytest.mark.parametrize("route", ROUTES)
def test_a_stored_application_is_asked_about_by_its_id(api, stored, refused, route):
    needed = NEEDED.get(route, {})
    by_id = send(api, route, {"applicant_id": "100002", **needed})
    assert by_id.status == 200
    assert by_id.body == send(api, route, {"application": refused, **needed}).body


@pytest.mark.parametrize("route", ROUTES)
def test_another_branch_and_other_roles_learn_nothing_of_it(api, stored, route):
    body = {"applicant_id": "100002", **NEEDED.get(route, {})}
    nobody = send(api, route, body | {"applicant_id": "999999"})
    assert nobody.status == 404
    for claims in (person("advisor", "branch-lyon-02"), person("advisor")):
        assert send(api, route, body, claims).body == nobody.body
    assert send(api, route, body, person("data-scientist", "branch-paris-01")).status == 403
    scorer = machine("credit-scoring/scores.write", "branch/paris-01")
    assert send(api, route, body, scorer).status == 403


@pytest.mark.parametrize("route", ROUTES)
def test_questions_are_neither_recorded_nor_counted_as_scores(api, stored, refused, route, logs):
    send(api, route, {"application": refused, **NEEDED.get(route, {})})
    assert delivered_lines("results") == []
    counts = logs.counts()
    assert "Scores" not in counts
    assert counts["Requests"] == 1


def test_every_loan_of_an_offer_is_what_a_prediction_of_it_says(api, refused):
    body = send(api, "POST /counter-offer", {"application": refused}).body
    assert (len(body["amounts"]), len(body["durations"])) == (20, 10)
    assert body["requested"]["assumes"] == "no_interest"
    for row, column in ((0, 0), (9, 4), (19, 9)):
        amount, annuity = body["amounts"][row], body["annuities"][row][column]
        goods = round(refused["AMT_GOODS_PRICE"] * (amount / refused["AMT_CREDIT"]), 2)
        expected = predict(api, refused | {"AMT_CREDIT": amount, "AMT_ANNUITY": annuity,
                                           "AMT_GOODS_PRICE": goods})  # fmt: skip
        assert body["probabilities_of_default"][row][column] == expected["probability_of_default"]
        assert body["decisions"][row][column] == expected["decision"]


def test_an_offer_names_the_largest_and_the_nearest_loans(api, refused):
    body = send(api, "POST /counter-offer", {"application": refused, "most": 2}).body
    accepted = [body["amounts"][row] for row, decisions in enumerate(body["decisions"])
                if "accept" in decisions]  # fmt: skip
    assert body["largest"]["amount"] == max(accepted)
    assert body["largest"]["decision"] == "accept"
    assert 1 <= len(body["nearest"]) <= 2
    assert all(loan["probability_of_default"] < body["cutoff"] for loan in body["nearest"])


def test_an_offer_of_chosen_amounts_at_the_rate_of_a_known_duration(api, refused):
    months = int(np.ceil(refused["AMT_CREDIT"] / refused["AMT_ANNUITY"])) + 3
    sent = {"application": refused, "duration": months,
            "amounts": {"least": 50_000, "most": 90_000, "count": 3},
            "durations": {"least": 12, "most": 24, "count": 2}}  # fmt: skip
    body = send(api, "POST /counter-offer", sent).body
    assert body["amounts"] == [50_000, 70_000, 90_000]
    assert body["durations"] == [12, 24]
    assert body["requested"]["assumes"] == "stated_duration"
    rate = body["requested"]["rate"]
    assert rate > 0
    assert body["annuities"][0][0] == pytest.approx(
        50_000 * rate / (1 - (1 + rate) ** -12), abs=0.01
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"duration": 0}, "duration"),
        ({"duration": 12.5}, "duration"), ({"duration": True}, "duration"),
        ({"amounts": {"least": 5}}, "amounts.most"),
        ({"amounts": {"least": 5, "most": 9, "step": 1}}, "amounts.step"),
        ({"amounts": {"least": 5, "most": 9, "count": 101}}, "amounts.count"),
        ({"durations": [1, 2]}, "durations"), ({"most": 11}, "most"),
    ],
)  # fmt: skip
def test_a_grid_out_of_bounds_is_refused_by_name(api, refused, more, field):
    reply = send(api, "POST /counter-offer", {"application": refused, **more})
    assert reply.status == 422
    assert field in [name for name, _ in fields(reply)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"duration": 1}, "duration"),
        ({"amounts": {"least": 1, "most": 9, "count": 100},
          "durations": {"least": 1, "most": 99, "count": 11}}, "amounts.count"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_409_and_named(api, refused, more, field):
    reply = send(api, "POST /counter-offer", {"application": refused, **more})
    assert reply.status == 409
    assert [name for name, _ in fields(reply)] == [field]


def test_a_stored_application_without_an_annuity_has_no_counter_offer(api, profiles, stored):
    application = {n: v for n, v in stored.application.items() if n != "AMT_ANNUITY"}
    profiles.put_many([replace(stored, application=application)])
    reply = send(api, "POST /counter-offer", {"applicant_id": stored.applicant_id})
    assert reply.status == 409
    assert [name for name, _ in fields(reply)] == ["AMT_ANNUITY"]


def test_the_bounds_of_a_grid_may_come_in_any_order(api, refused):
    one, other = (
        send(api, "POST /counter-offer", {"application": refused, "amounts": amounts}).body
        for amounts in ({"least": 5_000, "most": 9_000}, {"least": 9_000, "most": 5_000})
    )
    assert one == other


def test_without_an_annuity_there_is_no_offer(api, refused):
    del refused["AMT_ANNUITY"]
    reply = send(api, "POST /counter-offer", {"application": refused})
    assert fields(reply) == [("AMT_ANNUITY", "contradiction")]


def test_what_turns_the_decision_turns_it(api, refused):
    body = send(api, "POST /counterfactuals", {"application": refused, "most": 5}).body
    assert body["before"]["decision"] == "refuse"
    assert body["outcome"] == "found"
    for item in body["items"]:
        changed = predict(api, refused | item["applied"])
        assert changed["decision"] == "accept"
        assert changed["probability_of_default"] == item["after"]["probability_of_default"]
        assert changed["probability_of_default"] <= body["aim"]["probability_of_default"]
        for change in item["changes"]:
            assert change["before"] == refused.get(change["field"])
            assert (change["duration"] is None) == (change["lever"] != "duration")


def test_what_is_forbidden_or_out_of_reach_stays(api, refused):
    least = refused["AMT_CREDIT"] * 0.8
    more = {"forbidden": ["AMT_INCOME_TOTAL", "CODE_GENDER"],
            "limits": {"AMT_CREDIT": {"least": least}, "AMT_ANNUITY": {"most": 1e9}}}  # fmt: skip
    body = send(api, "POST /counterfactuals", {"application": refused, **more, "most": 5}).body
    for item in body["items"]:
        assert "AMT_INCOME_TOTAL" not in item["applied"]
        assert item["applied"].get("AMT_CREDIT", least) >= least


def test_nothing_that_helps_is_said_to_be_nothing(api, refused):
    hopeless = refused | {"EXT_SOURCE_2": 0.0, "AMT_INCOME_TOTAL": 1_000}
    body = send(api, "POST /counterfactuals", {"application": hopeless}).body
    assert (body["outcome"], body["items"]) == ("none", [])
    assert body["tried"] > 100


def test_an_accepted_application_has_nothing_to_turn(api, refused):
    fine = refused | {"AMT_CREDIT": 10_000, "AMT_ANNUITY": 500, "AMT_GOODS_PRICE": 10_000,
                      "EXT_SOURCE_2": 0.9}  # fmt: skip
    body = send(api, "POST /counterfactuals", {"application": fine}).body
    assert (body["outcome"], body["items"], body["tried"]) == ("already_accepted", [], 0)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"forbidden": ["NOTHING"]}, "forbidden[0]"), ({"forbidden": "AMT_CREDIT"}, "forbidden"),
        ({"forbidden": [["AMT_CREDIT"]]}, "forbidden[0]"),
        ({"limits": {"DAYS_BIRTH": {}}}, "limits.DAYS_BIRTH"),
        ({"limits": {"AMT_CREDIT": {"least": "x"}}}, "limits.AMT_CREDIT.least"),
        ({"limits": {"AMT_CREDIT": 5}}, "limits.AMT_CREDIT"), ({"limits": []}, "limits"),
        ({"limits": {"AMT_CREDIT": {"below": 5}}}, "limits.AMT_CREDIT.below"),
        ({"tolerance": 0.6}, "tolerance"), ({"most": 6}, "most"), ({"most": 0}, "most"),
    ],
)  # fmt: skip
def test_an_aim_out_of_bounds_is_refused_by_name(api, refused, more, field):
    reply = send(api, "POST /counterfactuals", {"application": refused, **more})
    assert reply.status == 422
    assert field in [name for name, _ in fields(reply)]


def test_answers_and_examples_keep_their_schemas(api, document, refused):  # noqa: F811
    named = {"POST /simulate": ("SimulationRequest", "Simulation"),
             "POST /counter-offer": ("CounterOfferRequest", "CounterOffer"),
             "POST /counterfactuals": ("CounterfactualRequest", "Counterfactuals")}  # fmt: skip
    for route, (request, answer) in named.items():
        path = route.removeprefix("POST ")
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        for body in (content["example"], {"application": refused, **NEEDED.get(route, {})}):
            assert not wrong(document, request, body)
            reply = send(api, route, body)
            assert reply.status == 200
            assert not wrong(document, answer, reply.body)


def test_planted_values_reach_no_log(api, refused, logs):
    canary = 123_457.25
    sent = refused | {"AMT_INCOME_TOTAL": canary}
    send(api, "POST /simulate", {"application": sent, "changes": [{"AMT_CREDIT": canary}]})
    send(api, "POST /simulate", {"application": sent, "changes": [{"canary": canary}]})
    send(api, "POST /counter-offer", {"application": sent, "most": canary})
    send(api, "POST /counterfactuals", {"application": sent, "forbidden": [canary]})
    logs.read()
    assert "123457" not in logs.text
    assert "canary" not in logs.text


def test_the_champion_of_the_moment_answers(api, models, refused):
    body = send(api, "POST /counter-offer", {"application": refused}).body
    assert body["model"]["sha256"] == load_champion(models).sha256
    assert json.dumps(body)
