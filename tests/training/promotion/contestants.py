"""Published models of every kind, over outcomes whose true probabilities are known."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.contract.columns import INPUTS
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.population.reference import Reference
from credit_scoring.registry.bundle import save_bundle
from credit_scoring.registry.fold_models import FoldModel
from credit_scoring.scoring import Model

from training.data.dataset import Dataset
from training.data.split import FoldRule
from training.evaluation.calibration import PlattScaling
from training.evaluation.cutoff import band_edges, choose_cutoff
from training.fitting.compile import compile_forest
from training.fitting.crossfit import CrossFit

ROWS = 6_000
GOOD = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
WORSE = GOOD[:1]
WITH_GENDER = (*GOOD, "CODE_GENDER")
# What a training keeps that found its model surely better than a logistic regression.
ABOVE_FLOOR: dict[str, Any] = {
    "auc_interval": [0.6, 0.7],
    "cost_of_nobody_refused": {"value": -0.2, "interval": [-0.3, -0.1]},
    "logistic": {"auc": {"difference": 0.02, "interval": [0.01, 0.03]}},
}
AS_FITTED = PlattScaling()
TOO_EXTREME = PlattScaling(slope=2.5)


def write_applicants(path: Path, *, rows: int = ROWS) -> Path:
    """A labelled CSV: three scores help alike, men default more often than women."""
    rng = np.random.default_rng(4)
    scores, men = rng.random((rows, 3)), rng.random(rows) < 0.5
    margins = 1.2 - 2.2 * scores.sum(axis=1) + 1.2 * men
    columns = {
        "SK_ID_CURR": range(100_000, 100_000 + rows),
        "TARGET": (rng.random(rows) < default_probabilities(margins)).astype(int),
        "AMT_INCOME_TOTAL": np.full(rows, 180_000),
        "AMT_CREDIT": np.full(rows, 540_000),
        "DAYS_BIRTH": rng.integers(-24_000, -7_600, rows),
        "CODE_GENDER": np.where(men, "M", "F"),
        "NAME_FAMILY_STATUS": rng.choice(["Married", "Widow"], rows),
        "NAME_INCOME_TYPE": rng.choice(["Working", "Pensioner"], rows),
        **dict(zip(GOOD, scores.T, strict=True)),
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


@dataclass(frozen=True)
class Contestant:
    """A model in all that a bundle needs, not yet published."""

    model: Model
    crossfit: CrossFit
    reference: Reference

    def publish(
        self,
        store: Store,
        *,
        with_folds: bool = True,
        cutoff_times: float = 1,
        anchor: dict[str, Any] | None = ABOVE_FLOOR,
    ) -> str:
        """The version; the same contestant is always the same one.

        anchor : what its training says that it found, None for nothing
        """
        model = self.model
        changed = Model(**vars(model) | {"cutoff": min(1.0, model.cutoff * cutoff_times)})
        extra = self.crossfit.to_files() if with_folds else {}
        extra |= {"report.json": json.dumps({"anchor": anchor}).encode()}
        return save_bundle(store, changed, reference=self.reference, extra=extra)[0]


def train(dataset: Dataset, names: tuple[str, ...], repair: PlattScaling = AS_FITTED) -> Contestant:
    """Fitted on all rows and on those that each of three folds leaves, then bent by `repair`."""
    schema = FeatureSchema(names, _vocabularies(names))
    matrix, defaulted = build_features(dataset.applicants, schema), dataset.defaulted
    rule = FoldRule.of(dataset.applicants.ids, defaulted, n_folds=3)
    folds = rule.split(dataset.applicants.ids, defaulted)
    forests = [_fit(schema, matrix[learn], defaulted[learn]) for learn, _ in folds]
    crossfit = CrossFit(rule, [FoldModel(schema, forest) for forest in forests]).repaired(repair)
    pds = default_probabilities(crossfit.margins(dataset.applicants, defaulted))
    cutoff = choose_cutoff(pds, defaulted, cost_ratio=3.0)
    forest = _fit(schema, matrix, defaulted)
    facts = {"metrics": {"auc": 0.7, "business_cost_per_applicant": 0.5}, "training": {"trees": 40}}
    model = Model("", "", schema, forest, cutoff, 3.0, band_edges(cutoff), facts)
    return Contestant(model, crossfit, Reference(matrix[:9].astype(np.float32), pds[:9]))


def _vocabularies(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {name: INPUTS[name].categories for name in names if INPUTS[name].is_category}


def _fit(schema: FeatureSchema, matrix: np.ndarray, defaulted: np.ndarray):
    places = [schema.names.index(name) for name in schema.vocabularies]
    data = lightgbm.Dataset(matrix, defaulted.astype(np.int8), categorical_feature=places)
    settings = {"objective": "binary", "num_leaves": 8, "learning_rate": 0.1, "num_threads": 1,
                "deterministic": True, "verbosity": -1, "seed": 1}  # fmt: skip
    return compile_forest(lightgbm.train(settings, data, num_boost_round=40))
