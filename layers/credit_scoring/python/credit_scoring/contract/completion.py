"""How stored history completes an application: one rule for the API, for files and for training.

Column by column. A history column that the sender names is the sender's word, its gaps included;
every other one is what is known of the applicant's past credits.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from credit_scoring.contract.applicants import Applicants, Array
from credit_scoring.contract.columns import HISTORY

# By applicant id, then by column.
Histories = Mapping[str, Mapping[str, float]]


def complete(applicants: Applicants, histories: Histories) -> Applicants:
    """Complete applications by the histories of their applicants, as far as there are any."""
    if not any(applicant_id in histories for applicant_id in applicants.ids):
        return applicants
    known = [histories.get(applicant_id, {}) for applicant_id in applicants.ids]
    columns: dict[str, Array] = {
        name: np.array([history.get(name, np.nan) for history in known])
        for name in HISTORY
        if name not in applicants.columns  # the sender's word, so nobody need look
    }
    return complete_by_columns(applicants, columns)


def complete_by_columns(applicants: Applicants, columns: Mapping[str, Array]) -> Applicants:
    """Complete applications by known history columns, each (n,) in the order of the rows."""
    added = {
        name: values
        for name, values in columns.items()
        if name in HISTORY and name not in applicants.columns
    }
    return Applicants(applicants.ids, applicants.columns | added)


def completed_names(
    sent: Applicants, row: int, histories: Histories, wanted: Iterable[str]
) -> list[str]:
    """Those of the wanted columns that `complete` fills in for one row."""
    known = histories.get(sent.ids[row], {})
    return [name for name in wanted if name not in sent.columns and name in known]
