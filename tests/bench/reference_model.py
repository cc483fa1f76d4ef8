"""The model that everything is measured on: made up, but of the size of a real one.

600 trees of 31 leaves, at most 8 deep, over 234 features of the contract (16 of them categories),
a quarter of the optional values missing. The same bytes come out on every run, so it is kept in
build/bench.
"""

import hashlib
import inspect
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import lightgbm
import numpy as np
from credit_scoring.aws.storage import FolderStore
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import APPLICATION, DERIVED, FEATURES, HISTORY, Column
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.population.reference import Reference
from credit_scoring.registry.bundle import load_model, save_bundle
from credit_scoring.registry.champion import promote
from credit_scoring.scoring import Model
from credit_scoring.trees.explainer import Explainer
from numpy.typing import NDArray

from tests.repository import ROOT
from training.fitting.compile import compile_forest

FOLDER = ROOT / "build" / "bench"
FEATURE_COUNT, TREES, LEAVES, DEPTH = 234, 600, 31, 8
TRAINING_ROWS = 20_000
MISSING = 0.25
SETTINGS = {
    "objective": "binary", "num_leaves": LEAVES, "max_depth": DEPTH, "learning_rate": 0.03,
    "feature_fraction": 0.5, "scale_pos_weight": 10.0, "seed": 1, "deterministic": True,
    "force_col_wise": True, "verbosity": -1,
    "num_threads": 1,  # threads that wait for each other on a busy machine take minutes
}  # fmt: skip


@dataclass(frozen=True)
class ReferenceModel:
    """folder : a store of models with this one as champion"""

    folder: Path
    version: str

    @cached_property
    def model(self) -> Model:
        return load_model(FolderStore(self.folder), self.version)

    @cached_property
    def booster(self) -> lightgbm.Booster:
        return lightgbm.Booster(model_file=self.text_path)

    @property
    def text_path(self) -> Path:
        return self.folder / self.version / "model.txt"

    def matrix(self, rows: int, *, seed: int = 2) -> NDArray[np.float64]:
        """float64 (rows, 234) of applicants that were not trained on, row by row in memory."""
        applicants = draw_applicants(rows, seed=seed)
        return np.ascontiguousarray(build_features(applicants, self.model.schema))


def reference_model(*, plain: bool = False) -> ReferenceModel:
    """Trained once a version of the code that makes it; a quarter of a minute.

    plain : without categorical splits, for peers that refuse them; categories are then numbers
    """
    folder = FOLDER / f"{'plain-' if plain else ''}model-{recipe()}"
    if not (folder / "champion.json").is_file():
        print("training the reference model ...", file=sys.stderr, flush=True)
        _train(folder, plain=plain)
    versions = [path.parent.name for path in folder.glob("*/manifest.json")]
    return ReferenceModel(folder, versions[0])


def recipe() -> str:
    """Changes with what is drawn and fitted, the contract's columns and LightGBM."""
    makers = (draw_applicants, _draw, _draw_numbers, draw_defaults, make_schema)
    settings = [str(SETTINGS), str((TREES, TRAINING_ROWS, MISSING)), lightgbm.__version__]
    parts = [*settings, *map(inspect.getsource, makers), *map(str, FEATURES.values())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _train(folder: Path, *, plain: bool) -> None:
    schema = make_schema()
    matrix = build_features(draw_applicants(TRAINING_ROWS, seed=1), schema)
    categories = [] if plain else [schema.names.index(name) for name in schema.vocabularies]
    booster = _fit(matrix, draw_defaults(matrix), categories)
    forest = compile_forest(booster)
    probabilities = default_probabilities(Explainer(forest).margins(matrix))
    cutoff = float(np.quantile(probabilities, 0.7))
    model = Model(
        "", "", schema, forest, cutoff, cost_ratio=10.0, band_edges=(cutoff / 2, cutoff)
    )  # fmt: skip
    reference = Reference(matrix[:5_000].astype(np.float32), probabilities[:5_000])
    store = FolderStore(folder)
    text = booster.model_to_string().encode()
    version, sha256 = save_bundle(store, model, reference=reference, extra={"model.txt": text})
    promote(store, version=version, sha256=sha256, by="bench", reason="reference model")


def make_schema() -> FeatureSchema:
    """The whole form, all that derives from it, and as much history as makes 234."""
    form = [name for name in (*APPLICATION, *DERIVED) if name in FEATURES]
    names = (*form, *list(HISTORY)[: FEATURE_COUNT - len(form)])
    assert len(names) == FEATURE_COUNT
    categories = {name: FEATURES[name].categories for name in names if FEATURES[name].is_category}
    return FeatureSchema(names, categories)


def input_columns() -> list[Column]:
    """What a sender must bring for the model to miss nothing."""
    names = [name for name in make_schema().names if name not in DERIVED]
    return [FEATURES[name] for name in names]


def draw_applicants(count: int, *, seed: int, first_id: int = 100_000) -> Applicants:
    """Random applicants that keep the contract; the same for the same seed."""
    rng = np.random.default_rng(seed)
    columns = {column.name: _draw(rng, column, count) for column in input_columns()}
    return Applicants([str(first_id + n) for n in range(count)], columns)


def _draw(
    rng: np.random.Generator, column: Column, count: int
) -> NDArray[np.float64] | NDArray[np.int32]:
    present = column.required | (rng.random(count) >= MISSING)
    if column.is_category:
        codes = rng.integers(0, len(column.categories), count).astype(np.int32)
        return np.where(present, codes, np.int32(-1))
    values = _draw_numbers(rng, column, count)
    if column.sentinel is not None:
        values[rng.random(count) < 0.1] = column.sentinel
    return np.where(present, values, np.nan)


def _draw_numbers(rng: np.random.Generator, column: Column, count: int) -> NDArray[np.float64]:
    """Amounts lean to the right, counts are small; as many digits as people write."""
    low, high = column.minimum, column.maximum
    if column.type == "flag":
        return (rng.random(count) < 0.3).astype(np.float64)
    if column.unit == "currency":
        return np.round(np.clip(rng.lognormal(12, 0.6, count), max(low, 1.0), high), 1)
    if column.unit == "count":
        return np.clip(np.rint(rng.gamma(1.5, 2.0, count)), low, min(high, 1e6))
    low, high = max(low, -30_000.0), min(high, 30_000.0)
    values = np.clip(low + (high - low) * rng.beta(2, 2, count), low, high)
    return np.round(values, 0 if column.type == "integer" else 4)


def draw_defaults(matrix: NDArray[np.float64]) -> NDArray[np.int8]:
    """About one in twelve, by many weak features, two pairs and a curve."""
    rng = np.random.default_rng(3)
    spread = np.nanstd(matrix, axis=0)
    scaled = np.nan_to_num((matrix - np.nanmean(matrix, axis=0)) / np.where(spread, spread, 1))
    weights = rng.normal(size=matrix.shape[1]) * (rng.random(matrix.shape[1]) < 0.3)
    score = 0.25 * scaled @ weights + scaled[:, 5] * scaled[:, 6] + np.sin(2 * scaled[:, 7])
    level = np.quantile(score, 0.9)
    return (rng.random(len(matrix)) < 1 / (1 + np.exp(-2 * (score - level)))).astype(np.int8)


def _fit(
    matrix: NDArray[np.float64], defaulted: NDArray[np.int8], categories: list[int]
) -> lightgbm.Booster:
    quiet = {"verbosity": -1}
    data = lightgbm.Dataset(matrix, defaulted, categorical_feature=categories, params=quiet)
    return lightgbm.train(SETTINGS, data, num_boost_round=TREES)
