"""One number that says how good parameters are on one fold, computed once and kept."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from sklearn.metrics import roc_auc_score

from training.data.split import Folds
from training.evaluation.cutoff import business_cost, choose_cutoff
from training.fitting.fit import MOST_TREES, PARAMETERS, PATIENCE, fit_taken
from training.fitting.fold_rows import RowsOf, rows_as_they_are

Parameters = dict[str, Any]
Objective = Literal["cost", "auc"]


@dataclass(frozen=True)
class FoldValues:
    """What parameters are judged by: "auc", the higher the better, or "cost", the lower.

    Cost is per applicant, at the cut-off that is the cheapest on the fold itself.
    storage : folder that keeps the values, so that a search which was killed does not repeat them
    rows_of : of a fold's rows their columns, where some are learnt anew in each fold
    """

    matrix: Numbers
    defaulted: Flags
    schema: FeatureSchema
    folds: Folds
    objective: Objective
    cost_ratio: float
    seed: int
    monotone: bool
    storage: Path
    rows_of: RowsOf | None = None

    @property
    def sign(self) -> int:
        """1 when more is better, -1 when less is."""
        return 1 if self.objective == "auc" else -1

    @cached_property
    def key(self) -> str:
        """Names the rows and the rules: values of others are not mixed with these."""
        digest = hashlib.sha256(self.matrix.tobytes())
        digest.update(self.defaulted.tobytes())
        for _, held_out in self.folds:
            digest.update(held_out.astype(np.int64).tobytes() + b"|")
        rules = [
            self.schema.names, self.schema.vocabularies, self.objective, self.cost_ratio, self.seed,
            self.monotone, PARAMETERS, MOST_TREES, PATIENCE, self.rows_of is not None,
        ]  # fmt: skip
        digest.update(json.dumps(rules).encode())
        return digest.hexdigest()[:16]

    def value(self, parameters: Parameters, fold: int) -> float:
        """Of a model with these changes to the parameters, fitted without the fold."""
        known = self.storage / self.key / f"{_digest(parameters)}-{fold}.json"
        if known.exists():
            return float(json.loads(known.read_text(encoding="utf-8")))
        value = self._measure(parameters, fold)
        known.parent.mkdir(parents=True, exist_ok=True)
        partial = known.with_suffix(".partial")
        partial.write_text(json.dumps(value), encoding="utf-8")
        partial.replace(known)
        return value

    def _measure(self, parameters: Parameters, fold: int) -> float:
        learn, held_out = self.folds[fold]
        take = self.rows_of or rows_as_they_are(self.matrix)
        learnt, watched = take(learn, held_out)
        defaulted = self.defaulted[held_out]
        booster = fit_taken(
            (learnt, self.defaulted[learn]), (watched, defaulted), self.schema,
            seed=self.seed, parameters=parameters, monotone=self.monotone,
        )  # fmt: skip
        margins = np.asarray(booster.predict(watched, raw_score=True, num_threads=1))
        if self.objective == "auc":
            return float(roc_auc_score(defaulted, margins))
        pds = default_probabilities(margins)
        cutoff = choose_cutoff(pds, defaulted, cost_ratio=self.cost_ratio)
        return business_cost(pds, defaulted, cutoff=cutoff, cost_ratio=self.cost_ratio)


def _digest(parameters: Parameters) -> str:
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:16]
