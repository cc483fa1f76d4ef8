"""What a line of the result files holds."""

import csv
import io
from collections.abc import Iterator

from credit_scoring.errors import Problem
from credit_scoring.reasons import explain_rows
from credit_scoring.scoring import Scores

from functions.batch_scorer.old_reading import Row, Table

REASONS_SHOWN = 3
SCORE_HEADER = [
    "applicant_id",
    "probability_of_default",
    "decision",
    "risk_band",
    *(f"reason_{n}{part}" for n in range(1, REASONS_SHOWN + 1) for part in ("", "_fr", "_en")),
    "cutoff",
    "model_version",
]
REJECT_HEADER = ["line", "column", "value", "cause", "message", "original"]
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def score_rows(ids: list[str], scores: Scores) -> Iterator[list[object]]:
    model = scores.model
    explained = explain_rows(
        model.schema, scores.features, scores.contributions, most=REASONS_SHOWN
    )
    for row, (applicant_id, told) in enumerate(zip(ids, explained, strict=True)):
        reasons = [
            part for reason in told for part in (reason.code, reason.text["fr"], reason.text["en"])
        ]
        yield [
            applicant_id,
            # repr: the shortest text that reads back to the same bits.
            repr(float(scores.default_probabilities[row])),
            scores.decision(row),
            scores.risk_band(row),
            *reasons,
            *[""] * (3 * REASONS_SHOWN - len(reasons)),
            repr(model.cutoff),
            model.version,
        ]


def reject_row(row: Row, delimiter: str, problems: list[Problem]) -> list[object]:
    """The first problem in columns of its own; the message tells all of them."""
    first = problems[0]
    message = "; ".join(problem.message for problem in problems)
    original = io.StringIO(newline="")
    csv.writer(original, delimiter=delimiter, lineterminator="").writerow(row.fields)
    texts = (first.field, first.value, first.cause, message, original.getvalue())
    return [row.line, *(harmless(text) for text in texts)]


def wrong_field_count(row: Row, table: Table) -> Problem:
    return Problem("", "wrong_field_count", str(len(row.fields)), f"{len(table.header)} fields")


def duplicate_id(applicant_id: str, first_line: int) -> Problem:
    return Problem("SK_ID_CURR", "duplicate_id", applicant_id, f"one row; see line {first_line}")


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a sender's text as a formula; numbers stay numbers."""
    if text.startswith(_FORMULA_SIGNS) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
