"""Groups of similar files: natural frequencies, never a row."""

import io
from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.population.peers import FEWEST_ROWS, WANTED_ROWS, Peers


def peers(cells=12, seed=0):
    """Two families, three features; defaults are commoner to the right."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(100, 200, cells)
    centres = rng.normal(size=(cells, 2)).round(3)
    return Peers(
        families=np.array(["loan", "household"]),
        family_of=np.array([0, 0, 1]),
        centres=centres,
        rows=rows,
        defaults=np.round(rows * (0.1 + 0.02 * centres[:, 0])).astype(np.int64),
        mean_pds=(0.1 + 0.02 * centres[:, 0]).round(4),
        reach=0.8,
    )


def test_the_nearest_cells_are_merged_until_there_are_enough_files():
    cells = peers()
    contributions = np.array([0.2, 0.1, -0.4])
    position = np.array([contributions[:2].sum(), contributions[2]])
    order = np.argsort(np.linalg.norm(cells.centres - position, axis=1))
    group = cells.around(contributions)
    chosen = order[: group.cells]
    assert group.rows == cells.rows[chosen].sum() >= WANTED_ROWS
    assert cells.rows[chosen[:-1]].sum() < WANTED_ROWS
    assert group.defaults == cells.defaults[chosen].sum()
    assert group.mean_pd == pytest.approx(
        np.average(cells.mean_pds[chosen], weights=cells.rows[chosen])
    )
    assert group.distance == pytest.approx(np.linalg.norm(cells.centres[order[0]] - position))


def test_somebody_far_from_all_files_is_told_so():
    cells = peers()
    assert not cells.around(np.array([50.0, 0.0, 0.0])).typical
    near = cells.centres[0]
    assert cells.around(np.array([near[0], 0.0, near[1]])).typical


def test_too_few_files_in_all_cells_are_all_taken():
    cells = peers(1)
    assert cells.around(np.zeros(3)).rows == cells.rows[0]


def test_what_is_written_is_read_again():
    cells = peers()
    again = Peers.from_bytes(cells.to_bytes())
    contributions = np.array([0.2, 0.1, -0.4])
    assert again.around(contributions) == cells.around(contributions)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: {"rows": np.append(p.rows[:-1], FEWEST_ROWS - 1)},
        lambda p: {"defaults": p.rows + 1},
        lambda p: {"centres": p.centres[:, :1]},
        lambda p: {"family_of": np.array([0, 1, 2])},
        lambda p: {
            name: getattr(p, name)[:0] for name in ("rows", "defaults", "mean_pds", "centres")
        },
    ],
)
def test_cells_that_are_too_small_or_do_not_fit_are_refused(change):
    cells = peers()
    with pytest.raises(ArtifactMismatch):
        Peers.from_bytes(replace(cells, **change(cells)).to_bytes())


def test_the_smallest_cell_that_may_be_kept_holds_a_hundred_files():
    """The number is a promise to people whose files these are, not a setting."""
    assert FEWEST_ROWS == 100
    cells = replace(peers(), rows=np.append(peers().rows[:-1], 100))
    assert Peers.from_bytes(cells.to_bytes()).rows[-1] == 100


def test_foreign_arrays_are_refused():
    buffer = io.BytesIO()
    np.savez(buffer, rows=np.arange(3))
    with pytest.raises(ArtifactMismatch):
        Peers.from_bytes(buffer.getvalue())
