"""Amounts and durations that would be accepted."""

from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.scoring import score_applicants
from credit_scoring.what_if.counter_offer import (
    default_amounts,
    default_durations,
    make_counter_offer,
)
from credit_scoring.what_if.loan_terms import read_terms
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.lending import draw_request, lending_model


def request(seed):
    return draw_request(np.random.default_rng(seed), "1")


def offer(model, record):
    base = parse_record(record)
    terms = read_terms(base)
    return make_counter_offer(model, base, terms, default_amounts(terms), default_durations(terms))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_loan_of_the_grid_is_scored_as_if_it_were_applied_for(seed):
    record = request(seed)
    found = offer(lending_model().model, record)
    assert len(found.scores) == 200
    rng = np.random.default_rng(seed)
    for loan in rng.integers(0, 200, 8).tolist():
        share = found.amount(loan) / record["AMT_CREDIT"]
        sent = record | {
            "AMT_CREDIT": found.amount(loan),
            "AMT_ANNUITY": found.annuities[loan],
            "AMT_GOODS_PRICE": round(record["AMT_GOODS_PRICE"] * share, 2),
        }
        alone = score_applicants(lending_model().model, parse_record(sent))
        assert found.scores.default_probabilities[loan] == alone.default_probabilities[0]
        assert found.accepted[loan] == (alone.decision(0) == "accept")
        annuity = found.amount(loan) / found.duration(loan)
        assert found.annuities[loan] == pytest.approx(annuity, abs=0.011)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.8, 1.1))
def test_the_largest_and_the_nearest_are_what_they_say(seed, share):
    record = request(seed)
    pd_ = score_applicants(lending_model().model, parse_record(record)).default_probabilities[0]
    found = offer(replace(lending_model().model, cutoff=float(pd_) * share), record)
    accepted = np.flatnonzero(found.accepted).tolist()
    largest, nearest = found.largest(), found.nearest(most=200)
    if not accepted:
        assert largest is None
        assert nearest == []
        return
    assert found.amount(largest) == max(found.amount(loan) for loan in accepted)
    assert set(nearest) <= set(accepted)
    assert found.distance[nearest[0]] == min(found.distance[accepted])
    assert sorted(found.distance[nearest]) == found.distance[nearest].tolist()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.8, 1.0))
def test_each_alternative_is_a_choice_of_its_own(seed, share):
    record = request(seed)
    pd_ = score_applicants(lending_model().model, parse_record(record)).default_probabilities[0]
    found = offer(replace(lending_model().model, cutoff=float(pd_) * share), record)
    assume(found.accepted.any())
    chosen = found.nearest(most=200)
    away = np.array([[abs(found.amount(n) / found.terms.amount - 1),
                      abs(found.duration(n) / found.terms.duration - 1)]
                     for n in range(200)])  # fmt: skip
    for loan in np.flatnonzero(found.accepted):
        assert any((away[each] <= away[loan]).all() for each in chosen)
    for one in chosen:
        others = [each for each in chosen if each != one]
        assert not any((away[each] <= away[one]).all() for each in others)


def test_nothing_is_offered_when_nothing_is_acceptable():
    found = offer(replace(lending_model().model, cutoff=0.0), request(1))
    assert found.largest() is None
    assert found.nearest(most=3) == []


def test_the_default_grid_never_exceeds_the_amount_applied_for():
    terms = read_terms(parse_record(request(2)))
    amounts, durations = default_amounts(terms), default_durations(terms)
    assert (len(amounts), len(durations)) == (20, 10)
    assert amounts[-1] == pytest.approx(terms.amount, abs=0.01)
    assert durations[0] == pytest.approx(terms.duration / 2, abs=0.5)
    assert durations[-1] == pytest.approx(terms.duration * 1.5, abs=0.5)


def test_loans_outside_of_the_contract_are_never_acceptable():
    record = request(3) | {"AMT_CREDIT": 21, "AMT_ANNUITY": 1.05}
    found = offer(replace(lending_model().model, cutoff=1.0), record)
    assert found.amounts.min() >= 1
    assert (found.annuities[found.accepted] >= 1).all()
    assert not found.accepted.all()
