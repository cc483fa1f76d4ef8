"""Whom a model scored in a window, each applicant once; memory does not grow with the window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.features import FeatureSchema
from credit_scoring.stored.score_records import Purpose
from numpy.typing import NDArray

from functions.drift_monitor.records.database import Database, literal, open_database, quoted
from functions.drift_monitor.records.layout import (
    SOURCE_LABEL,
    refusals_key,
    refusals_of,
    scores_key,
    scores_of,
    values_folder,
)
from functions.drift_monitor.rows import ScoredRows

# Who is only looked at, tried out or made up tells nothing of the population. Nor does whom a
# person decided on: they counted when they were scored, and who is left to people is no sample.
COUNTED = (Purpose.DECISION, Purpose.BATCH)
# Rows of everybody, and of one source, that are compared: more would not change what is found.
OF_EVERYBODY, OF_A_SOURCE, OF_ALL_SOURCES = 20_000, 5_000, 50_000

type Refusals = dict[str, dict[tuple[str, str], int]]
# By source, (column, cause) -> file -> rows, the most first.
type RefusedFiles = dict[str, dict[tuple[str, str], dict[str, int]]]


@dataclass(frozen=True)
class WindowRecords:
    """rows : those that are compared
    sources : names, and source_of : the place of each row's in them, intp (n,)
    files : the digest of the file of each row, "" for a call (n,)
    of_everybody : which rows were drawn among all, bool (n,); the others fill up small sources
    totals : applicants scored, by source, drawn or not
    scored : rows scored, by source and whichever the model: who was sent again counts again, as in
        `refused`, which knows of no model and of nobody
    refused : by source, (column, cause) -> rows that were turned away
    refused_files : the same of each file that brought some, also of one of which no row was scored
    Of all three, a file of the same content counts once, as of the last time.
    """

    rows: ScoredRows
    sources: Sequence[str]
    source_of: NDArray[np.intp]
    files: NDArray[np.object_]
    of_everybody: NDArray[np.bool_]
    totals: dict[str, int]
    scored: dict[str, int]
    refused: Refusals
    refused_files: RefusedFiles


def read_window(
    store: Store, schema: FeatureSchema, version: str, *, start: date, end: date
) -> WindowRecords:
    """Read what a model version scored from start to end, both days included."""
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    with open_database() as database:
        run = database.connection.execute
        _gather(database, store, days)
        run(f"CREATE TABLE mine AS SELECT * FROM everyone WHERE model = {literal(version)}")
        run("DROP TABLE everyone")
        _compare_nobodys(database, store, days, version)
        _choose(database)
        totals = dict(run("SELECT label, count(*) FROM counted GROUP BY label").fetchall())
        scored = dict(run("SELECT label, scores FROM scored").fetchall())
        refused = _refusals(run("SELECT label, field, cause, refused FROM refused").fetchall())
        of_files = run(
            "SELECT label, field, cause, file, refused FROM refused_files"
            " ORDER BY refused DESC, file"
        ).fetchall()
        chosen = run(
            "SELECT score_id, label, file, pd, of_everybody FROM chosen ORDER BY place"
        ).fetchnumpy()
        rows = _read_values(database, store, days, version, schema, chosen["pd"])
    sources = sorted({*totals, *scored, *refused})
    places = {name: place for place, name in enumerate(sources)}
    return WindowRecords(
        rows=rows,
        sources=sources,
        source_of=np.array([places[label] for label in chosen["label"]], np.intp),
        files=np.asarray(chosen["file"], object),
        of_everybody=np.asarray(chosen["of_everybody"], np.bool_),
        totals=totals,
        scored=scored,
        refused=refused,
        refused_files=_refused_files(of_files),
    )


def _gather(database: Database, store: Store, days: Sequence[date]) -> None:
    """Tables `everyone`: every score of the days, `scored` and `refused`: how many rows of each
    source were scored, and turned away by column and cause, whatever was sent twice counted once;
    `refused_files`: the latter by file.
    """
    run = database.connection.execute
    run(
        "CREATE TABLE everyone (score_id VARCHAR, scored_at TIMESTAMP, applicant BIGINT,"
        " label VARCHAR, file VARCHAR, pd DOUBLE, model VARCHAR)"
    )
    run(
        "CREATE TABLE turned_away (label VARCHAR, file VARCHAR, field VARCHAR, cause VARCHAR,"
        " refused BIGINT)"
    )
    run("CREATE TABLE sent (label VARCHAR, file VARCHAR, content VARCHAR, scored_at TIMESTAMP)")
    for day in days:
        _gather_day(database, store, day)
    run(
        "CREATE TABLE sent_again AS SELECT label, file FROM sent"
        " QUALIFY dense_rank() OVER (PARTITION BY label, content ORDER BY scored_at DESC, file) > 1"
    )
    once = "ANTI JOIN sent_again USING (label, file)"
    run(f"CREATE TABLE scored AS SELECT label, count(*) AS scores FROM everyone {once} GROUP BY 1")
    run(
        "CREATE TABLE refused_files AS SELECT label, field, cause, file, sum(refused)::BIGINT AS"
        f" refused FROM turned_away {once} GROUP BY ALL"
    )
    run(
        "CREATE TABLE refused AS SELECT label, field, cause, sum(refused)::BIGINT AS refused"
        " FROM refused_files GROUP BY ALL"
    )


def _gather_day(database: Database, store: Store, day: date) -> None:
    run = database.connection.execute
    counted = ", ".join(literal(purpose.value) for purpose in COUNTED)
    parts = (
        (scores_key(day), scores_of, f"purpose IN ({counted}) AND decided IS NULL", "everyone",
         "score_id, scored_at, applicant, label, file, pd, model"),
        (refusals_key(day), refusals_of, f"purpose <> {literal(Purpose.CANARY.value)}",
         "turned_away", "label, file, field, cause, refused"),
    )  # fmt: skip
    for key, rows_of, condition, table, columns in parts:
        if found := database.fetch(store, key):
            rows = f"(SELECT *, {SOURCE_LABEL} AS label FROM {rows_of(found[0])} WHERE {condition})"
            run(f"INSERT INTO {table} SELECT {columns} FROM {rows}")
            run(
                "INSERT INTO sent SELECT DISTINCT label, file, content, scored_at"
                f" FROM {rows} WHERE content <> ''"
            )
            found[0].unlink()


def _compare_nobodys(database: Database, store: Store, days: Sequence[date], version: str) -> None:
    """Table `alike`: of scores without an applicant a digest of their features.

    Made here and kept nowhere: in the records it would outlive the features themselves.
    """
    run = database.connection.execute
    run("CREATE TABLE nobodys AS SELECT score_id FROM mine WHERE applicant IS NULL")
    run("CREATE TABLE alike (score_id VARCHAR, digest UBIGINT)")
    if run("SELECT 1 FROM nobodys LIMIT 1").fetchall():
        for path in _parts(database, store, days, version):
            run(
                "INSERT INTO alike SELECT score_id, hash(features)"
                f" FROM read_parquet({literal(path)}) SEMI JOIN nobodys USING (score_id)"
            )


def _choose(database: Database) -> None:
    """Tables `counted`: every applicant as of the last time, `chosen`: those to compare.

    Without an applicant whoever has the same features is the same one.
    """
    run = database.connection.execute
    last = "max_by({score_id: score_id, label: label, file: file, pd: pd}, scored_at) AS last"
    # One that two parts hold has one digest; one whose features are gone is like nobody.
    digests = "(SELECT score_id, min(digest) AS digest FROM alike GROUP BY score_id)"
    run(
        "CREATE TABLE counted AS"
        " SELECT last.score_id, last.label, last.file, last.pd, hash(last.score_id) AS lot FROM"
        f" (SELECT {last} FROM mine WHERE applicant IS NOT NULL GROUP BY applicant UNION ALL"
        f" SELECT {last} FROM mine LEFT JOIN {digests} USING (score_id) WHERE applicant IS NULL"
        " GROUP BY coalesce(CAST(digest AS VARCHAR), score_id))"
    )
    run("DROP TABLE mine")
    [(sources,)] = run("SELECT count(DISTINCT label) FROM counted").fetchall()
    of_a_source = min(OF_A_SOURCE, OF_ALL_SOURCES // max(sources, 1))
    run(
        "CREATE TABLE chosen AS SELECT *, row_number() OVER (ORDER BY lot, score_id) - 1 AS place"
        f" FROM (SELECT *, row_number() OVER (ORDER BY lot) <= {OF_EVERYBODY} AS of_everybody,"
        " row_number() OVER (PARTITION BY label ORDER BY lot) AS nth"
        f" FROM counted) WHERE of_everybody OR nth <= {of_a_source}"
    )


def _read_values(
    database: Database,
    store: Store,
    days: Sequence[date],
    version: str,
    schema: FeatureSchema,
    default_probabilities: NDArray[np.float64],
) -> ScoredRows:
    """What the chosen scores rest on, in their order; NaN throughout where it is kept no longer.

    One that two parts hold is the same in both.
    """
    columns = [*(("inputs", name) for name in schema.raw_numbers),
               *(("features", name) for name in schema.names)]  # fmt: skip
    values = np.full((len(columns), len(default_probabilities)), np.nan, np.float32)
    named = ", ".join(
        f"v.{block}.{quoted(name)} AS c{n}" for n, (block, name) in enumerate(columns)
    )
    for path in _parts(database, store, days, version):
        read = database.connection.execute(
            f"SELECT place, {named} FROM read_parquet({literal(path)}) v"
            " JOIN chosen USING (score_id)"
        ).fetchnumpy()
        for n in range(len(columns)):
            values[n, read["place"]] = np.ma.filled(read[f"c{n}"], np.nan)
    inputs, features = np.split(values, [len(schema.raw_numbers)])
    return ScoredRows(
        np.ascontiguousarray(features.T),
        np.ascontiguousarray(inputs.T),
        np.asarray(default_probabilities, np.float64),
    )


def _parts(database: Database, store: Store, days: Sequence[date], version: str) -> Iterator[Path]:
    """A copy of each file of what a model's scores rest on, for as long as it is looked at."""
    for day in days:
        for key in store.list(values_folder(day, version)):
            if found := database.fetch(store, key):
                yield found[0]
                found[0].unlink()


def _refusals(counts: Iterable[tuple[str, str, str, int]]) -> Refusals:
    refused: Refusals = {}
    for source, column, cause, rows in counts:
        refused.setdefault(source, {})[column, cause] = rows
    return refused


def _refused_files(counts: Iterable[tuple[str, str, str, str, int]]) -> RefusedFiles:
    refused: RefusedFiles = {}
    for source, column, cause, file, rows in counts:
        if file:  # else it was a call
            refused.setdefault(source, {}).setdefault((column, cause), {})[file] = rows
    return refused
