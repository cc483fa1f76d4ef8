"""Which features and families move the PDs of many applicants, by the kernel that serves.

What is told of the model and what an advisor is told of one applicant come from the same
contributions. A report holds aggregates only: shares, ranks, and medians of bins that never hold
fewer than `FEWEST_ROWS` applicants.
"""

from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.errors import EmptyDataset
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.families import (
    FAMILIES,
    families_of,
    mean_absolute,
    sum_by_family,
)
from credit_scoring.scoring import Model
from scipy.stats import rankdata

EXPLAINED_ROWS = 10_000  # figures move in the third digit beyond
PLOTTED_ROWS = 2_000
TOP_FEATURES = 6  # those whose dependence is shown
MOST_BINS = 20
FEWEST_ROWS = 20  # a bin of fewer would tell of persons, and of chance


@dataclass(frozen=True)
class FeatureImportance:
    """mean_absolute : mean |contribution| in log-odds; share : of the sum over all features
    direction : rank correlation (Spearman) of value as spoken and contribution, in [-1, 1]; None
        for categories, and where value or contribution never varies
    """

    name: str
    label: dict[str, str]
    family: str
    mean_absolute: float
    share: float
    direction: float | None


@dataclass(frozen=True)
class FamilyImportance:
    """mean_absolute : mean |sum of the family's contributions|, that is of its reason codes"""

    family: str
    label: dict[str, str]
    features: int
    mean_absolute: float
    share: float


@dataclass(frozen=True)
class DependenceBin:
    """value : median of the bin, as spoken; a category's text; or None for missing values
    low, median, high : 10 %, 50 % and 90 % quantile of the contribution, in log-odds
    """

    value: float | str | None
    rows: int
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Dependence:
    """bins : ascending in value; categories by contribution; missing values last"""

    name: str
    label: dict[str, str]
    family: str
    is_category: bool
    bins: list[DependenceBin]


@dataclass(frozen=True)
class GlobalExplanation:
    """rows : that were explained; features, families : the heaviest first"""

    rows: int
    base_value: float
    features: list[FeatureImportance]
    families: list[FamilyImportance]
    dependence: list[Dependence]


@dataclass(frozen=True)
class ExplainedRows:
    """Single rows without a name, for the points of plots; no report holds them.

    features : float64 (n, F), as spoken, numbers drawn back to their 1 % and 99 % quantiles
    contributions : float64 (n, F), in log-odds
    """

    schema: FeatureSchema
    features: Numbers
    contributions: Numbers


def explain_globally(model: Model, matrix: Numbers, *, seed: int) -> GlobalExplanation:
    """What moves the PDs of these applicants.

    matrix : float64 (n, F), of which at most EXPLAINED_ROWS are drawn

    Raises EmptyDataset when no row is given.
    Source: Lundberg et al. 2020, "From local explanations to global understanding with
    explainable AI for trees".
    """
    rows, contributions = _explain(model, matrix, EXPLAINED_ROWS, seed)  # (n, F) both
    features = _rank_features(model.schema, rows, contributions)
    return GlobalExplanation(
        rows=len(rows),
        base_value=model.explainer.base_value,
        features=features,
        families=_rank_families(model.schema, contributions),
        dependence=[
            _dependence(model.schema, feature.name, rows, contributions)
            for feature in features[:TOP_FEATURES]
            if feature.mean_absolute > 0
        ],
    )


def explain_rows(model: Model, matrix: Numbers, *, seed: int) -> ExplainedRows:
    """At most PLOTTED_ROWS rows, explained; extreme values are those that single persons out."""
    rows, contributions = _explain(model, matrix, PLOTTED_ROWS, seed)
    for place, name in enumerate(model.schema.names):
        if name not in model.schema.vocabularies and not np.isnan(rows[:, place]).all():
            ends = np.nanquantile(rows[:, place], [0.01, 0.99])
            rows[:, place] = np.clip(rows[:, place], *ends)
    return ExplainedRows(model.schema, rows, contributions)


def _explain(model: Model, matrix: Numbers, most: int, seed: int) -> tuple[Numbers, Numbers]:
    """Features as spoken and contributions of at most so many rows, float64 (n, F) both."""
    if not len(matrix):
        raise EmptyDataset("an explanation needs applicants: no row is given")
    drawn = np.random.default_rng(seed).permutation(len(matrix))[:most]
    rows = np.ascontiguousarray(matrix[np.sort(drawn)])
    _, contributions = model.explainer.contributions(rows)
    return _as_spoken(model.schema, rows), contributions


