"""A champion of three features and the scores it gave, in folders or in S3."""

import gzip
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from credit_scoring.aws.storage import open_store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.features import FeatureSchema, sent_values
from credit_scoring.population.monitoring import FILE, MonitoringRows
from credit_scoring.population.outcome_calibration import OutcomeCalibration
from credit_scoring.population.reference import Reference
from credit_scoring.registry.bundle import save_bundle
from credit_scoring.registry.champion import promote
from credit_scoring.scoring import Model, score_applicants
from credit_scoring.stored.pseudonyms import Pseudonyms
from credit_scoring.stored.score_records import (
    LINES,
    Origin,
    Purpose,
    save_chunk,
    save_refusals,
    score_lines,
)
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


def applicants(
    rows: int, *, seed: int, credit: float = 1.0, weaker_scores: float = 0.0, **edited: Any
) -> Applicants:
    """Credits so many times those of the reference, scores so much less.

    edited : further columns, whole, in place of the drawn ones
    """
    random = np.random.default_rng(seed)
    columns = {
        "EXT_SOURCE_2": random.beta(4, 3, rows) - weaker_scores,
        "AMT_CREDIT": random.lognormal(13, 0.6, rows) * credit,
        "NAME_CONTRACT_TYPE": (random.random(rows) < 0.1).astype(np.int32),
    }
    ids = [f"{seed}-{row}" for row in range(rows)]
    return Applicants(ids, columns | {name: np.full(rows, v) for name, v in edited.items()})


def model(version: str = "", sha256: str = "") -> Model:
    return Model(version, sha256, SCHEMA, forest(), 1 / 11, 10.0, (0.05, 0.15))


class Lender:
    """What a deployment holds, under one URL: models/, records/ and drift/."""

    def __init__(self, url: str) -> None:
        self.urls = {
            "MODELS_URL": f"{url}/models",
            "RECORDS_URL": f"{url}/records",
            "REPORTS_URL": f"{url}/drift",
            "ACKNOWLEDGED_URL": f"{url}/acknowledged",
        }
        self.models, self.records, self.reports, self.acknowledged = map(
            open_store, self.urls.values()
        )
        self.model = model()

    def publish_model(self, *, rows: int = 3000, monitored: bool = True) -> None:
        """monitored : with the rows that findings need, as every training writes them now"""
        sample = applicants(rows, seed=1)
        scores = score_applicants(self.model, sample)
        pds = scores.default_probabilities
        defaulted = np.random.default_rng(7).random(rows) < pds
        calibration = OutcomeCalibration.of_outcomes(pds, defaulted)
        kept = MonitoringRows(
            sent_values(sample, SCHEMA.raw_numbers),
            defaulted,
            pds,
            calibration.coefficients,
            calibration.covariance,
        )
        version, sha256 = save_bundle(
            self.models,
            self.model,
            reference=Reference(scores.features.astype(np.float32), pds),
            extra={FILE: kept.to_bytes()} if monitored else {},
        )
        promote(self.models, version=version, sha256=sha256, by="test", reason="first")
        self.model = model(version, sha256)

    def record_scores(
        self,
        rows: int,
        *,
        seed: int = 2,
        day: date | None = None,
        branch: str = "",
        purpose: Purpose = Purpose.BATCH,
        who: Iterable[int] | None = None,
        name: str = "",
        content: str = "",
        decided: str = "",
        **options: Any,
    ) -> None:
        """branch : of a file; "" is a program that calls
        who : pseudonyms of the applicants (rows); else each is somebody of their own
        """
        scored = applicants(rows, seed=seed, **options)
        scores = score_applicants(self.model, scored)
        noon = datetime.combine(day or DAY, time(12), UTC)
        own = Pseudonyms("key").of(scored.ids)
        pseudonyms = own if who is None else np.fromiter(who, np.uint64, rows)
        name = name or f"{branch}-{seed}-{noon:%Y%m%d}-{scores.model.version}"
        if branch:
            file = {"file": f"file-{name}", "content": content}
            origin = Origin(noon, "batch", purpose, branch=branch, **file)
            save_chunk(self.records, scored, scores, origin, pseudonyms=pseudonyms, name=name)
        else:
            purpose = Purpose.DECISION if purpose is Purpose.BATCH else purpose
            origin = Origin(noon, "api", purpose, client="c0ffee")
            lines = score_lines(scored, scores, origin, pseudonyms=pseudonyms, name=name,
                                decided=decided)  # fmt: skip
            text = "".join(f"{line}\n" for line in lines)
            self.records.write(f"{LINES}{name}.gz", gzip.compress(text.encode()))

    def refuse(
        self,
        branch: str,
        refused: list[tuple[str, str, int]],
        *,
        name: str = "refused",
        content: str = "",
        day: date | None = None,
    ) -> None:
        """refused : (cause, column, rows); name : of the file, as in `record_scores`"""
        noon = datetime.combine(day or DAY, time(12), UTC)
        file = {"file": f"file-{name}", "content": content}
        origin = Origin(noon, "batch", Purpose.BATCH, branch=branch, **file)
        save_refusals(self.records, refused, origin, name=f"{branch}-{name}")

    def written(self) -> list[str]:
        return list(self.reports.list(""))
