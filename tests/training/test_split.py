"""Folds that leave nobody out and keep the share of defaults."""

import numpy as np
import pytest
from credit_scoring.errors import DatasetError

from training.split import stratified_folds

DEFAULTED = np.arange(203) % 7 == 0


def test_every_row_is_held_out_once_and_never_learnt_from_meanwhile():
    held_out = []
    for learn, rest in stratified_folds(DEFAULTED, n_folds=5, seed=3):
        assert sorted([*learn, *rest]) == list(range(203))
        held_out.extend(rest)
    assert sorted(held_out) == list(range(203))


def test_every_fold_has_its_share_of_defaults():
    shares = [DEFAULTED[rest].sum() for _, rest in stratified_folds(DEFAULTED, n_folds=5, seed=3)]
    assert max(shares) - min(shares) <= 1


def test_a_seed_names_its_folds():
    def folds(seed):
        return [rest.tolist() for _, rest in stratified_folds(DEFAULTED, n_folds=5, seed=seed)]

    assert folds(1) == folds(1)
    assert folds(1) != folds(2)


@pytest.mark.parametrize("defaulted", [[0] * 9 + [1] * 2, [1] * 9 + [0] * 2, [0] * 11, []])
def test_too_few_of_one_kind_is_told(defaulted):
    with pytest.raises(DatasetError, match="3 folds need"):
        list(stratified_folds(np.array(defaulted, np.bool_), n_folds=3, seed=0))
