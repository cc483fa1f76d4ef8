"""From scores to the rows of a list."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS, all_with_role, with_role
from credit_scoring.decision import verdicts
from credit_scoring.scoring import Verdicts
from credit_scoring.stored.applicant_lists import ApplicantRows

DAYS_A_YEAR = 365.25


def list_rows(
    applicants: Applicants,
    scores: Verdicts,
    *,
    branches: Sequence[str],
    updated: Sequence[datetime],
    scored: datetime,
) -> ApplicantRows:
    """One row an applicant, by id.

    branches, updated : of each of them; scored : now
    """
    count = len(scores)
    rows = ApplicantRows(
        ids=_utf8(applicants.ids),
        branches=_utf8(branches),
        updated=np.fromiter((milliseconds(at) for at in updated), np.int64, count),
        scored=np.full(count, milliseconds(scored)),
        amounts=applicants[with_role("credit")].astype(float),
        incomes=applicants[with_role("income")].astype(float),
        ages=np.floor(-applicants[with_role("birth")].astype(float) / DAYS_A_YEAR),
        income_types=_words(applicants, with_role("income_type")),
        missing_scores=_missing(applicants, all_with_role("external_score")),
        pds=scores.default_probabilities,
        verdicts=verdicts(scores.accepted, scores.review_causes.any(axis=1)).astype(np.int8),
        bands=scores.bands,
        causes=np.packbits(scores.review_causes, axis=1, bitorder="little")[:, 0],
        versions=np.full(count, scores.model.version.encode()),
    )
    return rows.take(np.argsort(rows.ids, kind="stable"))


def milliseconds(at: datetime) -> int:
    """Since 1970; `at` is aware."""
    return round(at.timestamp() * 1000)


def _words(applicants: Applicants, name: str) -> NDArray[np.bytes_]:
    """A category's own texts, b"" where it is missing."""
    words = _utf8([*INPUTS[name].categories, ""])
    return np.take(words, applicants[name].astype(int))  # -1, missing, is the last


def _missing(applicants: Applicants, names: Sequence[str]) -> NDArray[np.int8]:
    gaps: Numbers = np.column_stack([np.isnan(applicants[name].astype(float)) for name in names])
    return gaps.sum(axis=1).astype(np.int8)


def _utf8(texts: Sequence[str]) -> NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts] or [], dtype=None if texts else "S1")
