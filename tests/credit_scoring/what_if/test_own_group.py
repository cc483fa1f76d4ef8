"""Offers that are good only for who else has them are no offers."""

import numpy as np
from credit_scoring.contract.applicants import parse_record
from credit_scoring.features import FeatureSchema
from credit_scoring.group_statistics import GroupTable
from credit_scoring.scoring import Model, judge_applicants
from credit_scoring.trees.forest import Forest
from credit_scoring.what_if.counter_offer import (
    accepted_rows,
    default_amounts,
    default_durations,
    make_counter_offer,
)
from credit_scoring.what_if.counterfactuals import Aim, find_counterfactuals
from credit_scoring.what_if.loan_terms import read_terms
from credit_scoring.what_if.own_group import probabilities_in_own_group

RECORD = {
    "SK_ID_CURR": "1", "AMT_INCOME_TOTAL": 100_000, "AMT_CREDIT": 400_000, "AMT_ANNUITY": 20_000,
    "DAYS_BIRTH": -12_000,
}  # fmt: skip
# Loans of twenty annuities are those of bad payers, all others of good ones.
TARIFFS = GroupTable(
    tuple(100.0 * n for n in range(1, 61)),
    {"TARIFF_SHARE": tuple(0.9 if n == 20 else 0.1 for n in range(1, 61))},
)


def model(*, by_amount):
    """A PD of 0.38 or 0.05 by the tariff; or by the amount as well: 300,000 and less is better."""
    trees = 2 if by_amount else 1
    return Model(
        "", "", FeatureSchema(("TARIFF_SHARE", "AMT_CREDIT"), {}, {"tariff": TARIFFS}),
        Forest(
            n_features=2,
            feature=np.array([0, 1], np.int32)[:trees],
            threshold=np.array([0.5, 300_000.0])[:trees],
            nan_left=np.ones(trees, bool),
            zero_is_missing=np.zeros(trees, bool),
            categorical=np.zeros(trees, bool),
            left=np.array([~0, ~2], np.int32)[:trees],
            right=np.array([~1, ~3], np.int32)[:trees],
            node_count=np.full(trees, 100, np.int32),
            leaf_count=np.full(2 * trees, 50, np.int32),
            leaf_value=np.array([-3.0, -0.5, -3.0, 0.0])[: 2 * trees],
            root=np.arange(trees, dtype=np.int32),
            category_left=np.zeros((0, 2), bool),
        ),
        0.1, 10.0, (0.05, 0.1),
    )  # fmt: skip


def offer(scorer):
    base = parse_record(RECORD)
    terms = read_terms(base)
    return make_counter_offer(scorer, base, terms, default_amounts(terms), default_durations(terms))


def test_a_price_that_good_payers_have_is_no_offer_of_itself():
    scorer = model(by_amount=False)
    assert judge_applicants(scorer, parse_record(RECORD)).decision(0) == "refuse"
    found = offer(scorer)
    assert accepted_rows(found.scores).any()  # as they stand most would be accepted
    assert not found.accepted.any()
    assert found.largest() is None


def test_a_smaller_loan_is_one_for_what_it_asks():
    found = offer(model(by_amount=True))
    assert found.accepted.any()
    amounts = [found.amount(loan) for loan in np.flatnonzero(found.accepted)]
    assert max(amounts) == 300_000.0


def test_a_counterfactual_turns_the_decision_in_the_own_group_as_well():
    base = parse_record(RECORD)
    terms = read_terms(base)
    assert find_counterfactuals(model(by_amount=False), base, terms, Aim(), most=3).items == []
    items = find_counterfactuals(model(by_amount=True), base, terms, Aim(), most=3).items
    assert items
    assert all(item.values["AMT_CREDIT"] <= 300_000 for item in items)


def test_who_stays_in_the_group_has_the_probability_that_was_scored():
    scorer = model(by_amount=True)
    scores = judge_applicants(scorer, parse_record(RECORD))
    same = probabilities_in_own_group(scores, scores.features[0])
    assert same.tolist() == scores.default_probabilities.tolist()
