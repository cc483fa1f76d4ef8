"""What stands in for gender among a model's features, although gender itself is kept out."""

import math
from dataclasses import dataclass

import lightgbm
import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import FEATURES, INPUTS, with_role
from credit_scoring.features import FeatureSchema
from numpy.typing import NDArray

from training.data.lightgbm_dataset import make_lightgbm_dataset
from training.evaluation.statistics import delong_interval

GENDER = with_role("gender")
TOP = 10
MOST_ROWS = 30_000  # enough to tell an AUC to the second decimal
FEWEST = 100  # of each gender
GUESSED = 0.7  # an AUC from which on gender is guessed more often than not

N_TREES, N_FOLDS = 150, 3
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 15,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.5,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Proxy:
    """How well one feature tells gender.

    auc : from 0.5, not at all, to 1; a category's values are ordered by their share of men
    cramers_v : for a categorical feature, its association with gender, 0 to 1
    """

    feature: str
    label: str
    auc: float
    cramers_v: float | None


@dataclass(frozen=True)
class GenderProxies:
    """applicants : of known gender, a sample of at most 30,000; the audit is of aggregates

    auc : cross-validated, of a model that guesses gender from all features together
    features : the ten that tell most, best first
    """

    applicants: int
    auc: float
    features: list[Proxy]
    sentence: str


def gender_proxies(
    matrix: Numbers, schema: FeatureSchema, applicants: Applicants, *, seed: int
) -> GenderProxies | None:
    """How well features (n, F), one by one and together, tell men from women.

    None when there are not a hundred of each to tell apart.
    """
    genders = applicants[GENDER]
    man, woman = (genders == INPUTS[GENDER].categories.index(code) for code in ("M", "F"))
    if min(man.sum(), woman.sum()) < FEWEST:
        return None
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(man | woman))[:MOST_ROWS]
    kept = [place for place, name in enumerate(schema.names) if name != GENDER]
    names = tuple(schema.names[place] for place in kept)
    vocabularies = {name: v for name, v in schema.vocabularies.items() if name in names}
    own, sample = FeatureSchema(names, vocabularies), matrix[np.ix_(rows, kept)]
    proxies = [_proxy(name, sample[:, k], man[rows]) for k, name in enumerate(names)]
    best = sorted(proxies, key=lambda proxy: -proxy.auc)[:TOP]
    auc = _auc_of_all(sample, own, man[rows], seed)
    return GenderProxies(len(rows), auc, best, _sentence(auc, best))


def _proxy(name: str, values: Numbers, man: Flags) -> Proxy:
    column, cramers_v = FEATURES[name], None
    if column.is_category:
        table = _counts(values, man)
        cramers_v, values = _cramers_v(table), _shares_of_men(table)[_codes(values)]
    # A missing value may tell as much as a number: it ranks below them all.
    auc = delong_interval(np.where(np.isnan(values), -np.inf, values), man).auc
    return Proxy(name, column.label_en, max(auc, 1 - auc), cramers_v)


def _codes(values: Numbers) -> NDArray[np.intp]:
    """Category codes from 1 on; 0 is missing."""
    return np.where(np.isnan(values), 0, values + 1).astype(np.intp)


def _counts(values: Numbers, man: Flags) -> Numbers:
    """Women and men by category, float64 (2, categories)."""
    codes = _codes(values)
    size = int(codes.max()) + 1
    return np.stack([np.bincount(codes[who], minlength=size) for who in (~man, man)]).astype(float)


def _shares_of_men(table: Numbers) -> Numbers:
    shares: Numbers = table[1] / np.maximum(table.sum(axis=0), 1)
    return shares


def _cramers_v(table: Numbers) -> float:
    """Of two rows: the root of chi-squared per applicant (Cramér 1946)."""
    n = table.sum()
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / n
    terms = (table - expected) ** 2 / np.where(expected > 0, expected, 1)
    return math.sqrt(float(terms.sum()) / n)


def _auc_of_all(matrix: Numbers, schema: FeatureSchema, man: Flags, seed: int) -> float:
    data = make_lightgbm_dataset(matrix, man, schema)
    found = lightgbm.cv(
        PARAMETERS | {"seed": seed},
        data,
        num_boost_round=N_TREES,
        nfold=N_FOLDS,
        stratified=True,
        metrics="auc",
        seed=seed,
    )
    means = found["valid auc-mean"]
    assert isinstance(means, list)
    return float(means[-1])


def _sentence(auc: float, best: list[Proxy]) -> str:
    shown = ", ".join(f"{proxy.label} ({proxy.auc:.2f})" for proxy in best[:3])
    meaning = (
        "gender can be guessed without being asked, so approval rates must be watched"
        if auc >= GUESSED
        else "gender can hardly be guessed"
    )
    return (
        f"All features together tell men from women with an AUC of {auc:.2f} (0.50 is blind): "
        f"{meaning}. Strongest alone: {shown}."
    )
