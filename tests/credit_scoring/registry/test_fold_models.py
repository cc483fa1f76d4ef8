"""The models of a bundle's cross-validation come back as they were kept."""

import json
from dataclasses import asdict, replace

import lightgbm
import numpy as np
import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing
from credit_scoring.features import build_features
from credit_scoring.registry.bundle import load_file, save_bundle
from credit_scoring.registry.fold_models import INDEX, FoldModel, fold_file, read_fold_models
from credit_scoring.trees.forest import Forest

from tests.credit_scoring.examples import many_applicants, same_bits, small_model, small_reference
from training.fitting.compile import compile_forest


def forest_of(first: int, trees: int) -> Forest:
    """A few of the small model's trees, as if they were a fold's."""
    booster = small_model()[2]
    text = booster.model_to_string(start_iteration=first, num_iteration=trees)
    return compile_forest(lightgbm.Booster(model_str=text))


@pytest.fixture(scope="module")
def kept():
    """The folds of a bundle: one of the model's first trees, one of the others."""
    schema = small_model()[0].schema
    return [FoldModel(schema, forest_of(0, 15)), FoldModel(schema, forest_of(15, 25))]


def files_of(models: list[FoldModel]) -> dict[str, bytes]:
    schemas = [asdict(model.schema) for model in models]
    forests = {fold_file(n): model.forest.to_bytes() for n, model in enumerate(models)}
    return forests | {INDEX: json.dumps({"schemas": schemas}).encode()}


def test_folds_are_read_from_a_published_bundle_and_score_to_the_last_bit(store, kept):
    version, sha256 = save_bundle(
        store, small_model()[0], reference=small_reference(), extra=files_of(kept)
    )

    def read(name: str) -> bytes:
        return load_file(store, version, name, sha256=sha256)

    found = read_fold_models(read(INDEX), read)
    applicants = many_applicants(200)
    assert len(found) == len(kept)
    for one, other in zip(found, kept, strict=True):
        assert one.schema == other.schema
        expected = other.default_probabilities(applicants)
        assert same_bits(one.default_probabilities(applicants), expected)


def test_a_fold_s_probability_is_that_of_its_trees(kept):
    applicants, booster = many_applicants(200), small_model()[2]
    for model, (first, trees) in zip(kept, [(0, 15), (15, 25)], strict=True):
        matrix = build_features(applicants, model.schema)
        expected = booster.predict(matrix, start_iteration=first, num_iteration=trees)
        np.testing.assert_allclose(model.default_probabilities(applicants), expected, atol=1e-12)


def test_an_applicant_alone_has_the_probability_they_have_in_company(kept):
    applicants = many_applicants(20)
    together = kept[0].default_probabilities(applicants)
    alone = [kept[0].default_probabilities(applicants.take([row]))[0] for row in range(20)]
    assert same_bits(np.array(alone), together)


def test_each_fold_has_features_of_its_own(kept):
    names = tuple(reversed(kept[0].schema.names))
    turned = FoldModel(replace(kept[0].schema, names=names), kept[0].forest)
    files = files_of([kept[0], turned])
    found = read_fold_models(files[INDEX], files.__getitem__)
    assert [model.schema.names for model in found] == [kept[0].schema.names, names]


def test_a_fold_that_is_missing_or_damaged_is_told(tmp_path, kept):
    store, files = open_store(tmp_path), files_of(kept)
    version, sha256 = save_bundle(store, small_model()[0], reference=small_reference(), extra=files)
    store.write(f"{version}/{fold_file(1)}", files[fold_file(1)][:-1])

    def read(name: str) -> bytes:
        return load_file(store, version, name, sha256=sha256)

    with pytest.raises(ArtifactMismatch):
        read_fold_models(files[INDEX], read)
    store.delete(f"{version}/{fold_file(1)}")
    with pytest.raises(ArtifactMissing):
        read_fold_models(files[INDEX], read)