def _as_spoken(schema: FeatureSchema, rows: Numbers) -> Numbers:
    """Days counted back from the application turn positive: an age of 60 is more than one of 30."""
    backwards = [FEATURES[name].is_backward for name in schema.names]
    return np.where(backwards, -rows, rows)


def _rank_features(
    schema: FeatureSchema, matrix: Numbers, contributions: Numbers
) -> list[FeatureImportance]:
    sizes = mean_absolute(contributions)  # (F,)
    shares = _shares(sizes)
    ranked = [
        FeatureImportance(
            name=name,
            label=FEATURES[name].label,
            family=FEATURES[name].family,
            mean_absolute=float(sizes[place]),
            share=float(shares[place]),
            direction=None
            if name in schema.vocabularies
            else _rank_correlation(matrix[:, place], contributions[:, place]),
        )
        for place, name in enumerate(schema.names)
    ]
    return sorted(ranked, key=lambda feature: (-feature.mean_absolute, feature.name))


def _rank_families(schema: FeatureSchema, contributions: Numbers) -> list[FamilyImportance]:
    families = families_of(schema.names)
    sizes = mean_absolute(sum_by_family(contributions, families.of_feature, len(families.names)))
    ranked = [
        FamilyImportance(
            family=family,
            label={language: FAMILIES[family][f"label_{language}"] for language in ("fr", "en")},
            features=len(members),
            mean_absolute=float(size),
            share=float(share),
        )
        for family, members, size, share in zip(
            families.names, families.members, sizes, _shares(sizes), strict=True
        )
    ]
    return sorted(ranked, key=lambda family: (-family.mean_absolute, family.family))


def _shares(sizes: Numbers) -> Numbers:
    total = sizes.sum()
    return np.zeros_like(sizes) if total == 0 else sizes / total


def _rank_correlation(values: Numbers, contributions: Numbers) -> float | None:
    """Spearman's coefficient over the rows whose value is known.

    Written out: numpy's own goes through BLAS, whose last bits depend on the number of threads.
    """
    known = ~np.isnan(values)
    if known.sum() < 2:
        return None
    left, right = (_centred_ranks(column[known]) for column in (values, contributions))
    spread = np.sqrt((left * left).sum() * (right * right).sum())
    return None if spread == 0 else float((left * right).sum() / spread)


def _centred_ranks(values: Numbers) -> Numbers:
    ranks: Numbers = rankdata(values)
    return ranks - ranks.mean()


def _dependence(
    schema: FeatureSchema, name: str, matrix: Numbers, contributions: Numbers
) -> Dependence:
    place = schema.names.index(name)
    values, own = matrix[:, place], contributions[:, place]
    is_category = name in schema.vocabularies
    bins = (
        _category_bins(schema.vocabularies[name], values, own)
        if is_category
        else _number_bins(values, own)
    )
    missing = np.isnan(values)
    if missing.sum() >= FEWEST_ROWS:
        bins.append(_bin(None, own[missing]))
    column = FEATURES[name]
    return Dependence(name, column.label, column.family, is_category, bins)


def _category_bins(
    words: tuple[str, ...], values: Numbers, contributions: Numbers
) -> list[DependenceBin]:
    """One bin a category; those of too few rows are left out."""
    members = [values == code for code in range(len(words))]
    bins = [
        _bin(word, contributions[own])
        for word, own in zip(words, members, strict=True)
        if own.sum() >= FEWEST_ROWS
    ]
    return sorted(bins, key=lambda each: each.median)


def _number_bins(values: Numbers, contributions: Numbers) -> list[DependenceBin]:
    """Bins of about equally many rows; equal values share a bin."""
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    ascending = values[order]
    parts = np.array_split(ascending, min(MOST_BINS, max(1, len(order) // FEWEST_ROWS)))
    starts = np.unique([np.searchsorted(ascending, part[0]) for part in parts if len(part)])
    return [
        _bin(float(np.median(values[rows])), contributions[rows])
        for rows in np.split(order, starts[1:])
        if len(rows) >= FEWEST_ROWS
    ]


def _bin(value: float | str | None, contributions: Numbers) -> DependenceBin:
    low, median, high = np.quantile(contributions, [0.1, 0.5, 0.9]).tolist()
    return DependenceBin(value, len(contributions), low, median, high)
