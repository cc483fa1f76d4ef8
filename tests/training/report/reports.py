"""A report as a run writes it, made by the real functions from small made-up applications."""

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from credit_scoring.contract.applicants import Applicants, parse_text_columns
from credit_scoring.decision import default_probabilities
from credit_scoring.features import build_features
from credit_scoring.scoring import Model
from sklearn.dummy import DummyClassifier

from tests.models import make_schema, train_small_model
from tests.training.tables import draw_texts
from training.evaluation.audit.fairness import audit
from training.evaluation.audit.gender_proxies import gender_proxies
from training.evaluation.calibration import calibrate
from training.evaluation.cutoff import band_edges, choose_cutoff, cost_curve, risk_bands
from training.evaluation.evaluate import measure
from training.evaluation.review import describe_review, near_cutoff
from training.evaluation.statistics import bootstrap_intervals
from training.explanations.explain import ExplainedRows, explain_globally, explain_rows
from training.explanations.faithfulness import measure_faithfulness
from training.fitting.ablate import Ablation
from training.fitting.comparison.candidates import make_candidates
from training.fitting.comparison.compare import Candidate, compare
from training.fitting.recipe import Recipe
from training.fitting.tuning.tune import Trial, Tuning

ROWS, RESAMPLES = 900, 20
COST_RATIO = 3.0  # the made-up applicants default often
COST_RATIOS = (COST_RATIO, 100.0)
QUICK = {"learning_rate": 0.3, "min_data_in_leaf": 20}


@dataclass(frozen=True)
class Finished:
    """A finished run: its report, and the rows that plots need."""

    report: dict[str, Any]
    rows: ExplainedRows
    default_probabilities: np.ndarray
    defaulted: np.ndarray

    @property
    def plotted(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "report"}


@cache
def make_finished() -> Finished:
    """Takes some seconds; do not change what it returns."""
    small, schema = train_small_model(), make_schema()
    applicants = _draw_applicants()
    matrix = build_features(applicants, schema)
    margins = small.model.explainer.margins(matrix)
    defaulted = np.random.default_rng(1).random(ROWS) < default_probabilities(margins)
    calibration = calibrate(margins, defaulted, seed=0)
    pds = default_probabilities(calibration.repair.apply(margins))
    cutoff = choose_cutoff(pds, defaulted, cost_ratio=COST_RATIO)
    model = replace(small.model, cutoff=cutoff)
    proxies = gender_proxies(matrix, schema, applicants, seed=0)
    report = _facts() | {
        "metrics": _metrics(pds, defaulted, cutoff),
        "cutoff": _cutoffs(pds, defaulted, cutoff),
        "bands": [asdict(band) for band in risk_bands(pds, defaulted, edges=band_edges(cutoff))],
        "calibration": asdict(calibration),
        "fairness": asdict(audit(applicants, pds, defaulted, cutoff=cutoff, proxies=proxies)),
        "explanations": asdict(explain_globally(model, matrix, seed=0))
        | {"faithfulness": _faithfulness(model, matrix)},
        "review": _review(pds, cutoff),
        "comparison": _comparison(matrix, defaulted),
    }
    return Finished(
        json.loads(json.dumps(report, allow_nan=False)),
        explain_rows(model, matrix, seed=0),
        pds,
        defaulted,
    )


def _faithfulness(model: Model, matrix: np.ndarray) -> dict[str, Any]:
    return asdict(measure_faithfulness(model.explainer, model.schema, matrix, seed=0))


def _review(pds: np.ndarray, cutoff: float) -> dict[str, Any]:
    near = near_cutoff(np.log(pds / (1 - pds)), cutoff=cutoff, error=0.3)
    causes = np.column_stack([(pds >= near.low) & (pds < near.high), pds < 0, pds > 0.99])
    return describe_review(near, causes, pds < cutoff)


