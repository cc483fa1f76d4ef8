"""One model a fold, kept with the bundle: for any labelled row there is one that never saw it.

The rows that a model was fitted on flatter it. With the models of its cross-validation and the rule
that says which of them held a row out, two bundles can be compared on the same rows, all of them,
at any later time, although both were fitted on all of them.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.decision import default_probabilities
from credit_scoring.features import build_features
from credit_scoring.registry.bundle import load_file
from credit_scoring.registry.fold_models import INDEX, FoldModel, fold_file, read_fold_models

from training.data.dataset import Dataset
from training.data.split import FoldRule
from training.evaluation.calibration import PlattScaling, repaired


@dataclass(frozen=True)
class CrossFit:
    """models : one for each fold of the rule, fitted on the rows that the fold leaves"""

    rule: FoldRule
    models: list[FoldModel]

    def margins(self, applicants: Applicants, defaulted: Flags) -> Numbers:
        """Log-odds, float64 (n,), each by the model of the fold that held the row out."""
        fold = self.rule.fold_of(applicants.ids, defaulted)
        margins = np.empty(len(defaulted))
        for number, model in enumerate(self.models):
            rows = np.flatnonzero(fold == number)
            margins[rows] = model.explainer.margins(
                build_features(applicants.take(rows), model.schema)
            )
        return margins

    def repaired(self, repair: PlattScaling) -> "CrossFit":
        """The same with calibrated margins."""
        models = [FoldModel(model.schema, repaired(model.forest, repair)) for model in self.models]
        return CrossFit(self.rule, models)

    def to_files(self) -> dict[str, bytes]:
        """What a bundle keeps."""
        index = asdict(self.rule) | {"schemas": [asdict(model.schema) for model in self.models]}
        forests = {fold_file(n): model.forest.to_bytes() for n, model in enumerate(self.models)}
        return {INDEX: json.dumps(index, separators=(",", ":")).encode()} | forests

    @classmethod
    def from_files(cls, read: Callable[[str], bytes]) -> "CrossFit":
        """read : gives a file that `to_files` named"""
        index = read(INDEX)
        content = json.loads(index)
        rule = FoldRule(tuple(content["good_edges"]), tuple(content["default_edges"]))
        return cls(rule, read_fold_models(index, read))


def held_out_probabilities(store: Store, version: str, dataset: Dataset) -> Numbers:
    """The PDs that a published model's folds give to rows they never saw, float64 (n,).

    Raises ArtifactMissing when the bundle was published without its cross-validation.
    """
    crossfit = CrossFit.from_files(lambda name: load_file(store, version, name))
    return default_probabilities(crossfit.margins(dataset.applicants, dataset.defaulted))
