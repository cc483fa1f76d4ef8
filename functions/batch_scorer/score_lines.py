"""What a line of scores.csv holds, in the sender's dialect and the branch's language."""

import csv
import io
from collections.abc import Iterator, Sequence

from credit_scoring.reasons import explain_rows
from credit_scoring.scoring import Scores

from functions.batch_scorer.reading.dialect import Dialect
from functions.batch_scorer.reading.formulas import harmless

REASONS_SHOWN = 3
SCORE_HEADER = (
    "applicant_id",
    "probability_of_default",
    "decision",
    "risk_band",
    *(f"reason_{n}" for n in range(1, REASONS_SHOWN + 1)),
    *(f"reason_{n}_text" for n in range(1, REASONS_SHOWN + 1)),
    "cutoff",
    "model_version",
)


def scores_header(dialect: Dialect) -> bytes:
    return _to_csv([SCORE_HEADER], dialect)


def score_lines(ids: Sequence[str], scores: Scores, dialect: Dialect, language: str) -> bytes:
    """One line an applicant, in their order. A PD reads back to the same bits."""
    return _to_csv(_rows(ids, scores, dialect.decimal, language), dialect)


def _rows(
    ids: Sequence[str], scores: Scores, decimal: str, language: str
) -> Iterator[Sequence[str]]:
    model = scores.model
    cutoff = repr(model.cutoff).replace(".", decimal)
    explained = explain_rows(
        model.schema, scores.features, scores.contributions, most=REASONS_SHOWN
    )
    for row, (applicant_id, told) in enumerate(zip(ids, explained, strict=True)):
        none = [""] * (REASONS_SHOWN - len(told))
        yield [
            harmless(applicant_id),
            repr(float(scores.default_probabilities[row])).replace(".", decimal),
            scores.decision(row),
            scores.risk_band(row),
            *(reason.code for reason in told),
            *none,
            *(reason.text[language] for reason in told),
            *none,
            cutoff,
            model.version,
        ]


def _to_csv(rows: Iterator[Sequence[str]] | list[Sequence[str]], dialect: Dialect) -> bytes:
    """Encoded as it grows: kept as text, one accent would make it four times as large."""
    content = io.BytesIO()
    with io.TextIOWrapper(content, encoding="utf-8", newline="") as text:
        lines = csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.newline)
        lines.writerows(rows)
        text.flush()
        return content.getvalue()
