"""A bundle comes back as it was published, or not at all."""

import hashlib
import io
import json

import numpy as np
import pytest
from credit_scoring.aws.storage import FolderStore, open_store
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing
from credit_scoring.registry.bundle import (
    FOREST,
    LIGHTGBM_TEXT,
    MANIFEST,
    MODEL,
    REFERENCE,
    load_champion,
    load_facts,
    load_file,
    load_model,
    load_reference,
    load_working_model,
    save_bundle,
)
from credit_scoring.registry.champion import promote
from credit_scoring.scoring import score_applicants

from tests.credit_scoring.examples import (
    many_applicants,
    same_bits,
    small_model,
    small_reference,
)

FILES = [MANIFEST, MODEL, FOREST, REFERENCE, LIGHTGBM_TEXT]
READ_WHEN_SERVING = [MANIFEST, MODEL, FOREST]


def publish(store, **changes):
    model, _, booster = small_model()
    extra = {LIGHTGBM_TEXT: booster.model_to_string().encode()} | changes
    return save_bundle(store, model, reference=small_reference(), extra=extra)


@pytest.fixture
def folder(tmp_path):
    return open_store(tmp_path)


@pytest.fixture
def published(folder):
    version, sha256 = publish(folder)
    promote(folder, version=version, sha256=sha256, by="tests", reason="first")
    return version, sha256


def test_a_model_comes_back_the_same_from_a_folder_and_from_s3(store):
    version, sha256 = publish(store)
    assert len(version) == 12
    assert sha256.startswith(version)
    model, again = small_model()[0], load_model(store, version, sha256=sha256)
    assert (again.version, again.sha256) == (version, sha256)
    assert again.schema == model.schema
    assert again.forest.to_bytes() == model.forest.to_bytes()
    assert (again.cutoff, again.cost_ratio) == (model.cutoff, model.cost_ratio)
    assert again.band_edges == model.band_edges
    assert again.facts == model.facts
    applicants = many_applicants(300)
    expected, found = score_applicants(model, applicants), score_applicants(again, applicants)
    assert same_bits(found.default_probabilities, expected.default_probabilities)
    assert same_bits(found.contributions, expected.contributions)


def test_the_reference_dataset_comes_back_the_same(store):
    version, _ = publish(store)
    expected, found = small_reference(), load_reference(store, version)
    assert found.features.dtype == np.float32
    assert same_bits(found.features, expected.features)
    assert same_bits(found.default_probabilities, expected.default_probabilities)


def test_publishing_twice_is_one_version_and_nothing_is_rewritten(folder):
    first = publish(folder)
    files = [path for path in folder.folder.rglob("*") if path.is_file()]
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}
    assert publish(folder) == first
    files = [path for path in folder.folder.rglob("*") if path.is_file()]
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files} == before
    assert {path.name for path in files} == set(FILES)


def test_the_manifest_lists_every_file_and_carries_no_time(folder):
    version, _ = publish(folder)
    manifest = json.loads(folder.read(f"{version}/{MANIFEST}"))
    assert manifest["format"] == 1
    assert set(manifest["files"]) == set(FILES) - {MANIFEST}
    for name, entry in manifest["files"].items():
        assert entry["bytes"] == len(folder.read(f"{version}/{name}"))
    assert set(manifest) == {"format", "files"}


def test_a_publication_without_its_manifest_does_not_exist(folder, published):
    (folder.folder / published[0] / MANIFEST).unlink()
    with pytest.raises(ArtifactMissing):
        load_champion(folder)
    publish(folder)
    assert load_champion(folder).version == published[0]


def overwrite(folder: FolderStore, version, name, change):
    path = folder.folder / version / name
    path.write_bytes(change(bytearray(path.read_bytes())))


def flipped(place):
    def change(data):
        data[int(place * (len(data) - 1))] ^= 1
        return data

    return change


def load_everything(store, version):
    return load_model(store, version), load_reference(store, version)


