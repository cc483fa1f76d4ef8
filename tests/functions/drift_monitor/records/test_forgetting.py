"""Whoever asks to be forgotten is in no record, and nobody else is missing."""

import duckdb
import numpy as np

from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.records.forgetting import Forgotten, forget
from tests.functions.drift_monitor.lender import DAY

PERSON = 2**63 + 17  # negative where tables keep it
SIGNED = int(np.array([PERSON], np.uint64).view(np.int64)[0])


def rows(lender, table):
    stars = "*/*" if table == "values" else "*"
    path = f"{lender.records.folder}/{table}/{stars}/*.parquet"
    return duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()


def test_every_trace_goes_and_no_one_elses(lender):
    lender.record_scores(3, seed=3, who=[PERSON, 5, 6], branch="paris-01")
    compact(lender.records)
    lender.record_scores(2, seed=4, who=[PERSON, 7])  # arrived, not compacted yet
    assert forget(lender.records, SIGNED) == Forgotten(scores=2, set_aside=0)
    scores, values = rows(lender, "scores"), rows(lender, "values")
    assert len(scores) == len(values) == 3
    assert SIGNED not in {cell for row in scores for cell in row}
    assert {row[0] for row in scores} == {row[0] for row in values}


def test_a_file_that_is_sent_again_afterwards_is_a_new_matter(lender):
    lender.record_scores(3, seed=3, who=[PERSON, 5, 6], branch="paris-01")
    forget(lender.records, SIGNED)
    lender.record_scores(1, seed=9, who=[PERSON], branch="paris-01", day=DAY)
    compact(lender.records)
    assert len(rows(lender, "scores")) == 3


def test_somebody_who_was_never_scored_changes_nothing(lender):
    lender.record_scores(3, seed=3, branch="paris-01")
    compact(lender.records)
    before = {key: lender.records.read(key) for key in lender.records.list("")}
    assert forget(lender.records, SIGNED) == Forgotten(scores=0, set_aside=0)
    assert {key: lender.records.read(key) for key in lender.records.list("")} == before


def test_before_the_first_score_there_is_nothing_to_forget(lender):
    assert forget(lender.records, SIGNED) == Forgotten(scores=0, set_aside=0)
