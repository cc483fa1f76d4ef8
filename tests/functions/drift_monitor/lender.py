"""A champion of three features and the scores it gave, in folders or in S3."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from credit_scoring.aws.storage import open_store
from credit_scoring.decision import accepts, default_probabilities, risk_bands
from credit_scoring.features import FeatureSchema
from credit_scoring.population.reference import Reference
from credit_scoring.registry.bundle import save_bundle
from credit_scoring.registry.champion import promote
from credit_scoring.scoring import Model, Scores
from credit_scoring.stored.score_records import save_records
from credit_scoring.trees.forest import Forest

# The night after the last day that is looked at.
NOW = datetime(2026, 3, 11, 3, 4, 5, tzinfo=UTC)
DAY = NOW.date() - timedelta(days=1)
SCHEMA = FeatureSchema(
    ("EXT_SOURCE_2", "AMT_CREDIT", "NAME_CONTRACT_TYPE"),
    {"NAME_CONTRACT_TYPE": ("Cash loans", "Revolving loans")},
)


def forest() -> Forest:
    """Two trees of one split each: EXT_SOURCE_2 matters most, NAME_CONTRACT_TYPE not at all."""
    return Forest(
        n_features=3,
        feature=np.array([0, 1], np.int32),
        threshold=np.array([0.5, 500_000.0]),
        nan_left=np.array([True, True]),
        zero_is_missing=np.array([False, False]),
        categorical=np.array([False, False]),
        left=np.array([~0, ~2], np.int32),
        right=np.array([~1, ~3], np.int32),
        node_count=np.array([100, 100], np.int32),
        leaf_count=np.array([50, 50, 50, 50], np.int32),
        leaf_value=np.array([-1.5, -3.0, -0.2, 0.2]),
        root=np.array([0, 1], np.int32),
        category_left=np.zeros((0, 2), bool),
    )


def applicants(rows: int, *, seed: int, credit: float = 1.0, weaker_scores: float = 0.0) -> Any:
    """Features of applicants: credits so many times those of the reference, scores so much less."""
    random = np.random.default_rng(seed)
    features = np.empty((rows, 3))
    features[:, 0] = random.beta(4, 3, rows) - weaker_scores
    features[:, 1] = random.lognormal(13, 0.6, rows) * credit
    features[:, 2] = random.random(rows) < 0.1
    return features


def model(version: str = "", sha256: str = "") -> Model:
    return Model(version, sha256, SCHEMA, forest(), 1 / 11, 10.0, (0.05, 0.15))


def score(scorer: Model, features: Any) -> Scores:
    margins, contributions = scorer.explainer.contributions(features)
    pds = default_probabilities(margins)
    return Scores(
        model=scorer,
        features=features,
        margins=margins,
        contributions=contributions,
        default_probabilities=pds,
        accepted=accepts(pds, cutoff=scorer.cutoff),
        bands=risk_bands(pds, edges=scorer.band_edges),
        review_causes=np.zeros((len(pds), 4), np.bool_),
        contradictions=np.zeros((len(pds), 0), np.bool_),
    )


class Lender:
    """What a deployment holds, under one URL: models/, records/ and drift/."""

    def __init__(self, url: str) -> None:
        self.urls = {
            "MODELS_URL": f"{url}/models",
            "RECORDS_URL": f"{url}/records",
            "REPORTS_URL": f"{url}/drift",
        }
        self.models, self.records, self.reports = map(open_store, self.urls.values())
        self.model = model()

    def publish_model(self, *, rows: int = 3000) -> None:
        features = applicants(rows, seed=1)
        pds = score(self.model, features).default_probabilities
        version, sha256 = save_bundle(
            self.models,
            self.model,
            reference=Reference(features.astype(np.float32), pds),
            extra={},
        )
        promote(self.models, version=version, sha256=sha256, by="test", reason="first")
        self.model = model(version, sha256)

    def record_scores(
        self, rows: int, *, seed: int = 2, day=None, source="batch", who=None, name="", **options
    ) -> None:
        """who : pseudonyms of the applicants (rows); others each time without them"""
        scores = score(self.model, applicants(rows, seed=seed, **options))
        save_records(
            self.records,
            scores,
            applicants=np.zeros(rows, np.uint64) if who is None else np.asarray(who, np.uint64),
            source=source,
            day=day or DAY,
            name=name or f"{seed}",
        )

    def written(self) -> list[str]:
        return list(self.reports.list(""))
