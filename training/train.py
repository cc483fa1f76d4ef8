"""The whole training in one step: data in, a published and verified model out."""

import argparse
import getpass
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from credit_scoring.artifact import CHAMPION, LIGHTGBM_TEXT, Reference, promote, save_bundle
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.scoring import Model
from credit_scoring.storage import FolderStore, Store, open_store
from numpy.typing import NDArray

from training.compile import compile_forest, verify_forest
from training.cutoff import choose_cutoff
from training.dataset import load_dataset
from training.evaluate import measure
from training.fit import PARAMETERS, cross_validate, fit
from training.schema import choose_schema

REFERENCE_ROWS = 10_000
N_FOLDS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder with the Kaggle tables")
    parser.add_argument("--models", required=True, help="folder or s3://bucket/prefix for models")
    parser.add_argument(
        "--cost-ratio",
        type=_positive,
        default=10.0,
        help="cost of an accepted default / cost of a refused good payer (default: 10)",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--no-promote", action="store_true", help="publish, but leave the serving model as it is"
    )


def run(args: argparse.Namespace) -> int:
    """Print one JSON object with the published version and its figures."""
    started = time.monotonic()
    store = _open_models(args.models)
    dataset = load_dataset(args.data)
    schema = choose_schema(dataset.applicants)
    matrix = build_features(dataset.applicants, schema)
    validation = cross_validate(matrix, dataset.defaulted, schema, n_folds=N_FOLDS, seed=args.seed)
    booster = fit(matrix, dataset.defaulted, schema, n_trees=validation.n_trees, seed=args.seed)
    forest = compile_forest(booster)
    differences = verify_forest(forest, booster, matrix)
    cutoff = choose_cutoff(
        validation.default_probabilities, dataset.defaulted, cost_ratio=args.cost_ratio
    )
    metrics = measure(
        validation.default_probabilities,
        dataset.defaulted,
        cutoff=cutoff,
        cost_ratio=args.cost_ratio,
    )
    facts = {
        "metrics": metrics | {"auc_by_fold": validation.fold_aucs},
        "training": _circumstances(schema, len(dataset), validation.n_trees, args.seed),
    }
    model = Model(
        version="",
        sha256="",
        schema=schema,
        forest=forest,
        cutoff=cutoff,
        cost_ratio=args.cost_ratio,
        # Half the cut-off parts those who are clearly safe from those who merely pass.
        band_edges=(cutoff / 2, cutoff),
        facts=facts,
    )
    version, sha256 = save_bundle(
        store,
        model,
        reference=_reference(model, matrix, args.seed),
        extra={LIGHTGBM_TEXT: booster.model_to_string().encode()},
    )
    if not args.no_promote:
        promote(store, version=version, sha256=sha256, by=getpass.getuser(), reason="trained")
    result = {"version": version, "sha256": sha256, "promoted": not args.no_promote}
    times = {"differences_from_lightgbm": differences, "seconds": time.monotonic() - started}
    print(json.dumps(result | facts | times))
    return 0


def _open_models(url: str) -> Store:
    """A place that cannot hold models is told before the training, not after it."""
    store = open_store(url)
    try:
        if isinstance(store, FolderStore):
            store.folder.mkdir(parents=True, exist_ok=True)
        next(store.list(CHAMPION), None)
    except OSError as error:
        raise DatasetError(f"{url} cannot hold models: {error.strerror}") from error
    return store


def _reference(model: Model, matrix: NDArray[np.float64], seed: int) -> Reference:
    """A sample of the training rows, as the serving code scores them."""
    rows = np.random.default_rng(seed).permutation(len(matrix))[:REFERENCE_ROWS]
    sample = matrix[np.sort(rows)]
    probabilities = default_probabilities(model.forest.margins(sample))
    return Reference(sample.astype(np.float32), probabilities)


def _circumstances(schema: FeatureSchema, rows: int, n_trees: int, seed: int) -> dict[str, Any]:
    return {
        "rows": rows,
        "features": len(schema),
        "folds": N_FOLDS,
        "trees": n_trees,
        "seed": seed,
        "parameters": PARAMETERS,
    }


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be a positive number")
    return value
