"""The same tables give the same bits, whatever the threads and the order of the rows."""

import random
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from credit_scoring.contract.columns import HISTORY

from tests.bench.pandas_history import history_in_pandas
from training import sample_data
from training.data.history import TABLES, Source, aggregate, connect, join
from training.data.load import history_features


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    sample_data.generate(folder, applicants=600, seed=5)
    return folder


@cache
def reference(folder):
    return bits(*history_features(folder))


def bits(ids, columns):
    return "\n".join(ids).encode() + b"".join(values.tobytes() for values in columns.values())


def sources(folder, table):
    paths = {view: folder / f"{TABLES[view].file}.csv" for view in TABLES[table].reads}
    return {
        view: Source(path, path, path.open().readline().strip().split(","))
        for view, path in paths.items()
    }


def aggregate_all(folder, scratch, threads):
    parts = []
    for table in TABLES:
        with connect(Path(scratch), threads=threads) as database:
            parts.append(aggregate(database, table, sources(folder, table)))
    return bits(*join(parts))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same_bits(folder, tmp_path, threads):
    assert aggregate_all(folder, tmp_path, threads) == reference(folder)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_the_rows_gives_the_same_bits(folder, tmp_path, seed):
    for table in TABLES.values():
        header, *rows = (folder / f"{table.file}.csv").read_text().splitlines()
        random.Random(seed).shuffle(rows)
        (tmp_path / f"{table.file}.csv").write_text("\n".join([header, *rows, ""]))
    assert bits(*history_features(tmp_path)) == reference(folder)


def test_pandas_agrees_on_every_value(folder):
    ids, columns = history_features(folder)
    expected = history_in_pandas(folder)
    assert set(expected) == set(HISTORY)
    expected = expected.reindex([int(applicant) for applicant in ids])
    assert len(expected) == len(ids)
    for name, values in columns.items():
        found = pd.to_numeric(expected[name]).to_numpy(np.float64)
        np.testing.assert_allclose(values, found, rtol=1e-6, atol=1e-6, err_msg=name)


def test_every_feature_is_known_of_somebody(folder):
    _, columns = history_features(folder)
    assert [name for name, values in columns.items() if np.isnan(values).all()] == []
