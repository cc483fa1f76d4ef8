"""Both sides of the comparison, from the model's bundle and from what it scored."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.registry import bundle
from credit_scoring.registry.bundle import REFERENCE
from credit_scoring.scoring import Model
from credit_scoring.stored.pseudonyms import NOBODY
from credit_scoring.stored.score_records import ScoreRecords, load_records
from numpy.typing import NDArray

from functions.drift_monitor.rows import ScoredRows, draw_rows
from functions.drift_monitor.window import Window


@dataclass(frozen=True, slots=True)
class Side:
    """rows : those to compare; total : how many there were; sources : how many from whom"""

    rows: ScoredRows
    total: int
    sources: dict[str, int]


def load_reference(store: Store, model: Model, *, limit: int) -> Side:
    """Raises ArtifactMismatch when the dataset is empty or is not one of this model's features."""
    found = bundle.load_reference(store, model.version)
    rows, columns = len(found.default_probabilities), len(model.schema)
    if not rows or found.features.shape != (rows, columns):
        name = f"{model.version}/{REFERENCE}"
        raise ArtifactMismatch(name, f"rows of {columns} features", found.features.shape)
    whole = ScoredRows(found.features, found.default_probabilities)
    return Side(draw_rows([whole], limit=limit), rows, {})


def load_window(store: Store, model: Model, window: Window, *, limit: int) -> Side:
    """Whom the model scored in the window, each applicant once; one day at a time is in memory."""
    sources: Counter[str] = Counter()
    rows = draw_rows(_days(store, model, window, sources), limit=limit)
    return Side(rows, sources.total(), dict(sources))


def _days(
    store: Store, model: Model, window: Window, sources: Counter[str]
) -> Iterator[ScoredRows]:
    """The last day first: who was scored again counts as they stood the last time."""
    seen = np.empty(0, np.uint64)
    for day in (window.start + timedelta(days=n) for n in reversed(range(window.days))):
        scored = _load_day(store, model, day)
        kept = _last_of_each(scored.applicants)
        kept = kept[~np.isin(scored.applicants[kept], seen)]
        seen = np.union1d(seen, scored.applicants[kept])
        seen = seen[seen != NOBODY]
        names, counts = np.unique(scored.sources[kept], return_counts=True)
        sources.update(dict(zip(names.tolist(), counts.tolist(), strict=True)))
        yield ScoredRows(scored.features[kept], scored.default_probabilities[kept])


def _last_of_each(applicants: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Where each applicant stands the last time, and every score of nobody, in their order."""
    _, from_the_end = np.unique(applicants[::-1], return_index=True)
    last = len(applicants) - 1 - from_the_end
    return np.union1d(last, np.flatnonzero(applicants == NOBODY))


def _load_day(store: Store, model: Model, day: date) -> ScoreRecords:
    return load_records(
        store, version=model.version, n_features=len(model.schema), start=day, end=day
    )
