"""Folds that leave nobody out, keep the share of defaults, and follow from the ids."""

import numpy as np
import pytest
from credit_scoring.errors import DatasetError

from training.data.split import FoldRule, hash_places, is_for_tuning, within

IDS = [str(100_000 + number) for number in range(203)]
DEFAULTED = np.arange(203) % 7 == 0


def rule(n_folds=5):
    return FoldRule.of(IDS, DEFAULTED, n_folds=n_folds)


def test_every_row_is_held_out_once_and_never_learnt_from_meanwhile():
    held_out = []
    for learn, rest in rule().split(IDS, DEFAULTED):
        assert sorted([*learn, *rest]) == list(range(203))
        held_out.extend(rest)
    assert sorted(held_out) == list(range(203))


def test_every_fold_has_its_share_of_defaults_and_of_rows():
    folds = rule().split(IDS, DEFAULTED)
    defaults = [DEFAULTED[rest].sum() for _, rest in folds]
    assert max(defaults) - min(defaults) <= 1
    assert max(len(rest) for _, rest in folds) - min(len(rest) for _, rest in folds) <= 2


def test_a_row_keeps_its_fold_in_any_order_and_company():
    fold = rule().fold_of(IDS, DEFAULTED)
    order = np.random.default_rng(3).permutation(203)[:40]
    some = rule().fold_of([IDS[row] for row in order], DEFAULTED[order])
    np.testing.assert_array_equal(some, fold[order])


def test_an_id_that_comes_twice_is_never_on_both_sides():
    twice, outcomes = IDS * 2, np.tile(DEFAULTED, 2)
    fold = FoldRule.of(twice, outcomes, n_folds=4).fold_of(twice, outcomes)
    np.testing.assert_array_equal(fold[:203], fold[203:])


def test_rows_the_rule_never_saw_spread_over_all_folds():
    ids = [f"new-{number}" for number in range(1_000)]
    fold = rule().fold_of(ids, np.arange(1_000) % 2 == 0)
    assert np.bincount(fold, minlength=5).min() > 120


def test_places_are_spread_evenly_and_known():
    places = hash_places([str(number) for number in range(10_000)])
    assert np.abs(np.histogram(places, 10, (0, 1))[0] - 1_000).max() < 150
    # The first 8 bytes of SHA-256 of "1", over 2**64: the same on every machine.
    assert hash_places(["1"])[0] == 0x6B86B273FF34FCE1 / 2**64


@pytest.mark.parametrize("defaulted", [[0] * 9 + [1] * 2, [1] * 9 + [0] * 2, [0] * 11, []])
def test_too_few_of_one_kind_is_told(defaulted):
    with pytest.raises(DatasetError, match="3 folds need"):
        FoldRule.of(IDS[: len(defaulted)], np.array(defaulted, np.bool_), n_folds=3)


def test_folds_within_some_rows_are_the_same_folds():
    folds = [(np.array([2, 3, 4, 5]), np.array([0, 1])), (np.array([0, 1, 4, 5]), np.array([2, 3])),
             (np.array([0, 1, 2, 3]), np.array([4, 5]))]  # fmt: skip
    found = [(a.tolist(), b.tolist()) for a, b in within(folds, np.array([1, 2, 5]))]
    assert found == [([1, 2], [0]), ([0, 2], [1]), ([0, 1], [2])]


def test_half_of_the_applicants_serve_tuning_by_their_ids_alone():
    ids = [str(n) for n in range(4_000)]
    chosen = is_for_tuning(ids)
    assert 0.47 < chosen.mean() < 0.53
    assert (is_for_tuning(ids[::-1]) == chosen[::-1]).all()
    assert abs(np.corrcoef(chosen, hash_places(ids))[0, 1]) < 0.05  # folds have of both
