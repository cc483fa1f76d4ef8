"""The third verdict: its causes, its words, and the same bits alone and in company."""

import dataclasses
import json

import numpy as np
import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.contract.applicants import parse_record
from credit_scoring.decision import VERDICTS, verdicts
from credit_scoring.registry.bundle import load_model, save_bundle
from credit_scoring.review import CAUSES, ReviewRules, UsualProfile, find_contradictions
from credit_scoring.scoring import score_applicants

from tests.credit_scoring.examples import (
    application,
    many_applicants,
    same_bits,
    small_model,
    small_reference,
)

NEEDED = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
USUAL = {"EXT_SOURCE_2": 0.5}


def anything_is_usual(schema):
    count = len(schema)
    return UsualProfile(
        lows=np.full(count, -np.inf),
        highs=np.full(count, np.inf),
        missing_is_usual=np.ones(count, np.bool_),
        weights=np.zeros(count),
        limit=0.0,
    )


def usual_but_for(schema, bounds, *, limit, missing=()):
    """bounds : name -> low, high, weight; missing : names whose absence is unusual"""
    usual = anything_is_usual(schema)
    for name, (low, high, weight) in bounds.items():
        place = schema.names.index(name)
        usual.lows[place], usual.highs[place], usual.weights[place] = low, high, weight
        usual.missing_is_usual[place] = name not in missing
    return dataclasses.replace(usual, limit=limit)


def reviewing_model(*, near=(0.0, 0.0), needed=(), usual=None):
    model = small_model()[0]
    rules = ReviewRules(near, needed, usual or anything_is_usual(model.schema))
    return dataclasses.replace(model, review=rules)


def score(model, **fields):
    return score_applicants(model, parse_record(application(**fields)))


def causes_of(scores, row=0):
    return [review.cause for review in scores.review(row)]


def test_a_bundle_without_rules_accepts_or_refuses():
    drawn = many_applicants(400, seed=2)
    fits = ~find_contradictions(drawn).any(axis=1)
    scores = score_applicants(small_model()[0], drawn.take(np.flatnonzero(fits)))
    assert not scores.review_causes.any()
    assert set(scores.verdicts) == {"accept", "refuse"}
    assert scores.review(0) == []


def test_a_pd_near_the_cutoff_is_left_to_a_person_and_its_edges_are_exact():
    pd_ = float(score(small_model()[0]).default_probabilities[0])
    beyond = float(np.nextafter(pd_, 1))
    assert score(reviewing_model(near=(pd_, beyond))).decision(0) == "review"
    assert score(reviewing_model(near=(0.0, pd_))).decision(0) != "review"
    assert score(reviewing_model(near=(beyond, 1.0))).decision(0) != "review"


def test_without_a_score_from_outside_too_little_is_known():
    model = reviewing_model(needed=NEEDED)
    assert causes_of(score(model)) == ["too_little_data"]
    for name in NEEDED:
        assert score(model, **{name: 0.5}).decision(0) in ("accept", "refuse")


def test_unusual_features_count_by_their_weight():
    schema = small_model()[0].schema
    bounds = {"AMT_CREDIT": (50_000, 2_000_000, 20), "AMT_ANNUITY": (5_000, 40_000, 11)}
    model = reviewing_model(usual=usual_but_for(schema, bounds, limit=20))
    assert score(model, AMT_CREDIT=50_000, AMT_ANNUITY=40_000).decision(0) != "review"
    assert score(model, AMT_CREDIT=49_999, AMT_ANNUITY=40_000).decision(0) != "review"
    assert causes_of(score(model, AMT_CREDIT=49_999, AMT_ANNUITY=40_001)) == ["unlike_reference"]


def test_a_value_that_nobody_lacked_is_unusual_when_it_is_missing():
    schema = small_model()[0].schema
    usual = usual_but_for(schema, {"AMT_ANNUITY": (0, 1e9, 5)}, limit=4, missing=("AMT_ANNUITY",))
    model = reviewing_model(usual=usual)
    assert score(model).decision(0) == "review"
    assert score(model, AMT_ANNUITY=20_000).decision(0) != "review"


def test_the_heaviest_unusual_features_are_named_with_their_values():
    schema = small_model()[0].schema
    bounds = {"AMT_CREDIT": (50_000, 2_000_000, 5), "AMT_INCOME_TOTAL": (20_000, 900_000, 9)}
    model = reviewing_model(usual=usual_but_for(schema, bounds, limit=0))
    (review,) = score(model, AMT_CREDIT=9_000_000, AMT_INCOME_TOTAL=4_000_000).review(0)
    assert review.text["en"].endswith("(Declared income: 4,000,000; Credit amount: 9,000,000).")
    assert "Revenu déclaré : 4\u202f000\u202f000; " in review.text["fr"]


def test_all_causes_that_hold_are_told_in_both_languages():
    model = reviewing_model(near=(0.0, 1.0), needed=NEEDED)
    found = score(model).review(0)
    assert [review.cause for review in found] == ["near_cutoff", "too_little_data"]
    for review in found:
        assert review.text["fr"].endswith(".")
        assert review.text["en"].endswith(".")


def test_a_person_decides_whichever_side_of_the_cutoff_the_pd_is():
    accepted = np.array([True, True, False, False])
    found = verdicts(accepted, np.array([False, True, False, True]))
    assert [VERDICTS[verdict] for verdict in found] == ["accept", "review", "refuse", "review"]


