"""What arrived since the last compaction, as tables."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from credit_scoring.arrays import read_arrays
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.stored.score_records import CHUNKS

from functions.drift_monitor.records.database import Database, literal, quoted
from functions.drift_monitor.records.layout import REFUSAL_COLUMNS, SCORE_COLUMNS
from functions.drift_monitor.records.packing import UNPACKING_FAILED, unpacked

# As `score_records` writes it: without spaces.
_MODEL = re.compile(rb'"model":"([0-9a-f]+)"')
# Of a line: whatever it is, all that it may hold.
_LINE = SCORE_COLUMNS | REFUSAL_COLUMNS | {"kind": "VARCHAR"}


@dataclass(frozen=True)
class Fields:
    """What the scores of one model rest on, by name."""

    inputs: tuple[str, ...]
    features: tuple[str, ...]

    @property
    def types(self) -> dict[str, str]:
        """name -> type of DuckDB"""
        return {"inputs": _struct(self.inputs), "features": _struct(self.features)}


NO_FIELDS = Fields((), ())


def _struct(names: Sequence[str]) -> str:
    return f"STRUCT({', '.join(f'{quoted(name)} FLOAT' for name in names)})"


class Arrivals:
    """Tables `arrived_scores`, `arrived_refusals`, and one a model of what its scores rest on.

    Each has a column `day`. A score that arrived twice is there twice.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run = database.connection.execute
        self._tables: dict[tuple[str, Fields], str] = {}
        self.damaged: dict[str, bytes] = {}
        for table, columns in (("scores", SCORE_COLUMNS), ("refusals", REFUSAL_COLUMNS)):
            typed = ", ".join(f"{quoted(n)} {t}" for n, t in columns.items())
            self._run(f"CREATE OR REPLACE TABLE arrived_{table} ({typed}, day DATE)")

    def add(self, key: str, data: bytes) -> int:
        """Take one object; returns its unpacked size. What cannot be read whole is in `damaged`."""
        try:
            if key.startswith(CHUNKS):
                return self._add_chunk(key, data)
            return self._add_lines(key, data)
        except (*UNPACKING_FAILED, ArtifactMismatch, ValueError, KeyError):
            self.damaged[key] = data
            return len(data)

    @property
    def days(self) -> list[date]:
        found = self._run("SELECT DISTINCT day FROM arrived_scores ORDER BY day").fetchall()
        return [day for (day,) in found]

    @property
    def refusal_days(self) -> list[date]:
        found = self._run("SELECT DISTINCT day FROM arrived_refusals ORDER BY day").fetchall()
        return [day for (day,) in found]

    def values(self) -> Iterator[tuple[date, str, str, Fields]]:
        """Day, model, table and fields of what scores rest on."""
        for (model, fields), table in self._tables.items():
            days = self._run(f"SELECT DISTINCT day FROM {table} ORDER BY day").fetchall()
            for (day,) in days:
                yield day, model, table, fields

    def _add_lines(self, key: str, data: bytes) -> int:
        """Each line is parsed once for each model that is named; nearly always there is one."""
        text = unpacked(data)
        path = self._database.keep(text, ".ndjson")
        known, others = 0, "model IS NULL OR"  # those of no model, such as refusals, with the first
        for model, fields in _find_fields(text).items() or [("", NO_FIELDS)]:
            self._run(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT * FROM {_lines(path, fields)}")
            known += self._insert_lines(model, fields, f"({others} model = {literal(model)})")
            others = ""
        if known < sum(1 for line in text.splitlines() if line.strip()):
            self.damaged[key] = data
        path.unlink()
        return len(text)

    def _insert_lines(self, model: str, fields: Fields, own: str) -> int:
        """Take what `lines` holds of one model; how many lines that were. own : the condition"""
        self._insert("scores", SCORE_COLUMNS, f"lines WHERE kind = 'score' AND {own}")
        self._insert("refusals", REFUSAL_COLUMNS, f"lines WHERE kind = 'refusal' AND {own}")
        if fields != NO_FIELDS:
            table = self._table(model, fields)
            self._run(
                f"INSERT INTO {table} SELECT score_id, inputs, features, {_DAY}"
                f" FROM lines WHERE kind = 'score' AND model = {literal(model)}"
            )
        [(known,)] = self._run(f"SELECT count(kind) FROM lines WHERE {own}").fetchall()
        return int(known)

    def _insert(self, table: str, columns: Mapping[str, str], source: str) -> None:
        names = ", ".join(map(quoted, columns))
        self._run(f"INSERT INTO arrived_{table} SELECT {names}, {_DAY} FROM {source}")

    def _table(self, model: str, fields: Fields) -> str:
        if (model, fields) not in self._tables:
            table = f"arrived_values_{len(self._tables)}"
            typed = ", ".join(f"{name} {kind}" for name, kind in fields.types.items())
            self._run(f"CREATE OR REPLACE TABLE {table} (score_id VARCHAR, {typed}, day DATE)")
            self._tables[model, fields] = table
        return self._tables[model, fields]

    def _add_chunk(self, key: str, data: bytes) -> int:
        arrays = read_arrays(key, data)
        facts = json.loads(str(arrays["facts"]))
        fields = Fields(tuple(facts["input_names"]), tuple(facts["feature_names"]))
        rows = len(arrays["default_probabilities"])
        at, day = _moment(facts["scored_at"])
        ids = np.array([f"{facts['name']}-{row}" for row in range(rows)], object)
        self._insert_chunk_scores(facts, arrays, ids, at, day)
        columns = {f"i{n}": column for n, column in enumerate(arrays["inputs"].T)} | {
            f"f{n}": column for n, column in enumerate(arrays["features"].T)
        }
        frame = {"score_id": ids} | {n: np.ascontiguousarray(c) for n, c in columns.items()}
        self._database.connection.register("chunk", frame)
        inputs, features = (
            ", ".join(f"{quoted(name)} := {_known(f'{letter}{n}')}" for n, name in enumerate(names))
            for letter, names in (("i", fields.inputs), ("f", fields.features))
        )
        self._run(
            f"INSERT INTO {self._table(facts['model'], fields)} SELECT score_id,"
            f" struct_pack({inputs}), struct_pack({features}), CAST({literal(day)} AS DATE)"
            " FROM chunk"
        )
        self._database.connection.unregister("chunk")
        return int(arrays["inputs"].nbytes + arrays["features"].nbytes)

    def _insert_chunk_scores(
        self, facts: dict[str, Any], arrays: dict[str, Any], ids: Any, at: str, day: date
    ) -> None:
        frame = {
            "score_id": ids,
            "applicant": arrays["applicants"],
            "pd": arrays["default_probabilities"],
            "verdict": arrays["verdicts"].astype(object),
        }
        self._database.connection.register("chunk", frame)
        same = ("source", "client", "branch", "file", "content", "purpose", "model")
        # A chunk that an earlier version wrote knew no content.
        texts = {n: literal(facts.get(n, "")) for n in same}
        chosen = texts | {
            "scored_at": f"CAST({literal(at)} AS TIMESTAMP)",
            "cutoff": f"{float(facts['cutoff'])!r}",
            "applicant": "nullif(applicant, 0)",
            "decided": "NULL",
        }
        names = ", ".join(f"{chosen.get(n, n)} AS {quoted(n)}" for n in SCORE_COLUMNS)
        self._run(
            f"INSERT INTO arrived_scores SELECT {names}, CAST({literal(day)} AS DATE) FROM chunk"
        )
        self._database.connection.unregister("chunk")


def _find_fields(data: bytes) -> dict[str, Fields]:
    """Every model that a line names, with the fields of its first line that is whole.

    Looked for without parsing all: a name that only looks like one is a model without lines.
    """
    found: dict[str, Fields] = {}
    for match in _MODEL.finditer(data):
        model = match[1].decode()
        if model not in found and (fields := _read_fields(data, match.start())):
            found[model] = fields
    return found


def _read_fields(data: bytes, place: int) -> Fields | None:
    """Of the line that stands around this place; None where it is no whole line of a score."""
    start, end = data.rfind(b"\n", 0, place) + 1, data.find(b"\n", place)
    try:
        line = json.loads(data[start : end if end >= 0 else None])
        return Fields(tuple(line["inputs"]), tuple(line["features"]))
    except (ValueError, KeyError, TypeError):
        return None


def _lines(path: Path, fields: Fields) -> str:
    """A file of lines as a table expression, `scored_at` in UTC and `day` as the lender's."""
    also = {} if fields == NO_FIELDS else fields.types
    typed = ", ".join(
        f"{quoted(n)}: {literal(t)}" for n, t in {**_LINE, "scored_at": "VARCHAR", **also}.items()
    )
    return (
        "(SELECT * REPLACE (CAST(CAST(scored_at AS TIMESTAMPTZ) AS TIMESTAMP) AS scored_at),"
        f" CAST(left(scored_at, 10) AS DATE) AS {_DAY} FROM"
        f" read_json({literal(path)}, format = 'newline_delimited', ignore_errors = true,"
        f" maximum_object_size = 4194304, columns = {{{typed}}}))"
    )


_DAY = "day"


def _moment(text: str) -> tuple[str, date]:
    """UTC without a zone, and the day that the lender's clock showed."""
    at = datetime.fromisoformat(text)
    offset = at.utcoffset()
    assert offset is not None
    return (at.replace(tzinfo=None) - offset).isoformat(sep=" "), at.date()


def _known(column: str) -> str:
    """NaN is missing: NULL to whoever reads the files."""
    return f"CASE WHEN isnan({column}) THEN NULL ELSE {column} END"
