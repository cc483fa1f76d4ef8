"""The model bundle: save it once, verify it before anything is parsed, load it.

    models/<version>/manifest.json   SHA-256 and size of every other file
                     model.json      features, vocabularies, cut-off, bands, rules of review, facts
                     forest.npz      the trees
                     reference.npz   features and PDs of training rows, what drift is measured from
                     model.txt       LightGBM's own text, for independent checks; never read here
                     model_card.html, model_card.md, ...   further files, read by name
    models/champion.json             which version serves: see champion.py

A bundle is named by the SHA-256 of its manifest, so it cannot change under its name, and the same
training writes the same bundle.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile

import numpy as np

from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import FEATURES, GROUPED, INPUTS
from credit_scoring.errors import AlreadyExists, ArtifactMismatch, ArtifactMissing, ObjectNotFound
from credit_scoring.features import FeatureSchema
from credit_scoring.group_statistics import GroupTable
from credit_scoring.lender.group_features import GROUP_FEATURES
from credit_scoring.registry.champion import VERSION_LENGTH, read_champion
from credit_scoring.review import ReviewRules
from credit_scoring.scoring import Model, score_applicants
from credit_scoring.trees.forest import Forest

if TYPE_CHECKING:
    from credit_scoring.population.reference import Reference

FORMAT = 1
MANIFEST, MODEL, FOREST = "manifest.json", "model.json", "forest.npz"
LIGHTGBM_TEXT = "model.txt"
GOLDEN_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
REFERENCE = "reference.npz"  # what drift is measured from
_NUMBER_TYPES = {int, float, type(None)}
# What a bundle can do wrong although every byte is the published one: it speaks of features or
# arrays that this version of the code does not know.
FOREIGN = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, BadZipFile)


def model_json(model: Model, golden: list[dict[str, Any]] | None = None) -> bytes:
    """Everything of a model but its trees, version and hash."""
    content = {
        "features": list(model.schema.names),
        "vocabularies": {name: list(words) for name, words in model.schema.vocabularies.items()},
        "groups": {name: asdict(table) for name, table in model.schema.groups.items()},
        "cutoff": model.cutoff,
        "cost_ratio": model.cost_ratio,
        "band_edges": list(model.band_edges),
        "facts": model.facts,
    }
    if model.review is not None:
        content["review"] = model.review.to_json(model.schema)
    return _canonical_json(content | ({"golden": golden} if golden else {}))


def _golden_rows(model: Model, reference: "Reference") -> list[dict[str, Any]]:
    """A few rows and their margins, computed anew at each load: nobody's, of values that are usual.

    The first is missing throughout; of the others each takes the same quantile of every feature.
    """
    columns = [np.sort(column[~np.isnan(column)]) for column in reference.features.T]
    quantiles = [
        [float(c[int(share * (len(c) - 1))]) if len(c) else np.nan for c in columns]
        for share in GOLDEN_SHARES
    ]
    rows = np.array([[np.nan] * len(columns), *quantiles])
    margins = model.forest.walk(rows).tolist()
    plain = [[None if value != value else value for value in row] for row in rows.tolist()]
    return [{"row": row, "margin": m} for row, m in zip(plain, margins, strict=True)]


def _check_golden_rows(version: str, model: Model, golden: list[dict[str, Any]]) -> None:
    """Raises ArtifactMismatch where the trees do not say to the last bit what they said.

    By what scores, so that a first score finds prepared what this needs.
    """
    rows = np.array([each["row"] for each in golden], np.float64)  # None is NaN
    told = model.explainer.margins(rows).tolist()
    if told != [each["margin"] for each in golden]:
        raise ArtifactMismatch(f"{version}/{FOREST}", "the margins of its golden rows", "others")


def save_bundle(
    store: Store, model: Model, *, reference: "Reference", extra: Mapping[str, bytes]
) -> tuple[str, str]:
    """Publish a model under its content's name; returns (version, sha256).

    extra : further files, such as model.txt
    The manifest is written last: a version without one does not exist. Publishing the same bundle
    again changes nothing.
    """
    files = {
        MODEL: model_json(model, _golden_rows(model, reference)),
        FOREST: model.forest.to_bytes(),
        REFERENCE: reference.to_bytes(),
        **extra,
    }
    listing = {name: {"sha256": _sha256(data), "bytes": len(data)} for name, data in files.items()}
    manifest = _canonical_json({"format": FORMAT, "files": listing})
    sha256 = _sha256(manifest)
    version = sha256[:VERSION_LENGTH]
    for name, data in (*files.items(), (MANIFEST, manifest)):
        try:
            store.write(f"{version}/{name}", data, if_absent=True)
        except AlreadyExists:
            continue  # same name, same content
    return version, sha256


def load_champion(store: Store) -> Model:
    champion = read_champion(store)
    return load_model(store, champion.version, sha256=champion.sha256)


def load_model(store: Store, version: str, *, sha256: str | None = None) -> Model:
    """Load one version, verified against the hash that the pointer or its own name gives.

    Raises ArtifactMissing, or ArtifactMismatch when a single byte differs.
    """
    manifest, found = _read_manifest(store, version, sha256)
    files = {name: _verified(store, version, name, manifest) for name in (MODEL, FOREST)}
    content = _read_model_json(version, files[MODEL])
    low, high = content["band_edges"]
    schema = FeatureSchema.of_lists(
        content["features"], content["vocabularies"], content.get("groups")
    )
    review = content.get("review")
    forest = Forest.from_bytes(files[FOREST])
    model = Model(
        version=version,
        sha256=found,
        schema=schema,
        forest=forest,
        cutoff=content["cutoff"],
        cost_ratio=content["cost_ratio"],
        band_edges=(low, high),
        facts=content["facts"],
        review=None if review is None else ReviewRules.of_json(review, schema),
    )
    if content.get("golden"):
        _check_golden_rows(version, model, content["golden"])
    return model


def _read_model_json(version: str, data: bytes) -> dict[str, Any]:
    """Raises ArtifactMismatch for what no training writes, though its bytes are the published ones.

    A cut-off that is no number would accept or refuse everybody without a word.
    """
    try:
        content: dict[str, Any] = json.loads(data)
        names, words = content["features"], content["vocabularies"]
        low, high = content["band_edges"]
        checks = {
            "features": _is_texts(names) and all(name in FEATURES for name in names),
            "vocabularies": isinstance(words, dict)
            and {n for n in names if FEATURES[n].is_category} == words.keys()
            and all(_is_vocabulary(words[name], INPUTS[name].categories) for name in words),
            "groups": _is_groups(content.get("groups", {}), names),
            "cutoff": _is_number(content["cutoff"], 0, 1),
            "cost_ratio": _is_number(content["cost_ratio"], 0, 1e9),
            "band_edges": _is_number(low, 0, 1) and _is_number(high, 0, 1) and low <= high,
            "facts": isinstance(content["facts"], dict),
            "review": _is_review(content.get("review"), names),
            "golden": _is_golden(content.get("golden", []), len(names)),
        }
    except FOREIGN as error:
        found = type(error).__name__
        raise ArtifactMismatch(f"{version}/{MODEL}", "a model's facts", found) from error
    wrong = [name for name, right in checks.items() if not right]
    if wrong:
        raise ArtifactMismatch(f"{version}/{MODEL}", "what training writes", ", ".join(wrong))
    return content


def _is_number(value: object, least: float, most: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and least <= cast(float, value) <= most  # False for NaN


def _is_texts(values: object) -> bool:
    return (
        isinstance(values, list)
        and all(isinstance(value, str) for value in values)
        and len(set(values)) == len(values)
    )


def _is_vocabulary(words: list[str], known: Sequence[str]) -> bool:
    return _is_texts(words) and len(words) > 0 and {*words} <= {*known}


def _are_numbers(values: list[Any]) -> bool:
    """Thousands at a time: whether each is None or a number that is none of infinity and NaN."""
    if not set(map(type, values)) <= _NUMBER_TYPES:
        return False
    numbers = np.array(values, np.float64)  # None becomes NaN
    return bool((np.abs(numbers) <= 1e15).sum() == len(values) - values.count(None))


def _is_groups(groups: dict[str, Any], names: list[str]) -> bool:
    told = {name for table in groups.values() for name in table["values"]}
    return told == {name for name in names if name in GROUPED} and all(
        table.keys() == {"keys", "values"}
        and all(map(_are_numbers, (table["keys"], *table["values"].values())))
        and all(GROUP_FEATURES[name].group == group for name in table["values"])
        and GroupTable.of_lists(table).is_coherent
        for group, table in groups.items()
    )


def _is_golden(golden: Any, n_features: int) -> bool:
    return isinstance(golden, list) and all(
        len(each["row"]) == n_features
        and all(v is None or _is_number(v, -math.inf, math.inf) for v in each["row"])
        and _is_number(each["margin"], -math.inf, math.inf)
        for each in golden
    )


def _is_review(rules: Any, names: list[str]) -> bool:
    if rules is None:
        return True
    low, high = rules["near_cutoff"]
    usual = rules["usual"]
    return (
        _is_number(low, 0, 1)
        and _is_number(high, 0, 1)
        and _is_texts(rules["needed"])
        and all(name in INPUTS for name in rules["needed"])
        and _is_number(usual["limit"], 0, math.inf)
        and all(name in names for name in usual["features"])
        and all(_is_usual(feature) for feature in usual["features"].values())
    )


def _is_usual(feature: dict[str, Any]) -> bool:
    bounds = (feature.get("low"), feature.get("high"))
    return (
        all(bound is None or _is_number(bound, -math.inf, math.inf) for bound in bounds)
        and isinstance(feature.get("missing", True), bool)
        and _is_number(feature.get("weight", 0), 0, 1e9)
    )


def load_working_model(store: Store, version: str, *, sha256: str | None = None) -> Model:
    """Load a verified version and score nobody with it: then it works with this software.

    What is computed once is then computed. Raises as `load_model` does.
    """
    try:
        model = load_model(store, version, sha256=sha256)
        score_applicants(model, Applicants([""], {}))
    except FOREIGN as error:
        found = type(error).__name__
        raise ArtifactMismatch(version, "a bundle of this software", found) from error
    return model


def load_reference(store: Store, version: str) -> "Reference":
    """The reference dataset of one version, verified."""
    from credit_scoring.population.reference import Reference  # noqa: PLC0415  (no score needs it)

    manifest, _ = _read_manifest(store, version, None)
    return Reference.from_bytes(_verified(store, version, REFERENCE, manifest))


def load_file(store: Store, version: str, name: str, *, sha256: str | None = None) -> bytes:
    """Any file of one version, verified like the model itself.

    Raises ArtifactMissing when the version has no such file, ArtifactMismatch when it differs.
    """
    manifest, _ = _read_manifest(store, version, sha256)
    if name not in manifest:
        raise ArtifactMissing(f"{version}/{name}")
    return _verified(store, version, name, manifest)


def load_facts(store: Store, version: str) -> dict[str, Any]:
    """What a version's `model.json` says of it, verified, without loading its trees."""
    return _read_model_json(version, load_file(store, version, MODEL))


