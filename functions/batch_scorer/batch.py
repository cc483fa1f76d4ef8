"""One file on its way: rows in, scores and rejects out, chunk by chunk."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from credit_scoring.applicants import Applicants, ParsedTable, parse_text_columns
from credit_scoring.contract import APPLICATION, HISTORY, ID
from credit_scoring.errors import Problem
from credit_scoring.profiles import Profile, ProfileTable
from credit_scoring.records import save_records
from credit_scoring.scoring import Model, Scores, score_applicants
from credit_scoring.storage import Store

from functions.batch_scorer.old_reading import Row, Table
from functions.batch_scorer.rows import (
    REJECT_HEADER,
    SCORE_HEADER,
    duplicate_id,
    reject_row,
    score_rows,
    wrong_field_count,
)
from functions.batch_scorer.upload import Upload

# Enough rows for the tables to pay, few enough that a chunk's columns stay in a few dozen MB.
CHUNK_ROWS = 5_000


@dataclass
class Batch:
    """Collects the results of one upload; nothing is visible before `write`."""

    upload: Upload
    model: Model
    results: Store
    records: Store
    profiles: ProfileTable
    rows: int = 0
    scored: int = 0
    rejected: int = 0
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    ignored_columns: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._scores = CsvFile(SCORE_HEADER)
        self._rejects: dict[int, list[object]] = {}
        self._lines_by_id: dict[str, int] = {}

    def score(self, table: Table) -> None:
        for number, rows in enumerate(batched(table.rows(), CHUNK_ROWS, strict=False)):
            self._score_chunk(table, rows, number)

    def write(self) -> None:
        rejects = CsvFile(REJECT_HEADER)
        rejects.add(self._rejects[line] for line in sorted(self._rejects))
        for name, file in (("scores.csv", self._scores), ("rejects.csv", rejects)):
            self._write(name, file.content(), "text/csv; charset=utf-8")

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Last: whoever sees the manifest sees everything."""
        content = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        self._write("manifest.json", content, "application/json")

    def _write(self, name: str, content: bytes, content_type: str) -> None:
        self.results.write(f"{self.upload.folder}/{name}", content, content_type=content_type)

    def _score_chunk(self, table: Table, rows: tuple[Row, ...], number: int) -> None:
        self.rows += len(rows)
        kept = self._without_misfits(table, rows)
        parsed = self._parse(table, kept)
        if not len(parsed.applicants):
            return
        ids = parsed.applicants.ids
        profiles = self.profiles.get_many(ids)
        histories = {known.applicant_id: known.history for known in profiles.values()}
        scores = score_applicants(self.model, parsed.applicants.with_history(histories))
        self._scores.add(score_rows(ids, scores))
        self.scored += len(scores)
        self._keep_profiles(parsed, profiles)
        self._keep_records(scores, number)

    def _without_misfits(self, table: Table, rows: tuple[Row, ...]) -> list[Row]:
        """Rows that fill the header exactly and whose id is new."""
        kept = []
        place = table.header.index(ID)
        for row in rows:
            if len(row.fields) != len(table.header):
                self._reject(table, row, [wrong_field_count(row, table)])
                continue
            applicant_id = row.fields[place].strip()
            first = self._lines_by_id.setdefault(applicant_id, row.line)
            if applicant_id and first != row.line:
                self._reject(table, row, [duplicate_id(applicant_id, first)])
                continue
            kept.append(row)
        return kept

    def _parse(self, table: Table, rows: list[Row]) -> ParsedTable:
        # Without a row the header still says which columns are ignored.
        columns = list(zip(*(row.fields for row in rows), strict=True)) or [()] * len(table.header)
        parsed = parse_text_columns(dict(zip(table.header, columns, strict=True)))
        self.ignored_columns = parsed.ignored
        for place, problems in parsed.problems.items():
            self._reject(table, rows[place], problems)
        return parsed

    def _reject(self, table: Table, row: Row, problems: list[Problem]) -> None:
        self.rejected += 1
        self.causes[problems[0].cause, problems[0].field] += 1
        self._rejects[row.line] = reject_row(row, table.delimiter, problems)

    def _keep_profiles(self, parsed: ParsedTable, known: dict[str, Profile]) -> None:
        """Keep what was scored, so that the advisor sees the score that the branch got.

        A newer application stays: S3 may deliver an old event late.
        """
        profiles = self._profiles(parsed.applicants, known)
        self.profiles.put_many(
            [profile for profile in profiles if not _is_newer(known, than=profile)]
        )

    def _profiles(self, applicants: Applicants, known: dict[str, Profile]) -> Iterator[Profile]:
        rows = zip(
            applicants.ids,
            applicants.records(APPLICATION),
            applicants.records(HISTORY),
            strict=True,
        )
        for applicant_id, application, sent in rows:
            old = known.get(applicant_id)
            yield Profile(
                applicant_id=applicant_id,
                branch=self.upload.branch,
                application=application,
                history=sent if applicants.brings_history or old is None else old.history,
                updated_at=self.upload.at.isoformat(),
                source_file=self.upload.filename,
            )

    def _keep_records(self, scores: Scores, number: int) -> None:
        save_records(
            self.records,
            scores,
            source="batch",
            day=self.upload.at.date(),
            name=f"{self.upload.digest[:32]}-{number:05}",
        )


class CsvFile:
    """Encoded as it grows: kept as text, one accent would make it four times as large."""

    def __init__(self, header: list[str]) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(self._bytes, encoding="utf-8", newline="")
        self._lines = csv.writer(self._text, lineterminator="\n")
        self._lines.writerow(header)

    def add(self, rows: Iterable[list[object]]) -> None:
        self._lines.writerows(rows)

    def content(self) -> bytes:
        self._text.flush()
        return self._bytes.getvalue()


def _is_newer(known: dict[str, Profile], *, than: Profile) -> bool:
    """Whether the table holds a later application; a history alone is none."""
    old = known.get(than.applicant_id)
    if old is None or not old.application:
        return False
    return datetime.fromisoformat(old.updated_at) > datetime.fromisoformat(than.updated_at)
