"""The rows of a run as every step after the first reads them, made once a process."""

from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.contract.columns import GROUPED
from credit_scoring.features import CleanInputs, FeatureSchema

from training.data.dataset import Dataset
from training.data.schema import choose_schema
from training.data.split import FoldRule, Folds
from training.fitting.group_tables import learn_groups
from training.fitting.recipe import Recipe


@dataclass(frozen=True)
class Prepared:
    """schema : every feature of a row itself that varies, protected ones included
    inputs : what features are made of, each when it is asked for: all at once fill gigabytes
    rule, folds : of the cross-validation, for every recipe the same
    """

    dataset: Dataset
    schema: FeatureSchema
    inputs: CleanInputs
    rule: FoldRule
    folds: Folds

    @classmethod
    def of(cls, dataset: Dataset, *, n_folds: int) -> "Prepared":
        inputs = CleanInputs(dataset.applicants)
        ids, defaulted = dataset.applicants.ids, dataset.defaulted
        rule = FoldRule.of(ids, defaulted, n_folds=n_folds)
        return cls(dataset, choose_schema(inputs), inputs, rule, rule.split(ids, defaulted))

    @property
    def defaulted(self) -> Flags:
        return self.dataset.defaulted

    @property
    def everybody(self) -> Indices:
        return np.arange(len(self.dataset))

    def candidates(self, recipe: Recipe, rows: Indices) -> FeatureSchema:
        """What a recipe lets a model read that learns from these rows."""
        names = (*self.schema.names, *GROUPED)
        groups = learn_groups(self.inputs, rows)
        return recipe.candidates(FeatureSchema(names, self.schema.vocabularies, groups))

    def columns(self, schema: FeatureSchema, rows: Indices | None = None) -> Numbers:
        """A schema's features of the rows given, or of all; float64 (n, F), feature by feature."""
        chosen = self.everybody if rows is None else rows
        matrix = np.empty((len(chosen), len(schema)), order="F")
        for place, source in enumerate(schema.sources):
            matrix[:, place] = source(self.inputs)[chosen]
        return matrix
