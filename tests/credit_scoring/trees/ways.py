"""The ways in which a forest explains, and that they say the same."""

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.native import library as kernel
from credit_scoring.trees.explainer import Explainer

from tests.credit_scoring.examples import same_bits

needs_kernel = pytest.mark.skipif(
    kernel.library() is None, reason="no kernel for this machine: python -m layers.kernel builds it"
)


@contextmanager
def numpy_alone():
    """As where there is no compiled kernel, for forests that are new."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "library_path", lambda machine: Path("no kernel"))
        kernel.library.cache_clear()
        assert kernel.library() is None
        yield
    kernel.library.cache_clear()


def every_way(forest, matrix):
    """Margins alone, and margins with contributions, by leaf and from tables."""
    fresh = Explainer(forest)
    by_leaf, tables = fresh.by_leaf, fresh.by_table
    margins = [forest.walk(matrix), by_leaf.margins(matrix), tables.margins(matrix)]
    return margins, by_leaf.explain(matrix), tables.explain(matrix)


def assert_all_ways_agree(forest, matrix):
    """One margin to the bit; contributions the same bits in numpy and compiled, alone and not."""
    margins, by_leaf, by_tables = every_way(forest, matrix)
    for found in [*margins, by_leaf[0], by_tables[0]]:
        assert same_bits(found, margins[0])
    np.testing.assert_allclose(by_leaf[1], by_tables[1], atol=1e-12, rtol=0)
    with numpy_alone():
        other_margins, *others = every_way(forest, matrix)
    assert all(same_bits(a, b) for a, b in zip(other_margins, margins, strict=True))
    for other, own in zip(others, (by_leaf, by_tables), strict=True):
        assert same_bits(other[0], own[0])
        assert same_bits(other[1], own[1])
    for row in range(0, len(matrix), max(1, len(matrix) // 5)):
        alone = every_way(forest, matrix[row : row + 1])
        assert all(same_bits(found, margins[0][row : row + 1]) for found in alone[0])
        for mine, own in zip(alone[1:], (by_leaf, by_tables), strict=True):
            assert same_bits(mine[0], own[0][row : row + 1])
            assert same_bits(mine[1], own[1][row : row + 1])
    return margins[0]
