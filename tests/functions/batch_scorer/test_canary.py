"""The canary's file is scored like any other, and kept nowhere but in its result."""

import json

import pytest
from credit_scoring.stored.score_records import CANARY

from tests.functions.batch_scorer.branch import draw_rows, list_files, profile_count


def counted(capsys) -> set[str]:
    """The metrics that were told."""
    lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    told = [json.loads(line)["_aws"]["CloudWatchMetrics"] for line in lines]
    return {metric["Name"] for group in told for each in group for metric in each["Metrics"]}


@pytest.mark.parametrize("of", ["paris-01", CANARY])
def test_only_a_branchs_file_leaves_profiles_a_list_a_count_and_a_place_in_the_list_of_files(
    branch, batches, capsys, of
):
    result = branch.send_rows(draw_rows(5), branch=of)
    is_a_branchs = of != CANARY
    assert len(result.pds) == result.manifest["scored"] == 5
    assert profile_count() == 5 * is_a_branchs
    assert bool(list_files(of)) is is_a_branchs
    assert ("ScoredRows" in counted(capsys)) is is_a_branchs
    assert bool(batches.newest().items) is is_a_branchs
    assert batches.get(of, result.manifest["batch"]).is_over


def test_the_same_rows_get_the_same_pds_to_the_bit(branch):
    rows = draw_rows(5)
    assert branch.send_rows(rows, branch=CANARY).pds == branch.send_rows(rows).pds
