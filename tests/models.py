"""A small real model for tests: LightGBM trained on applications that were drawn at random."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import lightgbm
import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import parse_record
from credit_scoring.contract.columns import FEATURES, INPUTS, Column
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.population import peers
from credit_scoring.population.reference import Reference
from credit_scoring.reasons.families import FAMILIES, family_indices, sum_by_family
from credit_scoring.registry.bundle import save_bundle
from credit_scoring.registry.champion import Champion, promote
from credit_scoring.registry.fold_models import INDEX, fold_file
from credit_scoring.scoring import Model
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import Forest

from training.explanations.peers import make_peers
from training.fitting.compile import compile_forest

ROWS, TREES = 400, 20
NUMBERS = (
    "EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "EXT_SOURCE_MEAN", "AMT_INCOME_TOTAL",
    "AMT_CREDIT", "AMT_ANNUITY", "CREDIT_TO_INCOME", "DAYS_BIRTH", "DAYS_EMPLOYED",
    "FLAG_EMP_PHONE", "CNT_CHILDREN",
)  # fmt: skip
CATEGORIES = ("NAME_INCOME_TYPE", "NAME_EDUCATION_TYPE")
HISTORY = ("BUREAU_ACTIVE_CREDIT_COUNT", "PREVIOUS_REFUSED_SHARE")
METRICS = {"auc": 0.75, "gini": 0.5, "ks": 0.4, "brier": 0.07, "ece": 0.004,
           "approval_rate": 0.7, "recall": 0.6, "business_cost_per_applicant": 0.5}  # fmt: skip


@dataclass(frozen=True)
class SmallModel:
    """model : not yet published, so its version and hash are empty; reference : its own rows."""

    model: Model
    booster: lightgbm.Booster
    reference: Reference

    def publish(
        self, store: Store, *, cutoff: float | None = None, extra: Mapping[str, bytes] | None = None
    ) -> Champion:
        """Save the bundle and make it champion; another cut-off makes another version."""
        version, sha256 = self.save(store, cutoff=cutoff, extra=extra)
        return promote(store, version=version, sha256=sha256, by="tests", reason="a test")

    def save(
        self, store: Store, *, cutoff: float | None = None, extra: Mapping[str, bytes] | None = None
    ) -> tuple[str, str]:
        """Only save the bundle; version and SHA-256."""
        model = self.model if cutoff is None else replace(self.model, cutoff=cutoff)
        files = {"model.txt": self.booster.model_to_string().encode(), **self._peers()}
        files |= self._folds()
        files |= extra or {}
        return save_bundle(store, model, reference=self.reference, extra=files)

    def _folds(self) -> dict[str, bytes]:
        """Its first trees and its last ones, as if each were trained without a half."""
        schema, half = self.model.schema, TREES // 2
        boosters = (
            {"num_iteration": half}, {"start_iteration": half, "num_iteration": half},
        )  # fmt: skip
        texts = (self.booster.model_to_string(**which) for which in boosters)
        forests = [compile_forest(lightgbm.Booster(model_str=text)) for text in texts]
        index = {"good_edges": [], "default_edges": [], "schemas": [asdict(schema)] * 2}
        files = {fold_file(n): forest.to_bytes() for n, forest in enumerate(forests)}
        return files | {INDEX: json.dumps(index).encode()}

    def _peers(self) -> dict[str, bytes]:
        """Cells of its own accepted rows, who defaulted drawn by their PDs."""
        pds, schema = self.reference.default_probabilities, self.model.schema
        if not set(schema.names) <= FEATURES.keys():  # a bundle of other software
            return {}
        contributions = self.model.explainer.contributions(self.reference.features.astype(float))[1]
        positions = sum_by_family(contributions, family_indices(schema.names), len(FAMILIES))
        defaulted = np.random.default_rng(5).random(len(pds)) < pds
        cells = make_peers(schema, positions, pds, defaulted, pds < self.model.cutoff)
        return {} if cells is None else {peers.FILE: cells.to_bytes()}


def train_small_model(*, seed: int = 7) -> SmallModel:
    """20 trees over numbers, categories and history, with missing values; about a second."""
    rng = np.random.default_rng(seed)
    schema = make_schema()
    records = [draw_record(rng, str(100_000 + n)) for n in range(ROWS)]
    matrix = np.concatenate([build_features(parse_record(r), schema) for r in records])
    booster = _fit(schema, matrix, _draw_defaults(rng, matrix[:, schema.names.index(NUMBERS[1])]))
    forest = compile_forest(booster)
    probabilities = default_probabilities(Explainer(forest).margins(matrix))
    return SmallModel(
        model=_model(schema, forest, cutoff=float(np.median(probabilities))),
        booster=booster,
        reference=Reference(matrix.astype(np.float32), probabilities),
    )


def make_schema() -> FeatureSchema:
    vocabularies = {name: INPUTS[name].categories for name in CATEGORIES}
    return FeatureSchema((*NUMBERS, *CATEGORIES, *HISTORY), vocabularies)


def draw_record(rng: np.random.Generator, applicant_id: str) -> dict[str, object]:
    """A random application that keeps the contract; one optional value in five is missing."""
    names = [name for name in (*NUMBERS, *CATEGORIES, *HISTORY) if name in INPUTS]
    kept = [name for name in names if INPUTS[name].required or rng.random() < 0.8]
    record = {"SK_ID_CURR": applicant_id} | {name: _draw(rng, INPUTS[name]) for name in kept}
    if record.get("AMT_ANNUITY", 0.0) > record["AMT_CREDIT"]:  # no repayment exceeds its loan
        record["AMT_ANNUITY"] = record["AMT_CREDIT"] / 10
    return record


def _draw(rng: np.random.Generator, column: Column) -> object:
    if column.is_category:
        return str(rng.choice(column.categories))
    if column.unit == "currency":
        return float(np.round(rng.lognormal(12, 0.6), 1))
    low, high = column.minimum, min(column.maximum, 20.0)
    value = float(rng.uniform(low, high))
    return int(value) if column.type in ("integer", "flag") else value


def _draw_defaults(rng: np.random.Generator, score: np.ndarray) -> np.ndarray:
    """1 for a default; a low external score makes it likelier."""
    chance = 0.5 - 0.45 * np.nan_to_num(score, nan=0.5)  # (n,)
    return (rng.random(len(score)) < chance).astype(np.int8)


def _fit(schema: FeatureSchema, matrix: np.ndarray, defaulted: np.ndarray) -> lightgbm.Booster:
    places = [schema.names.index(name) for name in CATEGORIES]
    data = lightgbm.Dataset(matrix, defaulted, categorical_feature=places)
    settings = {"objective": "binary", "num_leaves": 8, "max_depth": 6, "min_data_in_leaf": 10,
                "num_threads": 1, "seed": 1, "deterministic": True, "verbosity": -1}  # fmt: skip
    return lightgbm.train(settings, data, num_boost_round=TREES)


def _model(schema: FeatureSchema, forest: Forest, *, cutoff: float) -> Model:
    facts = {"metrics": METRICS, "training": {"rows": ROWS}}
    edges = (cutoff / 2, cutoff)
    return Model("", "", schema, forest, cutoff, cost_ratio=10.0, band_edges=edges, facts=facts)
