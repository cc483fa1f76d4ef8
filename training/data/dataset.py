"""Labelled applicants in memory, parsed by the same contract as the API and the batch."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from credit_scoring.contract.applicants import Applicants, parse_text_columns
from credit_scoring.contract.columns import TARGET
from credit_scoring.contract.completion import complete_by_columns
from credit_scoring.errors import DatasetError, EmptyDataset
from numpy.typing import NDArray

from training.data.load import history_features, read_application_text, read_text

CHUNK_ROWS = 20_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dataset:
    """applicants : n of them; defaulted : bool (n,)"""

    applicants: Applicants
    defaulted: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.applicants)

    def take(self, rows: NDArray[np.intp]) -> "Dataset":
        return Dataset(self.applicants.take(rows), self.defaulted[rows])


def load_dataset(source: Path) -> Dataset:
    """Labelled applications of a folder (application_train, with history) or of one CSV.

    Rows that break the contract are left out and counted in a warning.
    Raises DatasetError when there is no outcome column, EmptyDataset when no row is left.
    """
    chunks = (
        read_application_text(source, "application_train", CHUNK_ROWS)
        if source.is_dir()
        else read_text(source, CHUNK_ROWS)
    )
    parts, outcomes, refused = [], [], 0
    for texts in chunks:
        if TARGET not in texts:
            raise DatasetError(f"{source} has no column {TARGET}: outcomes are needed")
        parsed = parse_text_columns(texts)
        parts.append(parsed.applicants)
        outcomes.append(_outcomes(np.array(texts[TARGET])[parsed.rows], source))
        refused += len(parsed.problems)
    if not sum(map(len, parts)):
        raise EmptyDataset(f"{source} has no row that keeps the contract")
    if refused:
        logger.warning("%d rows of %s break the contract and are left out", refused, source)
    applicants = _concatenate(parts)
    if source.is_dir():
        applicants = with_history(applicants, source)
    return Dataset(applicants, np.concatenate(outcomes))


def with_history(applicants: Applicants, folder: Path) -> Applicants:
    """Add the history features of a folder's secondary tables, as far as they exist."""
    ids, features = history_features(folder)
    place = {applicant_id: row for row, applicant_id in enumerate(ids)}
    rows = np.array([place.get(applicant_id, -1) for applicant_id in applicants.ids], np.intp)
    columns = {
        name: np.where(rows >= 0, values[rows], np.nan) if len(ids) else np.full(len(rows), np.nan)
        for name, values in features.items()
    }
    known = {name: values for name, values in columns.items() if not np.isnan(values).all()}
    return complete_by_columns(applicants, known)


def _outcomes(texts: NDArray[np.str_], source: Path) -> NDArray[np.bool_]:
    if not np.isin(texts, ["0", "1", "0.0", "1.0"]).all():
        raise DatasetError(f"{source}: {TARGET} must be 0 or 1 on every row")
    return np.char.startswith(texts, "1")


def _concatenate(parts: list[Applicants]) -> Applicants:
    names = parts[0].columns
    columns = {name: np.concatenate([part[name] for part in parts]) for name in names}
    return Applicants([applicant_id for part in parts for applicant_id in part.ids], columns)
