"""Bundles whose every hash is right and whose meaning is wrong: refused by one error, or harmless.

Every place of model.json is filled with values of other kinds, every array of the trees and of the
reference gets other types, shapes and values, the manifest other forms: some 1,900 bundles.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing
from credit_scoring.registry.bundle import (
    FOREST,
    MANIFEST,
    MODEL,
    REFERENCE,
    load_facts,
    load_reference,
    load_working_model,
    save_bundle,
)
from credit_scoring.scoring import score_applicants

from tests.credit_scoring.examples import many_applicants, same_bits, small_model, small_reference

OTHER_KINDS: tuple[Any, ...] = (
    None, True, -1, 2.5e300, float("nan"), float("inf"), "0.1", "", [], [[]], {}, {"a": 1},
    "\ud800",
)  # fmt: skip


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every place of a JSON value; of long lists the first and the last."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in sorted({0, len(value) - 1} & {*range(len(value))}):
            yield from places(value[index], (*path, index))


def put(value: Any, path: tuple, new: Any) -> Any:
    if not path:
        return new
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = put(value[key], tuple(rest), new)
    return copy


def of_the_model(content: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for path in places(content):
        for new in OTHER_KINDS:
            if path[:1] == ("groups",) and len(path) == 5 and new in (None, -1):
                continue  # another statistic of a group is another model, and a sound one
            name = f"{'/'.join(map(str, path))} = {new!r}"
            yield name, json.dumps(put(content, path, new)).encode()
    for name in content:
        yield f"no {name}", json.dumps({k: v for k, v in content.items() if k != name}).encode()


def of_arrays(arrays: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for name, array in arrays.items():
        for kind, change in CHANGES.items():
            try:
                changed = change(array)
            except (ValueError, TypeError, OverflowError, IndexError):
                continue  # an array that cannot be changed so
            yield f"{name} {kind}", npz(arrays | {name: changed})
        yield f"no {name}", npz({other: a for other, a in arrays.items() if other != name})
    yield "more", npz(arrays | {"payload": np.zeros(3)})
    yield "no archive", b"PK\x03\x04" + b"\0" * 50
    yield "empty", b""


CHANGES = {
    "as text": lambda a: a.astype(str),
    "as complex": lambda a: a.astype(np.complex128),
    "as half": lambda a: a.astype(np.float16),
    "as bytes": lambda a: a.astype(np.int8),
    "as unsigned": lambda a: a.astype(np.uint64),
    "one deeper": lambda a: a[None],
    "twice": lambda a: np.concatenate([a, a]),
    "shorter": lambda a: a[:-1],
    "nothing": lambda a: a[:0],
    "a scalar": lambda a: a.ravel()[0],
    "huge": lambda a: np.full_like(a, 2**30 if a.dtype.kind in "iu" else 1),
    "negative": lambda a: np.full_like(a, -(2**30) if a.dtype.kind in "if" else 1),
    "no number": lambda a: np.full_like(a, np.nan),
    "endless": lambda a: np.full_like(a, np.inf),
    "in itself": lambda a: np.zeros_like(a),
}


def npz(arrays: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def of_the_manifest(content: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for path in places(content):
        for new in OTHER_KINDS:
            yield f"{'/'.join(path)} = {new!r}", json.dumps(put(content, path, new)).encode()
    yield "no JSON", b"{"
    yield "deep", b'{"files":' + b"[" * 100_000


class Bundle:
    """One bundle, and forgeries of it."""

    def __init__(self, store) -> None:
        model, _, _ = small_model()
        self.store = store
        version, _ = save_bundle(store, model, reference=small_reference(), extra={})
        self.files = {
            name: store.read(f"{version}/{name}") for name in (MODEL, FOREST, REFERENCE, MANIFEST)
        }
        self.model = load_working_model(store, version)

    def arrays(self, name: str) -> dict[str, Any]:
        with np.load(io.BytesIO(self.files[name])) as stored:
            return {key: stored[key] for key in stored.files}

    def forge(self, name: str, content: bytes) -> str:
        files = self.files | {name: content}
        manifest = json.loads(files[MANIFEST]) if name != MANIFEST else None
        if manifest is not None:
            manifest["files"][name]["sha256"] = hashlib.sha256(content).hexdigest()
            files[MANIFEST] = json.dumps(manifest).encode()
        version = hashlib.sha256(files[MANIFEST]).hexdigest()[:12]
        for other, data in files.items():
            self.store.write(f"{version}/{other}", data)
        return version


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return Bundle(open_store(tmp_path_factory.mktemp("models")))


APPLICANTS = many_applicants(20)


def told(model) -> tuple[np.ndarray, list]:
    scores = score_applicants(model, APPLICANTS)
    return scores.margins, [*scores.verdicts, *(scores.review(row) for row in range(len(scores)))]


def judge(bundle: Bundle, forgeries: Iterator[tuple[str, bytes]], name: str) -> dict[str, list]:
    margins, rest = told(bundle.model)
    found: dict[str, list[str]] = {"refused": [], "harmless": [], "harmful": []}
    for what, content in forgeries:
        version = bundle.forge(name, content)
        try:
            other_margins, other_rest = told(load_working_model(bundle.store, version))
        except (ArtifactMismatch, ArtifactMissing):
            found["refused"].append(what)
            continue
        except Exception as error:  # noqa: BLE001  (whatever it is: it should be none)
            found["harmful"].append(f"{what}: {type(error).__name__}")
            continue
        same = same_bits(other_margins, margins) and other_rest == rest
        found["harmless" if same else "harmful"].append(what)
    return found


@pytest.mark.parametrize(
    ("name", "forgeries", "least"),
    [
        (MODEL, lambda bundle: of_the_model(json.loads(bundle.files[MODEL])), 300),
        (FOREST, lambda bundle: of_arrays(bundle.arrays(FOREST)), 100),
        (MANIFEST, lambda bundle: of_the_manifest(json.loads(bundle.files[MANIFEST])), 80),
    ],
    ids=["model", "trees", "manifest"],
)
def test_a_hostile_bundle_is_refused_or_says_what_the_model_says(bundle, name, forgeries, least):
    found = judge(bundle, forgeries(bundle), name)
    assert found["harmful"] == []
    assert len(found["refused"]) >= least


def test_a_hostile_reference_is_refused_or_is_the_one_that_was_published(bundle):
    reference = small_reference()
    for what, content in of_arrays(bundle.arrays(REFERENCE)):
        version = bundle.forge(REFERENCE, content)
        try:
            found = load_reference(bundle.store, version)
        except (ArtifactMismatch, ArtifactMissing):
            continue
        assert found.features.dtype == np.float32, what
        assert found.features.shape == (len(found.default_probabilities), len(bundle.model.schema))
        assert ((found.default_probabilities >= 0) & (found.default_probabilities <= 1)).all(), what
        assert len(found.features) in (0, len(reference.features)), what


def test_the_facts_of_a_hostile_bundle_are_facts_or_refused(bundle):
    for what, content in of_the_model(json.loads(bundle.files[MODEL])):
        try:
            facts = load_facts(bundle.store, bundle.forge(MODEL, content))
        except (ArtifactMismatch, ArtifactMissing):
            continue
        assert isinstance(facts, dict), what