@pytest.mark.parametrize("name", [MANIFEST, MODEL, FOREST, REFERENCE])
@pytest.mark.parametrize("place", [0, 0.3, 0.77, 1])
def test_one_changed_bit_is_found_before_anything_is_parsed(folder, published, name, place):
    overwrite(folder, published[0], name, flipped(place))
    with pytest.raises(ArtifactMismatch) as caught:
        load_everything(folder, published[0])
    assert caught.value.name == f"{published[0]}/{name}"
    assert not caught.value.retryable


@pytest.mark.parametrize("name", [MANIFEST, MODEL, FOREST, REFERENCE])
@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d[: len(d) // 2], lambda d: b""])
def test_a_truncated_file_is_found(folder, published, name, change):
    overwrite(folder, published[0], name, change)
    with pytest.raises(ArtifactMismatch):
        load_everything(folder, published[0])


@pytest.mark.parametrize("name", [MANIFEST, MODEL, FOREST, REFERENCE])
def test_a_missing_file_is_missing(folder, published, name):
    (folder.folder / published[0] / name).unlink()
    with pytest.raises(ArtifactMissing):
        load_everything(folder, published[0])


def test_serving_never_reads_lightgbms_text_nor_the_reference(folder, published):
    for name in set(FILES) - set(READ_WHEN_SERVING):
        (folder.folder / published[0] / name).unlink()
    assert load_champion(folder).version == published[0]


def test_a_bundle_under_another_name_is_a_mismatch(folder, published):
    (folder.folder / published[0]).rename(folder.folder / "0123456789ab")
    with pytest.raises(ArtifactMismatch):
        load_model(folder, "0123456789ab")


def test_a_bundle_of_a_later_format_is_a_mismatch(folder, published):
    import hashlib

    manifest = json.loads(folder.read(f"{published[0]}/{MANIFEST}")) | {"format": 2}
    data = json.dumps(manifest).encode()
    version = hashlib.sha256(data).hexdigest()[:12]
    folder.write(f"{version}/{MANIFEST}", data)
    with pytest.raises(ArtifactMismatch, match="format 2"):
        load_model(folder, version)


def test_any_file_of_a_bundle_comes_back_verified(store):
    version, sha256 = publish(store, **{"model_card.md": b"# Card"})
    assert load_file(store, version, "model_card.md", sha256=sha256) == b"# Card"
    with pytest.raises(ArtifactMissing, match="model_card"):
        load_file(store, version, "model_card.html")
    with pytest.raises(ArtifactMismatch):
        load_file(store, version, "model_card.md", sha256=version + "0" * 52)


def test_a_changed_file_is_not_handed_out(folder):
    version, _ = publish(folder, **{"model_card.md": b"# Card"})
    overwrite(folder, version, "model_card.md", flipped(0.5))
    with pytest.raises(ArtifactMismatch):
        load_file(folder, version, "model_card.md")


def test_a_file_beside_the_bundle_that_the_manifest_does_not_list_is_not_handed_out(folder):
    version, _ = publish(folder)
    folder.write(f"{version}/model_card.md", b"# Another card")
    with pytest.raises(ArtifactMissing):
        load_file(folder, version, "model_card.md")


def test_the_facts_of_a_version_are_read_without_its_trees(folder, published):
    (folder.folder / published[0] / FOREST).unlink()
    content = load_facts(folder, published[0])
    assert content["cutoff"] == small_model()[0].cutoff
    assert content["facts"] == small_model()[0].facts


def forge(folder, published, name, content):
    """A bundle whose bytes are those of its manifest: only what one file means is wrong."""
    manifest = json.loads(folder.read(f"{published[0]}/{MANIFEST}"))
    manifest["files"][name]["sha256"] = hashlib.sha256(content).hexdigest()
    data = json.dumps(manifest).encode()
    sha256 = hashlib.sha256(data).hexdigest()
    version = sha256[:12]
    for other in manifest["files"]:
        folder.write(f"{version}/{other}", folder.read(f"{published[0]}/{other}"))
    folder.write(f"{version}/{name}", content)
    folder.write(f"{version}/{MANIFEST}", data)
    return version, sha256


NO_NUMBERS = [float("nan"), float("inf"), -1, True, "0.1", None, [0.1], {}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("cutoff", value) for value in (*NO_NUMBERS, 2)),
        *(("cost_ratio", value) for value in NO_NUMBERS),
        *(("band_edges", value) for value in ([0.2, 0.1], [0.1], [0.1, "x"], [np.nan] * 2, 3)),
        *(("features", value) for value in (["SHOE_SIZE"], [1], "AMT_CREDIT", None, {})),
        *(("vocabularies", value) for value in ({}, [], {"AMT_CREDIT": ["a"]}, None)),
        ("facts", []),
        *(("review", value) for value in (1, {}, {"near_cutoff": [0, 1]})),
    ],
)  # fmt: skip
def test_a_model_that_means_nothing_is_refused(folder, published, name, value):
    content = json.loads(folder.read(f"{published[0]}/{MODEL}"))
    version, sha256 = forge(folder, published, MODEL, json.dumps(content | {name: value}).encode())
    with pytest.raises(ArtifactMismatch):
        load_working_model(folder, version, sha256=sha256)


