"""The cut-off is the cheapest one there is, found by trying them all."""

import numpy as np
import pytest
from credit_scoring.errors import EmptyDataset
from hypothesis import given
from hypothesis import strategies as st

from training.cutoff import business_cost, choose_cutoff

# Few distinct PDs make ties, zero and one make edges.
PDS = st.sampled_from([0.0, 0.05, 0.1, 0.1 + 1e-12, 0.3, 0.5, 0.99, 1.0]) | st.floats(0, 1)
ROWS = st.lists(st.tuples(PDS, st.booleans()), min_size=1, max_size=40)


def arrays(rows):
    return np.array([pd_ for pd_, _ in rows]), np.array([bad for _, bad in rows], np.bool_)


def cheapest(probabilities, defaulted, cost_ratio):
    """Every cut-off that accepts other rows than its neighbours; the lowest of the cheapest."""
    rows = list(zip(probabilities, defaulted, strict=True))
    candidates = np.unique([*probabilities, 1.0])
    costs = [
        sum(cost_ratio for pd_, bad in rows if bad and pd_ < cut)
        + sum(1 for pd_, bad in rows if not bad and pd_ >= cut)
        for cut in candidates
    ]
    return candidates[int(np.argmin(costs))], min(costs) / len(defaulted)


@given(rows=ROWS, cost_ratio=st.sampled_from([0.5, 1, 3, 10, 12.5]))
def test_no_other_cutoff_is_cheaper_and_ties_take_the_lower(rows, cost_ratio):
    probabilities, defaulted = arrays(rows)
    cutoff = choose_cutoff(probabilities, defaulted, cost_ratio=cost_ratio)
    expected, lowest = cheapest(probabilities, defaulted, cost_ratio)
    assert cutoff == expected
    cost = business_cost(probabilities, defaulted, cutoff=cutoff, cost_ratio=cost_ratio)
    assert cost == pytest.approx(lowest)


@given(rows=ROWS, seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(rows, seed):
    probabilities, defaulted = arrays(rows)
    shuffled = np.random.default_rng(seed).permutation(len(rows))
    assert choose_cutoff(
        probabilities[shuffled], defaulted[shuffled], cost_ratio=10
    ) == choose_cutoff(probabilities, defaulted, cost_ratio=10)


@pytest.mark.parametrize(
    ("probabilities", "defaulted", "expected"),
    [
        ([0.1, 0.2, 0.3], [0, 0, 0], 1.0),  # all good: accept everybody
        ([0.1, 0.2, 0.3], [1, 1, 1], 0.1),  # all bad: accept nobody
        ([0.2] * 4, [0, 0, 0, 1], 0.2),  # one PD for all: a default in four is too many
        ([0.02] * 20, [0] * 19 + [1], 1.0),  # ... and one in twenty is not
        ([0.1, 0.2], [0, 1], 0.2),  # the first PD that is refused
        ([0.1] * 10 + [0.2], [0] * 10 + [1], 0.2),
        ([0.1] * 11, [0] * 10 + [1], 0.1),  # accepting all costs ten, refusing all too
    ],
)
def test_plain_cases(probabilities, defaulted, expected):
    found = choose_cutoff(np.array(probabilities), np.array(defaulted, np.bool_), cost_ratio=10)
    assert found == expected


def test_no_outcome_no_cutoff():
    with pytest.raises(EmptyDataset):
        choose_cutoff(np.empty(0), np.empty(0, np.bool_), cost_ratio=10)


@pytest.mark.parametrize("cost_ratio", [1, 4, 10])
def test_calibrated_pds_come_near_what_theory_says(cost_ratio):
    rng = np.random.default_rng(1)
    probabilities = rng.beta(1, 4, 200_000)
    defaulted = rng.random(200_000) < probabilities
    cutoff = choose_cutoff(probabilities, defaulted, cost_ratio=cost_ratio)
    assert cutoff == pytest.approx(1 / (1 + cost_ratio), rel=0.2)


def test_cost_counts_both_errors_per_applicant():
    cost = business_cost(
        np.array([0.05, 0.05, 0.5, 0.5]), np.array([True, False, True, False]),
        cutoff=0.1, cost_ratio=10,
    )  # fmt: skip
    assert cost == (10 + 0 + 0 + 1) / 4


def test_a_pd_at_the_cutoff_is_refused():
    cost = business_cost(np.array([0.1]), np.array([False]), cutoff=0.1, cost_ratio=10)
    assert cost == 1