def _read_manifest(
    store: Store, version: str, sha256: str | None
) -> tuple[dict[str, dict[str, Any]], str]:
    name = f"{version}/{MANIFEST}"
    try:
        data = store.read(name)
    except ObjectNotFound:
        raise ArtifactMissing(version) from None
    found = _sha256(data)
    expected = sha256 or version
    if not found.startswith(expected):
        raise ArtifactMismatch(name, expected, found)
    try:
        content = json.loads(data)
        published_as, files = content["format"], content["files"]
        is_list = all(isinstance(facts["sha256"], str) for facts in files.values())
    except FOREIGN as error:
        raise ArtifactMismatch(name, "a list of files", type(error).__name__) from error
    if published_as != FORMAT or not is_list:
        raise ArtifactMismatch(name, f"files in format {FORMAT}", f"format {published_as}")
    return files, found


def _verified(store: Store, version: str, name: str, manifest: dict[str, dict[str, Any]]) -> bytes:
    path = f"{version}/{name}"
    try:
        data = store.read(path)
    except ObjectNotFound:
        raise ArtifactMissing(path) from None
    expected, found = manifest[name]["sha256"], _sha256(data)
    if found != expected:
        raise ArtifactMismatch(path, expected, found)
    return data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _canonical_json(content: object) -> bytes:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False).encode()
