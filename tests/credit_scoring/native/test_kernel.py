"""The compiled kernel is used only where it can be trusted, and cannot be told from numpy."""

import dataclasses
import threading

import numpy as np
import pytest
from credit_scoring.native import caches, parallel
from credit_scoring.native import contributions as compiled
from credit_scoring.native import library as kernel
from credit_scoring.trees import shap_by_table as table_shap
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import ZERO
from credit_scoring.trees.group_tables import leaf_shares
from credit_scoring.trees.shap_by_leaf import gauss_legendre
from credit_scoring.trees.threshold_ranks import NEVER_LEFT, Ranks
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credit_scoring.examples import same_bits, small_model
from tests.credit_scoring.trees.ways import (
    assert_all_ways_agree,
    every_way,
    needs_kernel,
    numpy_alone,
)

TINY = [5e-324, -5e-324, 1e-310, -1e-310, ZERO, -ZERO, float(np.nextafter(ZERO, 1)), 1e-36]
HUGE = [np.finfo(float).max, -np.finfo(float).max, np.inf, -np.inf, 2.0**31, 2.0**63, 1e300]
ODD = [np.nan, -np.nan, 0.0, -0.0, -1.0, -0.5, 0.5, *TINY, *HUGE]


def forest_and_rows():
    model, matrix, _ = small_model()
    return dataclasses.replace(model.forest), matrix


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.sampled_from([0.05, 0.5, 1.0]))
def test_odd_values_go_the_same_way_everywhere(seed, share):
    forest, matrix = forest_and_rows()
    rng = np.random.default_rng(seed)
    rows = matrix[rng.integers(0, len(matrix), 40)]
    odd = rng.random(rows.shape) < share
    rows[odd] = rng.choice(ODD, odd.sum())
    equal = rng.integers(0, len(forest.feature), 40)
    rows[np.arange(40), forest.feature[equal]] = forest.threshold[equal]
    forest = dataclasses.replace(
        forest,
        zero_is_missing=rng.random(len(forest.feature)) < 0.5,
        nan_left=rng.random(len(forest.feature)) < 0.5,
    )
    assert_all_ways_agree(forest, rows)


@pytest.mark.parametrize("threads", ["1", "2", "5"])
@pytest.mark.parametrize("rows_a_call", [1, 3, 64, 200])
def test_threads_and_chunks_change_no_bit(monkeypatch, threads, rows_a_call):
    forest, matrix = forest_and_rows()
    whole = every_way(forest, matrix[:510])
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    monkeypatch.setattr(table_shap, "rows_in_step", lambda: rows_a_call)
    monkeypatch.setattr(compiled, "ROWS_AT_ONCE", 2 * rows_a_call)
    monkeypatch.setattr(table_shap, "CHUNK", rows_a_call + 7)
    for count in (1, 2, rows_a_call, rows_a_call + 1, 510):
        _, *pairs = every_way(forest, matrix[:count])
        for pair, own in zip(pairs, whole[1:], strict=True):
            assert same_bits(pair[0], own[0][:count])
            assert same_bits(pair[1], own[1][:count])


@pytest.mark.parametrize("count", [63, 64, 65, 511, 512, 513, 1023, 1025, 2047, 2049, 4097])
def test_rows_at_the_edge_of_a_chunk_are_like_all_others(monkeypatch, count):
    monkeypatch.setattr(table_shap, "rows_in_step", lambda: 1024)
    forest, matrix = forest_and_rows()
    explainer = Explainer(forest)
    rows = np.tile(matrix, (3, 1))[:count]
    margins, contributions = explainer.by_table.explain(rows)
    with numpy_alone():
        other = Explainer(forest).by_table.explain(rows)
    assert same_bits(margins, other[0])
    assert same_bits(contributions, other[1])


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ({"1": "48K", "2": "2048K", "3": "266240K"}, 8192),
        ({"1": "32K", "2": "1024K"}, 4096),
        ({"2": "512K"}, 2048),
        ({"2": "64K"}, caches.FEWEST),
        ({"2": "64M", "1": "what"}, 1024),
        ({}, 1024),
    ],
)
def test_rows_in_step_follow_from_the_cache_that_the_system_tells(
    monkeypatch, tmp_path, told, rows
):
    for level, size in told.items():
        folder = tmp_path / f"index{level}"
        folder.mkdir()
        (folder / "level").write_text(f"{level}\n")
        (folder / "size").write_text(f"{size}\n")
    monkeypatch.setattr(caches, "CACHES", tmp_path)
    monkeypatch.setattr(caches.os, "sysconf", lambda name: 1 << 18)
    assert caches.rows_in_step.__wrapped__() == rows


