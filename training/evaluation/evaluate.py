"""Score labelled applicants with the serving code and measure how good the scores are."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.aws.storage import Store, open_store
from credit_scoring.decision import accepts, default_probabilities
from credit_scoring.features import build_features
from credit_scoring.registry.bundle import load_champion, load_model
from credit_scoring.scoring import Model
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from training.data.dataset import Dataset, load_dataset
from training.evaluation.cutoff import business_cost
from training.evaluation.overlap import share_learnt_from
from training.evaluation.statistics import (
    bootstrap_intervals,
    delong,
    equal_count_bins,
    paired_cost_difference,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--models", required=True, help="folder or s3://bucket/prefix of models")
    parser.add_argument("--version", help="which model (default: the champion)")
    parser.add_argument(
        "--data", type=Path, required=True, help="labelled CSV, or folder with application_train"
    )
    parser.add_argument(
        "--against",
        metavar="VERSION",
        help="also compare with this model on the same rows: paired differences (the evaluated "
        "model's less its), and whose decision flips",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object: figures with their 95 % intervals.

    Neither model may have learnt from these rows, which would flatter it: that is told.
    """
    store = open_store(args.models)
    model = load_model(store, args.version) if args.version else load_champion(store)
    other = load_model(store, args.against) if args.against else None
    dataset = load_dataset(args.data)
    pds, defaulted = _score(model, dataset), dataset.defaulted
    cutoff, ratio = model.cutoff, model.cost_ratio
    found = {"version": model.version} | measure(pds, defaulted, cutoff=cutoff, cost_ratio=ratio)
    found["intervals"] = _intervals(pds, defaulted, cutoff, ratio, args.seed)
    found["share_learnt_from"] = _tell_what_was_learnt(store, model, dataset)
    if other:
        _tell_what_was_learnt(store, other, dataset)
        found["against"] = compare_models(
            model, other, pds, _score(other, dataset), defaulted, seed=args.seed
        )
    print(json.dumps(found))
    return 0


def _intervals(
    pds: Numbers, defaulted: Flags, cutoff: float, cost_ratio: float, seed: int
) -> dict[str, Any] | None:
    """None where there are too few of either outcome to tell of chance."""
    if min(int(defaulted.sum()), int((~defaulted).sum())) < 2:
        return None
    return bootstrap_intervals(pds, defaulted, cutoff=cutoff, cost_ratio=cost_ratio, seed=seed)


def _tell_what_was_learnt(store: Store, model: Model, dataset: Dataset) -> float:
    share = share_learnt_from(store, model, dataset.applicants)
    if share:
        print(
            f"{share:.0%} of these applicants or more are among those that {model.version} learnt "
            "from: its figures here flatter it. Measure it on others; its card tells what it is "
            "worth on rows that were held out.",
            file=sys.stderr,
        )
    return share


def _score(model: Model, dataset: Dataset) -> Numbers:
    features = build_features(dataset.applicants, model.schema)
    return default_probabilities(model.explainer.margins(features))


def compare_models(
    model: Model, other: Model, pds: Numbers, other_pds: Numbers, defaulted: Flags, *, seed: int
) -> dict[str, Any]:
    """Paired figures of PDs (n,) of the same rows, each model at its own cut-off.

    Differences are the model's less the other's; flips are counted by decision and outcome.
    """
    accepted = accepts(pds, cutoff=model.cutoff)
    before = accepts(other_pds, cutoff=other.cutoff)
    cost = paired_cost_difference(
        before, accepted, defaulted, cost_ratio=model.cost_ratio, seed=seed
    )
    newly = {"accepted": accepted & ~before, "refused": before & ~accepted}
    return {
        "version": other.version,
        "auc": asdict(delong(other_pds, pds, defaulted)),
        "business_cost_per_applicant": asdict(cost),
        "mean_pd_difference": float(np.mean(pds - other_pds)),
        "largest_pd_difference": float(np.abs(pds - other_pds).max()),
        "flips": {
            f"newly_{way}_{kind}": int((rows & outcome).sum())
            for way, rows in newly.items()
            for kind, outcome in (("good", ~defaulted), ("default", defaulted))
        },
    }


def measure(
    probabilities: Numbers, defaulted: Flags, *, cutoff: float, cost_ratio: float
) -> dict[str, Any]:
    """Every figure that a committee asks for first, from PDs (n,) and outcomes (n,).

    Needs at least one default and one good payer; rates without a denominator are None.
    """
    both_kinds = 0 < defaulted.mean() < 1
    auc = float(roc_auc_score(defaulted, probabilities)) if both_kinds else None
    accepted = accepts(probabilities, cutoff=cutoff)
    confusion = {
        "accepted_good": int((accepted & ~defaulted).sum()),
        "accepted_default": int((accepted & defaulted).sum()),
        "refused_good": int((~accepted & ~defaulted).sum()),
        "refused_default": int((~accepted & defaulted).sum()),
    }
    return {
        "rows": len(defaulted),
        "auc": auc,
        "gini": None if auc is None else 2 * auc - 1,
        "ks": None if auc is None else kolmogorov_smirnov(probabilities, defaulted),
        "pr_auc": float(average_precision_score(defaulted, probabilities)) if both_kinds else None,
        "brier": float(np.mean((probabilities - defaulted) ** 2)),
        "ece": expected_calibration_error(probabilities, defaulted),
        "cutoff": cutoff,
        "business_cost_per_applicant": business_cost(
            probabilities, defaulted, cutoff=cutoff, cost_ratio=cost_ratio
        ),
        "business_cost_approve_all": float(cost_ratio * defaulted.mean()),
        "approval_rate": float(accepted.mean()),
        "recall": float((~accepted)[defaulted].mean()) if defaulted.any() else None,
        "precision": None if accepted.all() else float(defaulted[~accepted].mean()),
        "accuracy": float((accepted != defaulted).mean()),
        "confusion": confusion,
    }


def kolmogorov_smirnov(probabilities: Numbers, defaulted: Flags) -> float:
    """Largest distance between the shares of defaults and of good payers above one PD."""
    false_positives, true_positives, _ = roc_curve(defaulted, probabilities)
    return float(np.max(true_positives - false_positives))


def expected_calibration_error(probabilities: Numbers, defaulted: Flags) -> float:
    """Mean distance between PD and default rate, over ten bins of equally many applicants.

    Equal PDs share a bin, so that the order of the rows does not matter.
    Source: Naeini et al. 2015; equal counts rather than equal widths, since PDs crowd near zero.
    """
    bins = equal_count_bins(probabilities)
    distances = [abs(probabilities[b].mean() - defaulted[b].mean()) * len(b) for b in bins]
    return float(sum(distances) / len(defaulted))
