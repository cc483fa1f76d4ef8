"""Whether rows to measure on are rows that a model learnt from: its figures would flatter it."""

import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.errors import ArtifactMissing, ObjectNotFound
from credit_scoring.features import sent_values
from credit_scoring.population.monitoring import FILE, MonitoringRows
from credit_scoring.registry.bundle import load_file
from credit_scoring.scoring import Model

# A few forms may be alike by chance in every number that the model reads.
_CHANCE = 0.01


def share_learnt_from(store: Store, model: Model, applicants: Applicants) -> float:
    """Of these applicants, those with all numbers of one in the bundle's sample of its training.

    A sample: the truth is as much or more. 0.0 for what chance makes, and for a bundle without one.
    Raises StorageError.
    """
    try:
        learnt = MonitoringRows.from_bytes(load_file(store, model.version, FILE)).inputs
    except (ArtifactMissing, ObjectNotFound):
        return 0.0
    known = set(_texts(learnt))
    given = _texts(sent_values(applicants, model.schema.raw_numbers))
    share = sum(text in known for text in given) / max(len(given), 1)
    return share if share > _CHANCE else 0.0


def _texts(rows: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in np.ascontiguousarray(rows)]
