"""A model that cares about the loan itself, and the applications it learnt from.

Defaults are likelier for loans that are large beside income and goods, and short ones: so that
other terms really change decisions.
"""

from functools import cache

import lightgbm
import numpy as np
from credit_scoring.contract.applicants import parse_record
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.population.reference import Reference
from credit_scoring.scoring import Model
from credit_scoring.trees.explainer import Explainer

from tests.models import SmallModel
from training.fitting.compile import compile_forest

ROWS, TREES = 3_000, 60
FEATURES = (
    "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "CREDIT_TO_INCOME",
    "ANNUITY_TO_INCOME", "CREDIT_TO_GOODS", "ANNUITY_TO_CREDIT", "EXT_SOURCE_2", "FLAG_EMAIL",
    "FLAG_DOCUMENT_3", "DAYS_BIRTH", "CODE_GENDER",
)  # fmt: skip
GENDERS = ("F", "M", "XNA")


def draw_request(rng: np.random.Generator, applicant_id: str) -> dict[str, object]:
    """An application for a loan of a plausible size."""
    income = float(np.round(rng.lognormal(11.9, 0.4), -2))
    goods = float(np.round(income * rng.uniform(0.5, 4.0), -2))
    credit = float(np.round(goods * rng.uniform(1.0, 1.3), 1))
    return {
        "SK_ID_CURR": applicant_id,
        "AMT_INCOME_TOTAL": income,
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": float(np.round(credit / rng.uniform(9, 40), 1)),
        "AMT_GOODS_PRICE": goods,
        "EXT_SOURCE_2": float(rng.uniform(0, 1)),
        "FLAG_EMAIL": int(rng.random() < 0.5),
        "FLAG_DOCUMENT_3": int(rng.random() < 0.5),
        "DAYS_BIRTH": -int(rng.integers(7_000, 25_000)),
        "CODE_GENDER": GENDERS[int(rng.integers(0, 2))],
    }


@cache
def lending_model() -> SmallModel:
    """60 trees, the cut-off at the 70th percentile; about a second."""
    rng = np.random.default_rng(4)
    schema = FeatureSchema(FEATURES, {"CODE_GENDER": GENDERS})
    records = [draw_request(rng, str(n)) for n in range(ROWS)]
    matrix = np.concatenate([build_features(parse_record(r), schema) for r in records])
    booster = _fit(matrix, _draw_defaults(rng, matrix))
    forest = compile_forest(booster)
    probabilities = default_probabilities(Explainer(forest).margins(matrix))
    cutoff = float(np.quantile(probabilities, 0.7))
    edges = (cutoff / 2, cutoff)
    model = Model("", "", schema, forest, cutoff, cost_ratio=10.0, band_edges=edges)
    return SmallModel(model, booster, Reference(matrix.astype(np.float32), probabilities))


def _draw_defaults(rng: np.random.Generator, matrix: np.ndarray) -> np.ndarray:
    column = dict(zip(FEATURES, matrix.T, strict=True))
    burden = column["CREDIT_TO_INCOME"] + 12 * column["ANNUITY_TO_INCOME"]
    margin = (
        -3.2 + 0.6 * burden + 3 * (column["CREDIT_TO_GOODS"] - 1.15)
        - 2.5 * (column["EXT_SOURCE_2"] - 0.5) - 0.4 * column["FLAG_EMAIL"]
        + 0.00005 * (column["DAYS_BIRTH"] + 16_000)
    )  # fmt: skip
    return (rng.random(len(matrix)) < default_probabilities(margin)).astype(np.int8)


def _fit(matrix: np.ndarray, defaulted: np.ndarray) -> lightgbm.Booster:
    place = FEATURES.index("CODE_GENDER")
    data = lightgbm.Dataset(matrix, defaulted, categorical_feature=[place])
    settings = {"objective": "binary", "num_leaves": 12, "max_depth": 6, "min_data_in_leaf": 30,
                "num_threads": 1, "seed": 1, "deterministic": True, "verbosity": -1}  # fmt: skip
    return lightgbm.train(settings, data, num_boost_round=TREES)
