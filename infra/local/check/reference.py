"""What a file should score, computed here from the bundle that training wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from credit_scoring.aws.storage import open_store
from credit_scoring.contract.applicants import Applicants, parse_text_columns
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import score_applicants

from training.data.dataset import with_history


@dataclass(frozen=True)
class ExpectedScores:
    """`rows` : of the file; `default_probabilities` : by id, of the rows that keep the contract."""

    rows: int
    applicants: Applicants
    default_probabilities: Mapping[str, float]

    def some_rows(self, count: int) -> list[int]:
        """Places of so many applicants, spread over the file."""
        step = max(1, len(self.applicants) // count)
        return list(range(0, len(self.applicants), step))[:count]


def compute_reference(body: bytes, models: Path, tables: Path) -> ExpectedScores:
    """Score a CSV (comma, UTF-8) with the champion of a models folder.

    tables : the folder whose secondary tables tell of the applicants' past credits
    """
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    header, rows = lines[0], lines[1:]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    applicants = with_history(parse_text_columns(columns).applicants, tables)
    scores = score_applicants(load_champion(open_store(models)), applicants)
    values = scores.default_probabilities.tolist()
    return ExpectedScores(len(rows), applicants, dict(zip(applicants.ids, values, strict=True)))
