"""Compared and searched on folds, a row held out tells nothing of its own group."""

from types import SimpleNamespace

import numpy as np
import pytest
from credit_scoring.contract.columns import GROUPED
from credit_scoring.features import CleanInputs

from tests.training.rows import draw_dataset, quick_recipe
from training.data.dataset import Dataset
from training.fitting.fold_rows import rows_with_own_groups
from training.fitting.prepared import Prepared
from training.pipeline.steps import compare, tune

ROWS = np.arange(0, 900, 2)
# As much of a run as the two steps read.
SETTINGS = SimpleNamespace(
    studies=True,
    cost_ratio=10.0,
    recipe=quick_recipe(),
    tune=SimpleNamespace(wanted=True, method="optuna", objective="cost", minutes=None, trials=2),
)


@pytest.fixture(scope="module")
def prepared():
    """Everybody has one of three tariffs: in each fold each is a group of its own."""
    dataset = draw_dataset()
    dataset.applicants.columns["AMT_CREDIT"] = 1e4 * (10 + np.arange(900) % 3)
    dataset.applicants.columns["AMT_ANNUITY"] = np.full(900, 1e4)
    return Prepared.of(dataset, n_folds=3)


def fold(prepared):
    """Of the rows taken, by place among them: who learns, and who is held out."""
    held_out = np.isin(ROWS, prepared.folds[0][1])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def rows_of_all(prepared):
    schema = prepared.candidates(quick_recipe(), ROWS)
    return schema, rows_with_own_groups(prepared, schema, ROWS, prepared.columns(schema, ROWS))


def test_a_folds_rows_are_those_of_tables_that_it_learnt_alone(prepared):
    learn, held_out = fold(prepared)
    schema, rows_of = rows_of_all(prepared)
    own = prepared.candidates(quick_recipe(), ROWS[learn])
    assert own.names == schema.names
    for found, taken in zip(rows_of(learn, held_out), (learn, held_out), strict=True):
        np.testing.assert_array_equal(found, prepared.columns(own, ROWS[taken]))
        assert not np.array_equal(found, prepared.columns(schema, ROWS[taken]), equal_nan=True)


def test_a_held_out_row_moves_no_table(prepared):
    learn, held_out = fold(prepared)
    columns = dict(prepared.dataset.applicants.columns)
    columns["AMT_INCOME_TOTAL"] = columns["AMT_INCOME_TOTAL"].copy()
    columns["AMT_INCOME_TOTAL"][ROWS[held_out]] = 9e8
    applicants = type(prepared.dataset.applicants)(prepared.dataset.applicants.ids, columns)
    changed = Prepared(
        Dataset(applicants, prepared.defaulted),
        prepared.schema,
        CleanInputs(applicants),
        prepared.rule,
        prepared.folds,
    )
    before, after = (rows_of_all(each)[1](learn, held_out) for each in (prepared, changed))
    np.testing.assert_array_equal(before[0], after[0])
    schema = rows_of_all(prepared)[0]
    grouped = [place for place, name in enumerate(schema.names) if name in GROUPED]
    np.testing.assert_array_equal(before[1][:, grouped], after[1][:, grouped])


@pytest.mark.parametrize("step", [compare, tune])
def test_what_is_compared_and_searched_is_told_of_a_folds_own_groups(step, prepared, monkeypatch):
    given = {}

    def look(matrix, *_, rows_of, **__):
        given.update(matrix=matrix, rows_of=rows_of)
        raise InterruptedError

    name = "compare_models" if step is compare else "tune"
    monkeypatch.setattr(step, name, look)
    monkeypatch.setattr(step, "prepared_rows", lambda _: prepared)
    with pytest.raises(InterruptedError):
        step.run(SimpleNamespace(settings=SETTINGS, results=None))
    half = len(given["matrix"]) // 2
    held_out = given["rows_of"](np.arange(half), np.arange(half, 2 * half))[1]
    assert not np.array_equal(held_out, given["matrix"][half : 2 * half], equal_nan=True)
