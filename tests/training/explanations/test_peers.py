"""Cells of accepted files: large, apart, and measured on rows that the models had not seen."""

import numpy as np
import pytest
from credit_scoring.population.peers import FEWEST_ROWS, Peers
from credit_scoring.reasons.families import FAMILIES, family_indices, sum_by_family

from tests.lending import lending_model
from training.explanations.peers import _partition, make_peers


@pytest.fixture(scope="module")
def rows():
    lending = lending_model()
    matrix = lending.reference.features.astype(np.float64)
    model = lending.model
    contributions = model.explainer.contributions(matrix)[1]
    positions = sum_by_family(contributions, family_indices(model.schema.names), len(FAMILIES))
    pds = lending.reference.default_probabilities
    defaulted = np.random.default_rng(1).random(len(pds)) < pds
    return model, positions, pds, defaulted, pds < model.cutoff, contributions


@pytest.fixture(scope="module")
def peers(rows):
    model, positions, pds, defaulted, accepted, _ = rows
    made = make_peers(model.schema, positions, pds, defaulted, accepted)
    return Peers.from_bytes(made.to_bytes())


def test_only_accepted_files_are_in_cells_each_in_one(rows, peers):
    _, _, pds, defaulted, accepted, _ = rows
    assert peers.rows.sum() == accepted.sum()
    assert peers.defaults.sum() == (defaulted & accepted).sum()
    assert (peers.mean_pds * peers.rows).sum() == pytest.approx(pds[accepted].sum(), rel=1e-3)


@pytest.mark.parametrize("count", [100, 199, 200, 777, 5_000])
def test_cells_hold_enough_rows_and_not_twice_as_many(count):
    positions = np.random.default_rng(2).normal(size=(count, 4)).round(1)
    cells = list(_partition(positions, np.arange(count)))
    assert sorted(np.concatenate(cells).tolist()) == list(range(count))
    assert all(FEWEST_ROWS <= len(cell) < 2 * FEWEST_ROWS for cell in cells)


def test_nothing_of_a_row_is_kept(rows, peers):
    """Canary: no centre is the position of a file, and there is nothing else of K numbers."""
    positions = rows[1]
    distances = np.abs(positions[:, None] - peers.centres).max(axis=2)
    assert distances.min() > 0
    assert (peers.rows >= FEWEST_ROWS).all()
    assert set(vars(peers)) == {"families", "family_of", "centres", "rows", "defaults",
                                "mean_pds", "reach"}  # fmt: skip


def test_files_have_peers_of_about_their_own_risk(rows, peers):
    _, _, pds, _, accepted, contributions = rows
    chosen = np.flatnonzero(accepted)[::25]
    means = [peers.around(contributions[row]).mean_pd for row in chosen]
    assert np.corrcoef(means, pds[chosen])[0, 1] > 0.9


def test_most_files_are_typical(rows, peers):
    _, _, _, _, accepted, contributions = rows
    chosen = np.flatnonzero(accepted)[::10]
    typical = np.mean([peers.around(contributions[row]).typical for row in chosen])
    assert 0.9 < typical < 1.0


def test_too_few_accepted_files_make_no_cells(rows):
    model, positions, pds, defaulted, accepted, _ = rows
    few = np.flatnonzero(accepted)[: FEWEST_ROWS - 1]
    only = np.isin(np.arange(len(pds)), few)
    assert make_peers(model.schema, positions, pds, defaulted, only) is None
