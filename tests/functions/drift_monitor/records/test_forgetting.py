"""Whoever asks to be forgotten is in no record, and nobody else is missing."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pytest
from credit_scoring.aws.storage import Store
from credit_scoring.stored.score_records import LINES

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


@dataclass
class Overtaken:
    """A store beside which, after so many operations, somebody is forgotten."""

    store: Store
    left: int

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self.store, name)

        def call(*args: Any, **options: Any) -> Any:
            answer = operation(*args, **options)
            self.left -= 1
            if self.left == 0:
                answer = list(answer) if name == "list" else answer
                forget(self.store, SIGNED)
            return answer

        return call


@pytest.mark.parametrize("is_more_waiting", [False, True], ids=["the same", "more by then"])
@pytest.mark.parametrize("operations", range(1, 26))
def test_a_compaction_that_was_overtaken_brings_nobody_back(lender, operations, is_more_waiting):
    """Wherever it is: what it holds in memory was taken, and they were forgotten, since."""
    lender.record_scores(3, seed=3, who=[PERSON, 5, 6], branch="paris-01")
    compact(lender.records)
    lender.record_scores(3, seed=4, who=[PERSON, 7, 8], branch="lyon-02")
    lender.refuse("lyon-02", [("unknown_category", "NAME_INCOME_TYPE", 5)])
    store = Overtaken(lender.records, operations)
    keys = list(lender.records.list("incoming/"))
    if is_more_waiting:  # so that both runs take other objects
        listed = list(keys)
        lender.record_scores(1, seed=9, who=[9], branch="nice-03")
        assert list(lender.records.list("incoming/")) != listed
    compact(store)
    compact(lender.records)
    left = rows(lender, "scores")
    if store.left <= 0:
        assert SIGNED not in {cell for row in left for cell in row}
        assert {row[0] for row in rows(lender, "values")} == {row[0] for row in left}
        assert len(left) == 4 + is_more_waiting
    [(refused,)] = duckdb.sql(
        f"SELECT sum(refused) FROM '{lender.records.folder}/refusals/*/*.parquet'"
    ).fetchall()
    assert refused == 5


def test_a_compaction_that_was_overtaken_sets_nothing_aside_anew(lender):
    half = f'{{"kind":"score","applicant":{SIGNED},"mod'.encode()
    lender.records.write(f"{LINES}broken", half)
    compact(Overtaken(lender.records, 2))  # what is there was listed and read
    assert list(lender.records.list("damaged/")) == []
    assert list(lender.records.list("incoming/")) == []
