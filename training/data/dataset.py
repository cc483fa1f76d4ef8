"""Labelled applicants in memory, parsed by the same contract as the API and the batch."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from credit_scoring.contract.applicants import Applicants, Array
from credit_scoring.contract.columns import APPLICATION, TARGET, Column
from credit_scoring.contract.completion import complete_by_columns
from credit_scoring.errors import DatasetError, EmptyDataset
from numpy.typing import NDArray

from training.data.applications import open_labelled
from training.data.load import history_features, require_table

# Kinds of rows that were left out, the most frequent first, that a warning names.
_KINDS_SHOWN = 5
_NAMES_SHOWN = 12

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

    Rows that break the contract are left out and columns without a value noticed; each is told
    once, in a warning.
    Raises DatasetError when there is no outcome column or an applicant stands twice, EmptyDataset
    when no row is left.
    """
    path = require_table(source, "application_train") if source.is_dir() else source
    with open_labelled(path) as file:
        parts = list(file.parts())
        if not sum(len(part.applicants) for part in parts):
            raise EmptyDataset(f"{source} has no row that keeps the contract")
        if file.left_out:
            kinds = "; ".join(map(str, file.left_out[:_KINDS_SHOWN]))
            logger.warning("rows of %s that break the contract are left out: %s", path, kinds)
    outcomes = _outcomes([text for part in parts for text in part.outcomes], source)
    applicants = _concatenate([part.applicants for part in parts])
    if empty := empty_columns(applicants):
        logger.warning("%s has no value of %s", path, shown_names(empty))
    if source.is_dir():
        applicants = with_history(applicants, source)
    return Dataset(applicants, outcomes)


def shown_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more


def empty_columns(applicants: Applicants) -> list[str]:
    """Columns of the application form, by the contract's order, of which nobody has a value."""
    return [
        name
        for name, column in APPLICATION.items()
        if column.type != "id" and _is_empty(applicants[name], column)
    ]


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


def _is_empty(values: Array, column: Column) -> bool:
    return bool((values < 0).all() if column.is_category else np.isnan(values).all())


def _outcomes(sent: list[str], source: Path) -> NDArray[np.bool_]:
    texts = np.array(sent)
    if not np.isin(texts, ["0", "1", "0.0", "1.0"]).all():
        raise DatasetError(f"{source}: {TARGET} must be 0 or 1 on every row")
    return np.char.startswith(texts, "1")


def _concatenate(parts: list[Applicants]) -> Applicants:
    names = parts[0].columns
    columns = {name: np.concatenate([part[name] for part in parts]) for name in names}
    return Applicants([applicant_id for part in parts for applicant_id in part.ids], columns)
