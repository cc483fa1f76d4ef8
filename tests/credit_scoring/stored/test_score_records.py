"""What was scored, kept by day for the drift monitor."""

import io
from datetime import date, timedelta

import numpy as np
import pytest
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.pseudonyms import NOBODY, Pseudonyms
from credit_scoring.stored.score_records import load_records, save_records

from tests.credit_scoring.examples import many_applicants, same_bits, small_model

DAY = date(2026, 1, 31)
KEPT = {"features", "default_probabilities", "accepted", "applicants"}
WHO = Pseudonyms("key").of([str(n) for n in range(20)])


@pytest.fixture(scope="module")
def scores():
    return score_applicants(versioned("0123456789ab"), many_applicants(20))


def versioned(version):
    import dataclasses

    return dataclasses.replace(small_model()[0], version=version)


def load(store, *, version="0123456789ab", start=DAY, end=DAY):
    return load_records(
        store,
        version=version,
        n_features=len(small_model()[0].schema),
        start=start,
        end=end,
    )


def test_records_come_back_as_they_were_scored(store, scores):
    key = save_records(store, scores, applicants=WHO, source="batch", day=DAY, name="abc")
    assert key == "date=2026-01-31/source=batch/0123456789ab/abc.npz"
    found = load(store)
    assert len(found) == 20
    assert same_bits(found.features, scores.features.astype(np.float32))
    assert same_bits(found.default_probabilities, scores.default_probabilities)
    assert same_bits(found.accepted, scores.accepted)
    assert found.applicants.tolist() == WHO.tolist()
    assert set(found.sources) == {"batch"}


def test_the_same_name_is_written_once(store, scores):
    for _ in range(2):
        save_records(store, scores, applicants=WHO, source="batch", day=DAY, name="same")
    assert len(load(store)) == 20


def test_both_sources_are_gathered_and_told_apart(store, scores):
    save_records(store, scores, applicants=WHO, source="batch", day=DAY, name="a")
    save_records(store, scores, applicants=WHO, source="api", day=DAY, name="a")
    found = load(store)
    assert found.sources.tolist() == ["api"] * 20 + ["batch"] * 20


def test_a_window_includes_both_of_its_days_and_no_other(store, scores):
    for shift in (-2, -1, 0, 1):
        day = DAY + timedelta(days=shift)
        save_records(store, scores, applicants=WHO, source="api", day=day, name=f"{shift}")
    assert len(load(store, start=DAY - timedelta(days=1), end=DAY)) == 40
    assert len(load(store, start=DAY + timedelta(days=2), end=DAY + timedelta(days=9))) == 0
    assert len(load(store, start=DAY, end=DAY - timedelta(days=1))) == 0


def test_another_models_scores_stay_out(store, scores):
    save_records(store, scores, applicants=WHO, source="api", day=DAY, name="a")
    assert len(load(store, version="ffffffffffff")) == 0


def test_an_empty_window_has_the_shape_of_one(store):
    found = load(store)
    assert len(found) == 0
    assert found.features.shape == (0, len(small_model()[0].schema))
    assert found.features.dtype == np.float32
    assert found.accepted.dtype == np.bool_
    assert found.default_probabilities.dtype == np.float64


def test_a_batch_of_nobody_is_kept_and_loaded(store):
    nobody = score_applicants(versioned("0123456789ab"), many_applicants(1).take([]))
    save_records(store, nobody, applicants=WHO[:0], source="batch", day=DAY, name="none")
    assert len(load(store)) == 0


def test_records_name_nobody(tmp_path, scores):
    from credit_scoring.aws.storage import open_store

    key = save_records(
        open_store(tmp_path), scores, applicants=WHO, source="api", day=DAY, name="a"
    )
    with np.load(tmp_path / key, allow_pickle=False) as arrays:
        assert set(arrays.files) == KEPT
        assert arrays["features"].shape[1] == len(scores.model.schema)


def test_older_records_hold_scores_of_nobody(store, scores):
    key = save_records(store, scores, applicants=WHO, source="api", day=DAY, name="a")
    with np.load(io.BytesIO(store.read(key)), allow_pickle=False) as arrays:
        older = {name: arrays[name] for name in KEPT - {"applicants"}}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **older)
    store.write(key, buffer.getvalue())
    assert load(store).applicants.tolist() == [NOBODY] * 20
