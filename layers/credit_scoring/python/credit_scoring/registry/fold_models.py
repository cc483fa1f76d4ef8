"""The models of a bundle's cross-validation: each was trained without a part of the rows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import Forest

INDEX = "crossfit.json"


@dataclass(frozen=True)
class FoldModel:
    """What one fold's rows made: the features it chose and its trees."""

    schema: FeatureSchema
    forest: Forest

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.forest)

    def default_probabilities(self, applicants: Applicants) -> Numbers:
        """float64 (n,)"""
        return default_probabilities(
            self.explainer.margins(build_features(applicants, self.schema))
        )


def read_fold_models(index: bytes, read: Callable[[str], bytes]) -> list[FoldModel]:
    """index : the content of INDEX; read : gives a further file by its name"""
    schemas = json.loads(index)["schemas"]
    return [
        FoldModel(FeatureSchema.of_lists(**schema), Forest.from_bytes(read(fold_file(number))))
        for number, schema in enumerate(schemas)
    ]


def fold_file(fold: int) -> str:
    return f"fold-{fold}.npz"
