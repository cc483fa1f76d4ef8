"""Where records lie once they are compacted, and what a row of each table holds.

    scores/date=2026-01-31/scores.parquet                    a row a score, without what it rests on
    values/date=2026-01-31/model=<version>/<part>-0.parquet  what it rests on, by score_id and part
    refusals/date=2026-01-31/refusals.parquet                rows turned away, by column and cause

Dates are the lender's. The three are kept for different times, so they are files of their own. What
scores rest on is a thousand times larger than a score: its parts are written once and not rewritten
as a day goes on. A run that was stopped may leave a part that no score names.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from credit_scoring.stored.score_records import CHUNKS

from functions.drift_monitor.records.database import literal, quoted

SCORES, VALUES, REFUSALS = "scores/", "values/", "refusals/"
# What waits for its night; what could not be read whole; what the stream could not deliver.
INCOMING, DAMAGED, UNDELIVERED = "incoming/", "damaged/", "undelivered/"
DAMAGED_CHUNKS = CHUNKS.replace(INCOMING, DAMAGED, 1)

# name -> type of DuckDB; of a line as of a row.
SCORE_COLUMNS = {
    "score_id": "VARCHAR",
    "scored_at": "TIMESTAMP",
    "source": "VARCHAR",
    "client": "VARCHAR",
    "branch": "VARCHAR",
    "file": "VARCHAR",
    # The same for files of one content: who sends a file again sends nobody else.
    "content": "VARCHAR",
    "purpose": "VARCHAR",
    "applicant": "BIGINT",
    "model": "VARCHAR",
    "pd": "DOUBLE",
    "verdict": "VARCHAR",
    "cutoff": "DOUBLE",
    # accept or refuse, where a person decided: its score_id is then the decision's id and "-0".
    "decided": "VARCHAR",
}
# In both tables: which files of `values/` hold it.
PART = "part"
_OF_A_REFUSAL = "score_id", "scored_at", "source", "client", "branch", "file", "content", "purpose"
REFUSAL_COLUMNS = {name: SCORE_COLUMNS[name] for name in _OF_A_REFUSAL} | {
    "field": "VARCHAR",
    "cause": "VARCHAR",
    "refused": "BIGINT",
}
# Who sent it: a branch's file, or a program that calls.
SOURCE_LABEL = "CASE WHEN source = 'batch' THEN branch ELSE 'api ' || client END"


def scores_of(path: Path) -> str:
    """A file of scores as a table expression; what an earlier version did not write is NULL."""
    return _with_columns(path, SCORE_COLUMNS)


def refusals_of(path: Path) -> str:
    """The same of a file of refusals."""
    return _with_columns(path, REFUSAL_COLUMNS)


def _with_columns(path: Path, columns: Mapping[str, str]) -> str:
    typed = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
    return (
        f"(SELECT * FROM read_parquet({literal(path)}, hive_partitioning = false)"
        f" UNION ALL BY NAME SELECT {typed} WHERE false)"
    )


def scores_key(day: date) -> str:
    return f"{SCORES}date={day.isoformat()}/scores.parquet"


def values_folder(day: date, model: str) -> str:
    return f"{VALUES}date={day.isoformat()}/model={model}/"


def refusals_key(day: date) -> str:
    return f"{REFUSALS}date={day.isoformat()}/refusals.parquet"
