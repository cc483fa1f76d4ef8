"""Columns that are given far less often than when the champion learnt: an export that lost them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS
from credit_scoring.errors import ArtifactError, ObjectNotFound
from credit_scoring.features import FeatureSchema, build_features, sent_values
from credit_scoring.population.monitoring import FILE, MonitoringRows
from credit_scoring.registry.bundle import load_file, load_model, load_reference
from credit_scoring.registry.champion import read_champion

# Of what it was; a population drifts by less.
_FAR_LESS = 0.5


@dataclass(frozen=True)
class Sparser:
    """before, now : the shares of the applicants who have a value"""

    column: str
    before: float
    now: float

    def __str__(self) -> str:
        return f"{self.column} ({self.now:.0%} of the applicants, {self.before:.0%} then)"


def sparser_columns(applicants: Applicants, store: Store) -> list[Sparser]:
    """Of what the champion reads; none where there is none yet, or one of before that kept no rows.

    Raises StorageError.
    """
    try:
        version = read_champion(store).version
        schema = load_model(store, version).schema
        rows = MonitoringRows.from_bytes(load_file(store, version, FILE))
        features = load_reference(store, version).features
    except (ArtifactError, ObjectNotFound):
        return []
    found = [
        *_compare(schema.raw_numbers, rows.inputs, sent_values(applicants, schema.raw_numbers)),
        *_compare_categories(schema, features, applicants),
    ]
    return [one for one in found if one.now < _FAR_LESS * one.before]


def _compare_categories(
    schema: FeatureSchema, before: np.ndarray, applicants: Applicants
) -> Iterator[Sparser]:
    names = [name for name in schema.names if name in INPUTS and INPUTS[name].is_category]
    places = [schema.names.index(name) for name in names]
    return _compare(names, before[:, places], build_features(applicants, schema)[:, places])


def _compare(
    names: list[str] | tuple[str, ...], before: np.ndarray, now: np.ndarray
) -> Iterator[Sparser]:
    shares = ((~np.isnan(values)).mean(axis=0) for values in (before, now))
    for name, *share in zip(names, *shares, strict=True):
        yield Sparser(name, *map(float, share))
