"""Variants of an application: one feature path, one call, only what can be changed."""

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.errors import InvalidApplicant
from credit_scoring.reasons.families import FAMILIES, family_indices, sum_by_family
from credit_scoring.scoring import score_applicants
from credit_scoring.what_if.simulation import simulate, with_followers
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models import draw_record

RECORD = {"AMT_CREDIT": 400_000, "AMT_ANNUITY": 20_000, "AMT_GOODS_PRICE": 360_000}


def application(seed=1):
    return draw_record(np.random.default_rng(seed), "100002")


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    changes=st.lists(
        st.dictionaries(
            st.sampled_from(["AMT_CREDIT", "AMT_INCOME_TOTAL", "AMT_ANNUITY"]),
            st.floats(1_000, 900_000),
            max_size=3,
        ),
        min_size=1,
        max_size=5,
    ),
)  # fmt: skip
def test_each_variant_scores_to_the_last_bit_as_an_application_of_its_own(
    small_model, seed, changes
):
    record = application(seed)
    found = simulate(small_model.model, parse_record(record), changes)
    assert len(found.scores) == len(changes) + 1
    for row, applied in enumerate([{}, *found.applied]):
        alone = score_applicants(small_model.model, parse_record(record | applied))
        assert found.scores.margins[row] == alone.margins[0]
        assert found.scores.features[row].tobytes() == alone.features[0].tobytes()


def test_history_that_is_known_takes_part(small_model):
    record = application() | {"BUREAU_ACTIVE_CREDIT_COUNT": 7}
    found = simulate(small_model.model, parse_record(record), [{"AMT_INCOME_TOTAL": 50_000}])
    place = small_model.model.schema.names.index("BUREAU_ACTIVE_CREDIT_COUNT")
    assert found.scores.features[:, place].tolist() == [7, 7]


def test_annuity_and_price_move_with_the_amount_unless_they_are_changed_themselves():
    assert with_followers(RECORD, {"AMT_CREDIT": 200_000}) == {
        "AMT_CREDIT": 200_000, "AMT_ANNUITY": 10_000.0, "AMT_GOODS_PRICE": 180_000.0,
    }  # fmt: skip
    kept = {"AMT_CREDIT": 200_000, "AMT_GOODS_PRICE": 360_000}
    assert with_followers(RECORD, kept) == kept | {"AMT_ANNUITY": 10_000.0}
    assert with_followers({"AMT_CREDIT": 400_000}, {"AMT_CREDIT": 1}) == {"AMT_CREDIT": 1}


@pytest.mark.parametrize("value", [None, "x", -5, 10**400, True, float("nan")])
def test_what_is_no_amount_moves_nothing(value):
    assert with_followers(RECORD, {"AMT_CREDIT": value}) == {"AMT_CREDIT": value}


def test_what_stays_the_same_is_not_told_as_a_change(small_model):
    record = application()
    same = {"AMT_INCOME_TOTAL": record["AMT_INCOME_TOTAL"]}
    assert simulate(small_model.model, parse_record(record), [same]).applied == [{}]


def test_all_problems_of_all_variants_are_told_with_their_place(small_model):
    changes = [{"AMT_CREDIT": 1_000}, {"DAYS_BIRTH": -9_000, "AMT_CREDIT": "x"},
               {"AMT_CREDIT": -3}, {"nonsense": 1}]  # fmt: skip
    with pytest.raises(InvalidApplicant) as refused:
        simulate(small_model.model, parse_record(application()), changes)
    assert [(p.field, p.cause) for p in refused.value.problems] == [
        ("changes[1].DAYS_BIRTH", "not_actionable"),
        ("changes[2].AMT_CREDIT", "out_of_range"),
        ("changes[3].nonsense", "unknown_field"),
    ]


def test_the_families_of_a_model_add_up_to_its_margin(small_model):
    scores = score_applicants(small_model.model, parse_record(application()))
    totals = sum_by_family(
        scores.contributions, family_indices(small_model.model.schema.names), len(FAMILIES)
    )
    base = small_model.model.explainer.base_value
    assert base + totals.sum() == pytest.approx(scores.margins[0], abs=1e-12)
