"""What was scored, kept for drift: features, PD and decision, and a pseudonym of the applicant.

One compressed file a batch or call, under its day, source and model, so that a window is a few
listings:

    date=2026-01-31/source=batch/<model version>/<name>.npz
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import compressed
from credit_scoring.aws.storage import Store
from credit_scoring.scoring import Scores
from credit_scoring.stored.pseudonyms import NOBODY

SOURCES = ("api", "batch")


@dataclass(frozen=True)
class ScoreRecords:
    """The scores of a window by one model.

    features : float32 (n, F); default_probabilities : float64 (n,); accepted : bool (n,)
    applicants : uint64 (n,), `pseudonyms.NOBODY` where the score was nobody's; sources : text (n,)
    """

    features: NDArray[np.float32]
    default_probabilities: NDArray[np.float64]
    accepted: NDArray[np.bool_]
    applicants: NDArray[np.uint64]
    sources: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.default_probabilities)


def save_records(
    store: Store,
    scores: Scores,
    *,
    applicants: NDArray[np.uint64],
    source: str,
    day: date,
    name: str,
) -> str:
    """Keep the features and outcome of every score; returns the key.

    applicants : uint64 (n,), their pseudonyms
    name : unique within day, source and model; the same name writes the same file again
    """
    arrays: dict[str, NDArray[Any]] = {
        "features": scores.features.astype(np.float32),
        "default_probabilities": scores.default_probabilities,
        "accepted": scores.accepted,
        "applicants": applicants,
    }
    key = f"{_folder(day, source, scores.model.version)}{name}.npz"
    store.write(key, compressed(arrays))
    return key


def load_records(
    store: Store, *, version: str, n_features: int, start: date, end: date
) -> ScoreRecords:
    """Everything that one model version scored from start to end, both days included."""
    parts = list(_read_parts(store, version, start, end))
    empty = np.empty((0, n_features), np.float32)
    return ScoreRecords(
        features=np.concatenate([empty, *(part["features"] for part, _ in parts)]),
        default_probabilities=np.concatenate(
            [np.empty(0), *(part["default_probabilities"] for part, _ in parts)]
        ),
        accepted=np.concatenate([np.empty(0, np.bool_), *(part["accepted"] for part, _ in parts)]),
        applicants=np.concatenate(
            [np.empty(0, np.uint64), *(_applicants(part) for part, _ in parts)]
        ),
        sources=np.array([source for part, source in parts for _ in part["accepted"]], np.str_),
    )


def _applicants(part: dict[str, NDArray[Any]]) -> NDArray[np.uint64]:
    """Older records hold no pseudonyms: each of their scores counts."""
    return part.get("applicants", np.full(len(part["accepted"]), NOBODY, np.uint64))


def _read_parts(
    store: Store, version: str, start: date, end: date
) -> Iterator[tuple[dict[str, NDArray[Any]], str]]:
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    for day in days:
        for source in SOURCES:
            for key in store.list(_folder(day, source, version)):
                with np.load(io.BytesIO(store.read(key)), allow_pickle=False) as arrays:
                    yield {name: arrays[name] for name in arrays.files}, source


def _folder(day: date, source: str, version: str) -> str:
    return f"date={day.isoformat()}/source={source}/{version}/"