def test_verdicts_are_the_same_alone_and_in_company():
    schema = small_model()[0].schema
    bounds = {name: (-1e5, 1e5, weight) for weight, name in enumerate(schema.names)}
    usual = usual_but_for(schema, bounds, limit=15_000)
    model = reviewing_model(near=(0.09, 0.11), needed=NEEDED, usual=usual)
    applicants = many_applicants(1_000, seed=12, missing=0.6)
    together = score_applicants(model, applicants)
    assert together.review_causes.any(axis=0).all()
    assert not together.review_causes.all(axis=0).any()
    strange = usual.novelty_score(together.features)
    for row in range(0, 1_000, 13):
        alone = score_applicants(model, applicants.take([row]))
        assert same_bits(alone.review_causes[0], together.review_causes[row])
        assert same_bits(usual.novelty_score(alone.features)[0], strange[row])
        assert alone.decision(0) == together.decision(row)
        assert [vars_of(r) for r in alone.review(0)] == [vars_of(r) for r in together.review(row)]


def vars_of(review):
    return dataclasses.asdict(review)


def test_nobody_is_left_to_people_when_nobody_comes():
    scores = score_applicants(reviewing_model(), many_applicants(0))
    assert scores.review_causes.shape == (0, len(CAUSES))
    assert scores.verdicts == []


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path)


def test_a_bundle_keeps_the_rules(store):
    schema = small_model()[0].schema
    bounds = {"AMT_CREDIT": (50_000.5, 2e6, 20), "CODE_GENDER": (-np.inf, np.inf, 3)}
    usual = usual_but_for(schema, bounds, limit=7, missing=("CODE_GENDER",))
    model = reviewing_model(near=(0.08, 0.12), needed=NEEDED, usual=usual)
    version, _ = save_bundle(store, model, reference=small_reference(), extra={})
    content = store.read(f"{version}/model.json").decode()
    json.loads(content, parse_constant=pytest.fail)  # no infinity, which is no JSON
    loaded = load_model(store, version).review
    assert (loaded.near_cutoff, loaded.needed) == ((0.08, 0.12), NEEDED)
    for name, found in vars(loaded.usual).items():
        assert same_bits(found, getattr(usual, name)), name


def test_a_bundle_without_rules_is_written_as_before(store):
    version, _ = save_bundle(store, small_model()[0], reference=small_reference(), extra={})
    assert "review" not in json.loads(store.read(f"{version}/model.json"))
    assert load_model(store, version).review is None


FITS = {"DAYS_BIRTH": -9_000, "DAYS_EMPLOYED": -500}


class TestContradictions:
    """What cannot all be true is left to a person, whatever the model; nothing is missing in it."""

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"DAYS_EMPLOYED": -8_900}, "before the age of ten"),
            ({"DAYS_ID_PUBLISH": -9_001}, "older than the applicant"),
            ({"DAYS_REGISTRATION": -9_001}, "before the birth"),
            ({"DAYS_LAST_PHONE_CHANGE": -9_001}, "before the birth"),
            ({"AMT_CREDIT": 1_000, "AMT_ANNUITY": 1_001}, "exceed the loan"),
            ({"OBS_30_CNT_SOCIAL_CIRCLE": 1, "DEF_30_CNT_SOCIAL_CIRCLE": 2}, "at 30 days"),
            ({"OBS_60_CNT_SOCIAL_CIRCLE": 1, "DEF_60_CNT_SOCIAL_CIRCLE": 2}, "at 60 days"),
            ({"DEF_30_CNT_SOCIAL_CIRCLE": 1, "DEF_60_CNT_SOCIAL_CIRCLE": 2}, "more defaults"),
            ({"CNT_CHILDREN": 2, "CNT_FAM_MEMBERS": 2}, "as many children"),
            ({"FLAG_OWN_CAR": "N", "OWN_CAR_AGE": 0}, "there is none"),
            ({"NAME_INCOME_TYPE": "Working", "DAYS_EMPLOYED": 365_243}, "not to apply"),
            ({"NAME_INCOME_TYPE": "Pensioner"}, "a pension and a job"),
        ],
    )
    def test_each_rule_is_named(self, fields, said):
        model, *_ = small_model()
        scores = score_applicants(model, parse_record(application(**FITS | fields)))
        assert scores.decision(0) == "review"
        (cause,) = scores.review(0)
        assert cause.cause == "contradiction"
        assert said in cause.text["en"]
        assert cause.text["fr"].startswith("Ce qui a été donné se contredit")

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"DAYS_EMPLOYED": -5_000},
            {"AMT_CREDIT": 1_000, "AMT_ANNUITY": 1_000},
            {"CNT_CHILDREN": 1, "CNT_FAM_MEMBERS": 2},
            {"FLAG_OWN_CAR": "N"},
            {"FLAG_OWN_CAR": "Y", "OWN_CAR_AGE": 90},
            {"NAME_INCOME_TYPE": "Pensioner", "DAYS_EMPLOYED": 365_243},
            {"DEF_30_CNT_SOCIAL_CIRCLE": 2},
        ],
    )
    def test_what_fits_or_is_missing_contradicts_nothing(self, fields):
        model, *_ = small_model()
        scores = score_applicants(model, parse_record(application(**FITS | fields)))
        assert scores.decision(0) != "review"

    def test_several_are_all_named(self):
        model, *_ = small_model()
        fields = {"DAYS_ID_PUBLISH": -9_001, "DAYS_REGISTRATION": -9_001}
        scores = score_applicants(model, parse_record(application(**FITS | fields)))
        (cause,) = scores.review(0)
        assert cause.text["en"].count(";") == 1
