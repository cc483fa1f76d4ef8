"""What was scored, one row a score: whose, by what, for what purpose, with what result, on what.

Written twice on its way. First where the score is made, as fast and as cheap as can be:

    incoming/lines/...                      JSON, a line a score of the API or a refusal: a
                                            delivery stream gathers them, a file a quarter hour
    incoming/chunks/<digest>-<number>.npz   columns, a file a chunk of a batch

Then the drift monitor makes Parquet of them, each score once (see functions/drift_monitor/records).
"""

import base64
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import put_to_stream
from credit_scoring.aws.storage import Store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS
from credit_scoring.errors import Problem
from credit_scoring.features import sent_values
from credit_scoring.scoring import Scores
from credit_scoring.stored.pseudonyms import NOBODY

LINES, CHUNKS = "incoming/lines/", "incoming/chunks/"
# A delivery stream takes 1,000 KiB a record.
MOST_BYTES = 700_000
# In place of a column that the contract does not know: its name is the sender's own text.
OTHER_COLUMN = "(other)"
# Programs and branch of the check that runs every hour: nobody's application.
CANARY = "canary"


class Purpose(StrEnum):
    """Why somebody was scored: who is only looked at tells nothing of the population."""

    DECISION = "decision"
    VIEW = "view"
    BATCH = "batch"
    WHAT_IF = "what_if"
    CANARY = "canary"


@dataclass(frozen=True)
class Origin:
    """at : when, aware; source : api or batch; client : the program that called, as a hash
    branch : "" where none is known; file : the digest of the uploaded version, "" for a call
    content : stands for what the file holds: the same for the same text, sent again; "" for a call
    """

    at: datetime
    source: str
    purpose: Purpose
    client: str = ""
    branch: str = ""
    file: str = ""
    content: str = ""

    def to_json(self) -> dict[str, str]:
        facts = asdict(self) | {"scored_at": self.at.isoformat(), "purpose": self.purpose.value}
        del facts["at"]
        return facts


@dataclass(frozen=True)
class RecordStream:
    """The delivery stream that gathers lines."""

    name: str

    def put(self, lines: Iterable[str]) -> None:
        """Raises StorageError. A line may arrive twice, never in halves."""
        with translated("record", self.name):
            for blob in _blobs(lines):
                put_to_stream(self.name, base64.b64encode(blob).decode())


def _blobs(lines: Iterable[str]) -> Iterator[bytes]:
    blob = b""
    for line in lines:
        encoded = line.encode() + b"\n"
        if blob and len(blob) + len(encoded) > MOST_BYTES:
            yield blob
            blob = b""
        blob += encoded
    if blob:
        yield blob


def score_lines(
    applicants: Applicants,
    scores: Scores,
    origin: Origin,
    *,
    pseudonyms: NDArray[np.uint64],
    name: str,
    decided: str = "",
) -> Iterator[str]:
    """One line a score.

    pseudonyms : uint64 (n,), whose they are
    name : unique; with its row it makes a score's id, so that a line that arrives twice counts once
    decided : what a person made of it, where somebody decided on it
    """
    schema, facts = scores.model.schema, origin.to_json()
    inputs, features = sent_values(applicants, schema.raw_numbers), scores.features
    for row in range(len(scores)):
        content = facts | {
            "kind": "score",
            "score_id": f"{name}-{row}",
            "applicant": _signed(pseudonyms)[row].item() if pseudonyms[row] != NOBODY else None,
            "model": scores.model.version,
            "pd": float(scores.default_probabilities[row]),
            "verdict": scores.decision(row),
            "cutoff": scores.model.cutoff,
            **({"decided": decided} if decided else {}),
            "inputs": _named(schema.raw_numbers, inputs[row]),
            "features": _named(schema.names, features[row].astype(np.float32)),
        }
        yield json.dumps(content, separators=(",", ":"))


def refusal_lines(
    refused: Iterable[tuple[str, str, int]], origin: Origin, *, name: str
) -> Iterator[str]:
    """What was turned away at the door: one line a column and cause, with how many rows.

    refused : (cause, column, rows)
    """
    for number, (cause, column, rows) in enumerate(refused):
        content = origin.to_json() | {
            "kind": "refusal",
            "score_id": f"{name}-refused-{number}",
            "field": column if column in INPUTS else OTHER_COLUMN,
            "cause": cause,
            "refused": rows,
        }
        yield json.dumps(content, separators=(",", ":"))


def first_problems(problems: Iterable[Problem]) -> list[tuple[str, str, int]]:
    """Of one refused row what `refusal_lines` tells: its first problem, as a batch counts them."""
    return [(problem.cause, problem.field, 1) for problem in problems][:1]


def save_refusals(
    store: Store, refused: Iterable[tuple[str, str, int]], origin: Origin, *, name: str
) -> None:
    """What a batch turned away; the same name writes the same file again."""
    lines = "".join(f"{line}\n" for line in refusal_lines(refused, origin, name=name))
    if lines:
        store.write(f"{LINES}{name}.ndjson", lines.encode())


def save_chunk(
    store: Store,
    applicants: Applicants,
    scores: Scores,
    origin: Origin,
    *,
    pseudonyms: NDArray[np.uint64],
    name: str,
) -> str:
    """Keep every score of a chunk as columns; returns the key.

    name : unique; the same name writes the same file again
    """
    schema = scores.model.schema
    facts = origin.to_json() | {
        "model": scores.model.version,
        "cutoff": scores.model.cutoff,
        "name": name,
        "input_names": schema.raw_numbers,
        "feature_names": schema.names,
    }
    arrays: dict[str, NDArray[Any]] = {
        "facts": np.array(json.dumps(facts)),
        "applicants": _signed(pseudonyms),
        "default_probabilities": scores.default_probabilities,
        "verdicts": np.array(scores.verdicts),
        "inputs": sent_values(applicants, schema.raw_numbers),
        "features": scores.features.astype(np.float32),
    }
    # Deflating took a fifth of a file's time, for what lies here until the night.
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    key = f"{CHUNKS}{name}.npz"
    store.write(key, buffer.getvalue())
    return key


def _signed(pseudonyms: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The same bits as tables know them: none has whole numbers without a sign."""
    return pseudonyms.view(np.int64)


def _named(names: Iterable[str], values: NDArray[np.float32]) -> dict[str, float | None]:
    """Nine digits name a float32 exactly; JSON knows no NaN."""
    plain = zip(names, values.tolist(), strict=True)
    return {name: float(f"{v:.9g}") if v == v else None for name, v in plain}
