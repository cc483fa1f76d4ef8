"""What stops a training before it begins, in one sentence each."""

import numpy as np
import pytest
from credit_scoring.contract.columns import APPLICATION
from credit_scoring.errors import DatasetError

from tests.training.rows import draw_dataset
from training.data import soundness
from training.data.dataset import Dataset, empty_columns
from training.data.soundness import refuse_contradictions, require_columns, require_outcomes


@pytest.mark.parametrize(("bad", "good"), [(5, 45), (0, 1_000), (1_000, 49)])
def test_too_few_outcomes_of_a_kind_are_counted(bad, good):
    with pytest.raises(DatasetError, match=f"there are {bad} and {good}: give more"):
        require_outcomes(np.arange(bad + good) < bad)


def test_enough_outcomes_are_enough():
    require_outcomes(np.arange(100) < 50)


def test_a_column_that_nobody_filled_in_stops_with_the_way_round():
    applicants = draw_dataset(60).applicants
    rest = empty_columns(applicants)
    applicants.columns["AMT_ANNUITY"][:] = np.nan
    applicants.columns.pop("EXT_SOURCE_2")
    with pytest.raises(DatasetError, match=r"AMT_ANNUITY.*--allow-missing EXT_SOURCE_2"):
        require_columns(applicants, rest)
    require_columns(applicants, [*rest, "AMT_ANNUITY", "EXT_SOURCE_2"])


def test_every_column_of_the_form_is_looked_for():
    wanted = {name for name, column in APPLICATION.items() if column.type != "id"}
    assert {*empty_columns(draw_dataset(5).applicants.take([]))} == wanted


def test_forms_with_both_outcomes_are_counted():
    dataset = draw_dataset(200)
    twice = Dataset(
        dataset.applicants.take([*range(200), *range(200)]),
        np.concatenate([dataset.defaulted, ~dataset.defaulted]),
    )
    with pytest.raises(DatasetError, match="200 applicants have the same form"):
        refuse_contradictions(twice)


def test_forms_far_apart_in_a_long_file_contradict_each_other_too(monkeypatch):
    monkeypatch.setattr(soundness, "_ROWS_AT_ONCE", 64)
    test_forms_with_both_outcomes_are_counted()


def test_a_few_that_look_alike_are_chance():
    dataset = draw_dataset(200)
    refuse_contradictions(dataset)
    one_more = dataset.take(np.array([*range(200), 0]))
    one_more.defaulted[-1] = ~one_more.defaulted[0]
    refuse_contradictions(one_more)


def test_copies_with_the_same_outcome_contradict_nothing():
    dataset = draw_dataset(100)
    refuse_contradictions(dataset.take(np.array([*range(100)] * 2)))
