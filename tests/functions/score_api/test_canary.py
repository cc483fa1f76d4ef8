"""What the canary scores is no score of anybody: it counts as a request and as nothing else."""

import pytest

from tests.functions.score_api.callers import ask, machine

WRITE = "credit-scoring/scores.write"


@pytest.mark.parametrize(
    ("scopes", "is_counted"),
    [((WRITE, "branch/canary"), False), ((WRITE, "branch/paris-01"), True),
     ((WRITE, "branch/canary", "branch/paris-01"), True)],
)  # fmt: skip
def test_only_the_canary_itself_counts_no_score(api, record, logs, scopes, is_counted):
    assert ask(api, "POST /predict", machine(*scopes), body=record).status == 200
    counts = logs.counts()
    assert counts["Requests"] == 1
    assert ("Scores" in counts) is is_counted
