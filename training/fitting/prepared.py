"""The rows of a run as every step after the first reads them, made once a process."""

from dataclasses import dataclass

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema, build_features

from training.data.dataset import Dataset
from training.data.schema import choose_schema
from training.data.split import FoldRule, Folds
from training.fitting.recipe import Recipe


@dataclass(frozen=True)
class Prepared:
    """schema : every feature that varies, protected ones included; matrix : float64 (n, F)
    rule, folds : of the cross-validation, for every recipe the same
    """

    dataset: Dataset
    schema: FeatureSchema
    matrix: Numbers
    rule: FoldRule
    folds: Folds

    @classmethod
    def of(cls, dataset: Dataset, *, n_folds: int) -> "Prepared":
        schema = choose_schema(dataset.applicants)
        matrix = build_features(dataset.applicants, schema)
        ids, defaulted = dataset.applicants.ids, dataset.defaulted
        rule = FoldRule.of(ids, defaulted, n_folds=n_folds)
        return cls(dataset, schema, matrix, rule, rule.split(ids, defaulted))

    @property
    def defaulted(self) -> Flags:
        return self.dataset.defaulted

    def candidates(self, recipe: Recipe) -> tuple[FeatureSchema, Numbers]:
        """What a recipe lets a model read: the features and their columns."""
        schema = recipe.candidates(self.schema)
        return schema, self.columns(schema)

    def columns(self, schema: FeatureSchema) -> Numbers:
        """The columns of a schema's features, float64 (n, len(schema))."""
        place = {name: number for number, name in enumerate(self.schema.names)}
        return self.matrix[:, [place[name] for name in schema.names]]