def test_json_that_never_ends_is_a_mismatch_too(folder, published):
    version, sha256 = forge(folder, published, MODEL, b"[" * 100_000)
    with pytest.raises(ArtifactMismatch):
        load_working_model(folder, version, sha256=sha256)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("leaf_value", lambda array: array.astype(str)),
        ("leaf_value", lambda array: np.where(np.arange(len(array)) == 0, np.nan, array)),
        ("leaf_value", lambda array: array[:, None]),
        ("leaf_value", lambda array: array.astype(np.complex128)),
        ("threshold", lambda array: array.astype(np.int64)),
        ("feature", lambda array: array.astype(np.float64)),
        ("feature", lambda array: array.astype(np.uint8)),
        ("nan_left", lambda array: array.astype(np.int8)),
        ("left", lambda array: array.astype(bool)),
        ("category_left", lambda array: array.ravel()),
        ("leaf_count", lambda array: -array),
        ("node_count", lambda array: array * 0),
        ("n_features", lambda array: array.astype(float)),
    ],
)
def test_trees_of_another_kind_are_refused(folder, published, name, change):
    with np.load(io.BytesIO(folder.read(f"{published[0]}/{FOREST}"))) as arrays:
        stored = {key: arrays[key] for key in arrays.files}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **stored | {name: change(stored[name])})
    version, sha256 = forge(folder, published, FOREST, buffer.getvalue())
    with pytest.raises(ArtifactMismatch):
        load_working_model(folder, version, sha256=sha256)


def test_the_golden_rows_are_nobodys_and_hold_to_the_last_bit(folder, published):
    golden = json.loads(folder.read(f"{published[0]}/{MODEL}"))["golden"]
    model = load_model(folder, published[0])
    rows = np.array([each["row"] for each in golden], np.float64)
    assert same_bits(model.forest.walk(rows), np.array([each["margin"] for each in golden]))
    own = small_reference().features.astype(np.float64)
    assert not any((np.nan_to_num(row) == np.nan_to_num(own)).all(axis=1).any() for row in rows)


def test_a_leaf_that_says_something_else_is_found_by_the_golden_rows(folder, published):
    with np.load(io.BytesIO(folder.read(f"{published[0]}/{FOREST}"))) as arrays:
        stored = {key: arrays[key] for key in arrays.files}
    stored["leaf_value"] = stored["leaf_value"] + 1e-9
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **stored)
    version, sha256 = forge(folder, published, FOREST, buffer.getvalue())
    with pytest.raises(ArtifactMismatch, match="golden"):
        load_model(folder, version, sha256=sha256)


@pytest.mark.parametrize("golden", [1, [1], [{}], [{"row": [1], "margin": 0}]])
def test_golden_rows_of_another_form_are_refused(folder, published, golden):
    content = json.loads(folder.read(f"{published[0]}/{MODEL}")) | {"golden": golden}
    version, sha256 = forge(folder, published, MODEL, json.dumps(content).encode())
    with pytest.raises(ArtifactMismatch):
        load_working_model(folder, version, sha256=sha256)