def test_where_nothing_tells_the_usual_cache_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(caches, "CACHES", tmp_path)
    monkeypatch.setattr(caches.os, "sysconf", lambda name: int("nothing"))
    assert caches.core_cache_bytes() == caches.USUAL_BYTES


def test_rows_in_any_order_in_memory_are_the_same():
    forest, matrix = forest_and_rows()
    wide = np.zeros((len(matrix), 2 * matrix.shape[1]))
    wide[:, ::2] = matrix
    for rows in (np.asfortranarray(matrix), wide[:, ::2], matrix[::-1][::-1]):
        _, *pairs = every_way(forest, rows)
        for pair, own in zip(pairs, every_way(forest, matrix)[1:], strict=True):
            assert same_bits(pair[1], own[1])


def test_rows_are_not_changed():
    forest, matrix = forest_and_rows()
    before = matrix.copy()
    every_way(forest, matrix)
    assert same_bits(matrix, before)


def test_a_feature_with_many_thresholds_has_several_scales():
    forest, matrix = forest_and_rows()
    explainer = Explainer(forest)
    tables = explainer.by_table
    short = Ranks.of(forest, longest_scale=3)
    assert len(short.scale_start) > len(tables.ranks.scale_start)
    assert np.diff(short.scale_start).max() == 3
    found = dataclasses.replace(tables, ranks=short).explain(matrix)
    assert same_bits(found[1], tables.explain(matrix)[1])
    with numpy_alone():
        found = dataclasses.replace(tables, ranks=short).explain(matrix)
    assert same_bits(found[1], tables.explain(matrix)[1])


def test_a_rank_says_on_which_side_of_every_threshold_a_value_is():
    forest, matrix = forest_and_rows()
    explainer = Explainer(forest)
    codes, left = explainer.by_table.ranks.encode(matrix), forest.goes_left(matrix)
    ranks = explainer.by_table.ranks
    assert same_bits((codes[ranks.node_column] <= ranks.node_rank[:, None]).T, left)
    assert codes[ranks.scale >= 0].max() == NEVER_LEFT


@pytest.mark.parametrize("d", range(11))
def test_a_leafs_table_is_its_formula(d):
    rng = np.random.default_rng(d)
    ratio, value = rng.random((3, d)), rng.normal(size=3)
    found = leaf_shares(ratio, value)  # (d, 2^d, 3)
    for pattern in range(1 << d) if d < 6 else rng.integers(0, 1 << d, 20):
        o = (pattern >> np.arange(d)) & 1
        for slot in range(d):
            t, w = gauss_legendre(d)
            others = np.delete(np.arange(d), slot)
            product = (t * o[others, None] + (1 - t) * ratio[:, others, None]).prod(axis=1)
            expected = value * (o[slot] - ratio[:, slot]) * (product @ w)
            np.testing.assert_allclose(found[slot, pattern], expected, atol=1e-15, rtol=1e-13)


@needs_kernel
def test_the_kernel_is_the_one_used():
    forest, _ = forest_and_rows()
    explainer = Explainer(forest)
    assert explainer.by_table._compiled
    assert explainer.by_leaf._compiled
    with numpy_alone():
        other = Explainer(forest)
        assert not other.by_table._compiled
        assert not other.by_leaf._compiled