def _draw_applicants() -> Applicants:
    """With what the audit reads, one group of which is too small to be judged."""
    rng = np.random.default_rng(3)
    texts = draw_texts(ROWS) | {
        "CODE_GENDER": rng.choice(["F", "M"], ROWS).tolist(),
        "NAME_FAMILY_STATUS": rng.choice(["Married", "Widow"], ROWS, p=[0.97, 0.03]).tolist(),
    }
    return parse_text_columns({name: np.array(values) for name, values in texts.items()}).applicants


def _facts() -> dict[str, Any]:
    recipe = Recipe()
    table = {"bytes": 10_726_186, "sha256": "a" * 64}
    return {
        "recipe": recipe.as_json() | {"cost_ratio": COST_RATIO},
        "data": {
            "rows": ROWS,
            "defaults": 280,
            "default_rate": 0.311,
            "sha256": "d" * 64,
            "tables": {"application_train": table, "bureau": None},
        },
        "lineage": {
            "git_commit": "c" * 40,
            "git_dirty": True,
            "data_sha256": "d" * 64,
            "lock_sha256": "f" * 64,
            "python": "3.13.0",
            "lightgbm": "4.6.0",
        },
        "features": {
            "candidates": 40,
            "kept": len(make_schema()),
            "rule": "What helps <more> than noise | is kept.",
            "dropped": {"duplicate": 4, "unhelpful": 20},
            "names": list(make_schema().names),
        },
        "model": {"trees": 20, "leaves": 160, "members": 3, "max_depth": 6, "base_value": -1.23},
        "tuning": asdict(_tuning()),
        "ablations": [asdict(_ablation("without directions")), asdict(_ablation("with gender"))],
        "proof": {"margin": 0.0, "contribution": 1.7e-15, "sum": 1.4e-14},
    }


def _metrics(pds: np.ndarray, defaulted: np.ndarray, cutoff: float) -> dict[str, Any]:
    sizes = {"cutoff": cutoff, "cost_ratio": COST_RATIO}
    intervals = bootstrap_intervals(pds, defaulted, **sizes, seed=0, resamples=RESAMPLES)
    return measure(pds, defaulted, **sizes) | {
        "auc_by_fold": [0.71, 0.73, 0.7],
        "intervals": intervals,
    }


def _cutoffs(pds: np.ndarray, defaulted: np.ndarray, cutoff: float) -> dict[str, Any]:
    curves = {
        f"{ratio:g}": asdict(
            cost_curve(pds, defaulted, cost_ratio=ratio, seed=0, resamples=RESAMPLES)
        )
        for ratio in COST_RATIOS
    }
    return {
        "cost_ratio": COST_RATIO,
        "cutoff": cutoff,
        "theoretical": 1 / (1 + COST_RATIO),
        "curves": curves,
    }


def _comparison(matrix: np.ndarray, defaulted: np.ndarray) -> dict[str, Any]:
    """Of all candidates the two that are quick."""
    served = make_candidates(make_schema(), parameters=QUICK, seed=0)["LightGBM"]
    fold = np.arange(ROWS) % 3
    folds = [(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in range(3)]
    models: list[Candidate] = compare(
        {"DummyClassifier": DummyClassifier(strategy="prior"), "LightGBM": served},
        matrix,
        defaulted,
        folds,
        cost_ratio=COST_RATIO,
        progress=False,
    )
    strategies = [replace(models[1], name=name) for name in ("none", "SMOTE")]
    compared = {"models": models, "imbalance": strategies}
    return {name: [asdict(row) for row in rows] for name, rows in compared.items()}


def _tuning() -> Tuning:
    trials = [
        Trial(0, 0.52, {"num_leaves": 8}, "complete"),
        Trial(1, None, {"num_leaves": 31}, "pruned"),
        Trial(2, 0.51, {"num_leaves": 12}, "complete"),
    ]
    return Tuning("optuna", "cost", trials, {"num_leaves": 12}, 0.51, 0.52, {"num_leaves": 1.0})


def _ablation(name: str) -> Ablation:
    return Ablation(
        name,
        "One rule is changed.",
        0.72,
        0.002,
        (-0.001, 0.005),
        0.001,
        (-0.01, 0.02),
        {"CODE_GENDER": 0.91},
    )
