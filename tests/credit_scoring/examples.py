"""Applications, models and forests that the tests of the domain package are made of."""

from functools import cache

import lightgbm
import numpy as np
from credit_scoring.contract.applicants import Applicants, is_id
from credit_scoring.contract.columns import FEATURES, INPUTS
from credit_scoring.features import CleanInputs, FeatureSchema, build_features
from credit_scoring.group_statistics import GroupTable
from credit_scoring.lender.group_features import GROUP_FEATURES, GROUPS
from credit_scoring.population.reference import Reference
from credit_scoring.scoring import Model
from hypothesis import strategies as st

from training.fitting.compile import compile_forest

REQUIRED = {"AMT_INCOME_TOTAL": 180_000, "AMT_CREDIT": 540_000, "DAYS_BIRTH": -14_610}


def application(**fields):
    """The smallest application that is accepted, and what a test adds to it."""
    return {"SK_ID_CURR": "100002"} | REQUIRED | fields


def _values(column):
    if column.is_category:
        return st.sampled_from(column.categories)
    if column.type == "flag":
        return st.sampled_from([0, 1])
    lower, upper = max(column.minimum, -1e12), min(column.maximum, 1e12)
    if column.type == "integer":
        numbers = st.integers(int(lower), int(upper))
    else:
        numbers = st.floats(lower, upper) | st.integers(int(np.ceil(lower)), int(upper))
    return numbers if column.sentinel is None else numbers | st.just(int(column.sentinel))


def records():
    """Applications that keep the contract, with any of the optional fields."""
    ids = st.from_regex(r"[A-Za-z0-9_-]{1,32}", fullmatch=True).filter(is_id)
    needed = {n: _values(INPUTS[n]) for n in REQUIRED} | {"SK_ID_CURR": ids}
    optional = {n: _values(c) for n, c in INPUTS.items() if n not in needed}
    return st.fixed_dictionaries(needed, optional=optional)


def many_applicants(n, *, seed=0, missing=0.2):
    """n random applicants over the whole contract."""
    rng = np.random.default_rng(seed)
    columns = {}
    for name, column in INPUTS.items():
        if column.type == "id":
            continue
        absent = (rng.random(n) < missing) & (not column.required)
        if column.is_category:
            codes = rng.integers(0, len(column.categories), n).astype(np.int32)
            columns[name] = np.where(absent, np.int32(-1), codes)
            continue
        lower, upper = max(column.minimum, -1e6), min(column.maximum, 1e6)
        values = rng.uniform(lower, upper, n)
        if column.type != "number":
            values = np.rint(values)
        if column.sentinel is not None:
            values[rng.random(n) < 0.1] = column.sentinel
        columns[name] = np.where(absent, np.nan, values)
    return Applicants([str(100_000 + row) for row in range(n)], columns)


def whole_schema():
    """Every feature of the contract; categories in the contract's order; made-up groups."""
    names = tuple(FEATURES)
    categories = {n: FEATURES[n].categories for n in names if FEATURES[n].is_category}
    return FeatureSchema(names, categories, made_up_groups())


def made_up_groups():
    """Tables of the groups that `many_applicants` fall into, every third group left out."""
    inputs = CleanInputs(many_applicants(1500, seed=3))
    tables = {}
    for group, key in GROUPS.items():
        known = np.unique(key(inputs)[~np.isnan(key(inputs))])
        keys = tuple(known[np.arange(len(known)) % 3 > 0].tolist())
        names = [name for name, feature in GROUP_FEATURES.items() if feature.group == group]
        rng = np.random.default_rng(len(names))
        values = {
            name: tuple(None if v > 0.9 else float(v) for v in rng.random(len(keys)))
            for name in names
        }
        tables[group] = GroupTable(keys, values)
    return tables


def fit(matrix, labels, *, rounds=10, categorical=(), **parameters):
    """A small LightGBM model, the same every time."""
    settings = {
        "objective": "binary",
        "num_leaves": 15,
        "min_data_in_leaf": 5,
        "verbosity": -1,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": 1,
    } | parameters
    data = lightgbm.Dataset(
        matrix, labels, categorical_feature=list(categorical), params={"verbosity": -1}
    )
    return lightgbm.train(settings, data, rounds)


@cache
def small_model():
    """A model over derived, plain and categorical features of every family, with its matrix."""
    schema = whole_schema()
    matrix = build_features(many_applicants(1500, seed=3), schema)
    rng = np.random.default_rng(4)
    places = [schema.names.index(n) for n in ("EXT_SOURCE_MEAN", "CREDIT_TO_INCOME")]
    score = np.nan_to_num(matrix[:, places]) @ [-3.0, 0.2] + rng.normal(size=len(matrix))
    labels = score > np.quantile(score, 0.8)
    categorical = [place for place, n in enumerate(schema.names) if n in schema.vocabularies]
    booster = fit(matrix, labels, rounds=40, categorical=categorical, feature_fraction=0.3)
    model = Model(
        version="",
        sha256="",
        schema=schema,
        forest=compile_forest(booster),
        cutoff=0.1,
        cost_ratio=10.0,
        band_edges=(0.05, 0.1),
        facts={"auc": 0.75, "note": "tout va « bien »"},
    )
    return model, matrix, booster


def small_reference():
    _, matrix, booster = small_model()
    return Reference(matrix[:50].astype(np.float32), np.asarray(booster.predict(matrix[:50])))


def same_bits(left, right):
    """Equal to the last bit, NaN included."""
    left, right = np.ascontiguousarray(left), np.ascontiguousarray(right)
    return left.shape == right.shape and left.tobytes() == right.tobytes()
