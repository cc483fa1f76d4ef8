"""Amount, annuity, duration and rate of a loan."""

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.errors import InvalidApplicant
from credit_scoring.what_if.loan_terms import LONGEST, Terms, implied_rate, read_terms
from hypothesis import given
from hypothesis import strategies as st

RECORD = {"SK_ID_CURR": "1", "AMT_INCOME_TOTAL": 90_000, "AMT_CREDIT": 240_000, "DAYS_BIRTH": -9999}


def terms(duration=None, **fields):
    return read_terms(parse_record(RECORD | fields), duration=duration)


def test_without_a_duration_interest_is_left_out():
    found = terms(AMT_ANNUITY=12_000)
    assert (found.duration, found.rate, found.assumes) == (20.0, 0.0, "no_interest")
    assert found.annuities(np.array([240_000.0, 120_000.0]), np.array([20.0, 40.0])).tolist() == [
        12_000.0, 3_000.0,
    ]  # fmt: skip


def test_a_known_duration_gives_the_rate_by_the_annuity_formula():
    found = terms(24, AMT_ANNUITY=12_000)
    assert found.assumes == "stated_duration"
    growth = (1 + found.rate) ** -24
    assert 240_000 * found.rate / (1 - growth) == pytest.approx(12_000, rel=1e-12)


@given(
    rate=st.floats(1e-6, 0.2), duration=st.integers(2, 360), amount=st.floats(1_000, 5_000_000)
)  # fmt: skip
def test_the_implied_rate_is_the_one_that_made_the_annuity(rate, duration, amount):
    annuity = amount * rate / (1 - (1 + rate) ** -duration)
    assert implied_rate(amount, annuity, duration) == pytest.approx(rate, rel=1e-6, abs=1e-9)


@given(duration=st.integers(20, 200), share=st.floats(0.1, 1.0))
def test_annuities_are_in_proportion_to_the_amount_and_fall_with_time(duration, share):
    found = terms(duration, AMT_ANNUITY=12_000)
    one, less, longer = found.annuities(
        np.array([240_000.0, 240_000.0 * share, 240_000.0]),
        np.array([duration, duration, duration + 5.0]),
    )
    assert one == pytest.approx(12_000, abs=0.011)
    assert less == pytest.approx(share * one, abs=0.011)
    assert longer < one


def test_too_few_annuities_to_repay_the_amount_are_refused():
    with pytest.raises(InvalidApplicant) as refused:
        terms(19, AMT_ANNUITY=12_000)
    (problem,) = refused.value.problems
    assert (problem.field, problem.allowed) == ("duration", "a whole number from 20 up")
    assert terms(20, AMT_ANNUITY=12_000).rate == pytest.approx(0.0, abs=1e-9)


def test_without_an_annuity_there_is_no_duration():
    with pytest.raises(InvalidApplicant) as refused:
        terms()
    assert refused.value.problems[0].field == "AMT_ANNUITY"


@pytest.mark.parametrize("duration", [1, 2, 23, 24, 60, 240])
@pytest.mark.parametrize("rate", [0.0, 1e-9, 0.004, 0.05])
def test_the_duration_of_an_annuity_is_the_one_that_made_it(duration, rate):
    loan = Terms(240_000.0, 0.0, 0.0, rate, "stated_duration")
    [annuity] = loan.annuities(np.array([240_000.0]), np.array([float(duration)]))
    assert loan.duration_of(float(annuity)) == duration


def test_an_annuity_that_pays_interest_alone_takes_the_longest_time():
    loan = Terms(240_000.0, 0.0, 0.0, 0.05, "stated_duration")
    assert loan.duration_of(12_000.0) == loan.duration_of(11_000.0) == LONGEST