@needs_kernel
@pytest.mark.parametrize("more", [0, 1])
def test_more_categories_than_a_code_can_tell_are_left_to_numpy(more):
    forest, matrix = forest_and_rows()
    sets = np.zeros((len(forest.category_left), compiled.NO_CATEGORY - 1 + more), np.bool_)
    sets[:, : forest.category_left.shape[1]] = forest.category_left
    sets[:, -1] = True
    rows = matrix[:40].copy()
    rows[:20, forest.feature[forest.categorical]] = sets.shape[1] - 1
    wide = dataclasses.replace(forest, category_left=sets)
    explainer = Explainer(wide)
    found = explainer.by_table.explain(rows)
    assert (explainer.by_table._compiled is None) == (more > 0)
    assert same_bits(found[0], wide.walk(rows))
    assert not same_bits(found[0], forest.walk(rows))


@needs_kernel
def test_threads_may_explain_with_one_forest_at_once():
    forest, matrix = forest_and_rows()
    explainer = Explainer(forest)
    expected = explainer.by_table.explain(matrix)
    found = {}

    def explain(number):
        found[number] = explainer.by_table.explain(matrix), explainer.by_leaf.explain(matrix[:50])

    threads = [threading.Thread(target=explain, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for by_tables, by_leaf in found.values():
        assert same_bits(by_tables[1], expected[1])
        assert same_bits(by_leaf[0], expected[0][:50])


@needs_kernel
@pytest.mark.parametrize("damage", ["other source", "one bit", "half", "empty", "missing"])
def test_a_library_that_is_not_ours_is_never_loaded(monkeypatch, tmp_path, damage, caplog):
    copy, source = tmp_path / "kernel.so", kernel.read_sources()
    data = kernel.library_path(kernel.MACHINES[kernel.platform.machine()]).read_bytes()
    assert data == kernel.sealed(data[: -kernel.SEAL], source)
    contents = {
        "other source": kernel.sealed(data[: -kernel.SEAL], source + b" "),
        "one bit": data[:3000] + bytes([data[3000] ^ 1]) + data[3001:],
        "half": data[: len(data) // 2],
        "empty": b"",
    }
    if damage in contents:
        copy.write_bytes(contents[damage])
    monkeypatch.setattr(kernel, "library_path", lambda machine: copy)
    kernel.library.cache_clear()
    with caplog.at_level("DEBUG", logger="credit_scoring.native.library"):
        assert kernel.library() is None
        assert kernel.library() is None
    kernel.library.cache_clear()
    assert len(caplog.records) == 1
    assert caplog.records[0].levelname == "DEBUG"


@needs_kernel
def test_a_processor_without_the_instructions_does_without(monkeypatch):
    monkeypatch.setitem(kernel.NEEDED, kernel.MACHINES[kernel.platform.machine()], {"avx1024"})
    kernel.library.cache_clear()
    assert kernel.library() is None
    monkeypatch.undo()
    kernel.library.cache_clear()


def test_an_unknown_machine_does_without(monkeypatch):
    monkeypatch.setattr(kernel.platform, "machine", lambda: "riscv64")
    kernel.library.cache_clear()
    assert kernel.library() is None
    monkeypatch.undo()
    kernel.library.cache_clear()


@needs_kernel
def test_arrays_of_another_kind_never_reach_the_kernel():
    forest, matrix = forest_and_rows()
    explainer = Explainer(forest)
    margins, contributions = np.empty(5), np.empty((5, forest.n_features))
    for way in (explainer.by_table._compiled, explainer.by_leaf._compiled):
        for wrong in (
            (matrix[:5, :-1], margins, contributions),
            (matrix[:5], margins.astype(np.float32), contributions),
            (matrix[:5], margins, contributions[:, ::-1]),
            (matrix[:5], margins, contributions[:, :-1]),
            (matrix[:5], np.empty(10)[::2], contributions),
        ):
            with pytest.raises(ValueError, match="in C order are needed"):
                way.explain(*wrong)


def test_work_is_shared_out_without_a_gap(monkeypatch):
    for threads in ("1", "2", "3", "16", "many", "0", ""):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        assert parallel.thread_count() >= 1
        for n in (0, 1, 2, 9, 10, 11, 100):
            seen = np.zeros(n, int)

            def count(rows, seen=seen):
                seen[rows] += 1

            parallel.by_chunks(count, n, 10)
            assert (seen == 1).all()
