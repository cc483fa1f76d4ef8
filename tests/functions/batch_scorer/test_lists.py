"""After a file the page's list shows those whose profiles were kept, scored as the file says."""

from dataclasses import replace

import boto3
import numpy as np
import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.stored.applicant_lists import MOST_PARTS, ApplicantLists
from credit_scoring.stored.profiles import Profile

from tests.functions.batch_scorer.branch import (
    draw_rows,
    list_files,
    listed,
    stored,
    to_csv,
    without_history,
)
from tests.functions.batch_scorer.conftest import ENVIRONMENT


def told(branch="paris-01"):
    """By id, the PD that the list tells."""
    rows = listed(branch)
    return dict(zip((one.decode() for one in rows.ids.tolist()), rows.pds.tolist(), strict=True))


def kept_of(branch):
    """The ids of all profiles of a branch."""
    items = boto3.client("dynamodb").scan(TableName="profiles")["Items"]
    return {item["applicant_id"]["S"] for item in items if item["branch"]["S"] == branch}


def test_the_list_holds_those_whose_profiles_were_kept_with_the_scores_of_the_file(branch):
    rows = draw_rows(30)
    rows[4]["AMT_CREDIT"] = "much"
    result = branch.send_rows(rows)
    assert told() == result.pds
    assert told().keys() == kept_of("paris-01")
    found = listed()
    place = {one.decode(): row for row, one in enumerate(found.ids.tolist())}
    for line in result.scores:
        row = place[line["applicant_id"]]
        assert VERDICTS[found.verdicts[row]] == line["decision"]
        assert RISK_BANDS[found.bands[row]] == line["risk_band"]
        assert found.versions[row].decode() == line["model_version"]


def test_a_history_that_is_known_counts_in_the_list_as_in_the_file(branch, profiles):
    rows = [without_history(row) for row in draw_rows(10)]
    history = {"BUREAU_ACTIVE_CREDIT_COUNT": 9, "PREVIOUS_REFUSED_SHARE": 1.0}
    profiles.put_many([Profile(row["SK_ID_CURR"], history=history) for row in rows])
    alone = branch.send_rows([row | {"SK_ID_CURR": f"1{row['SK_ID_CURR']}"} for row in rows])
    result = branch.send_rows(rows)
    assert {id_: pd for id_, pd in told().items() if id_ in result.pds} == result.pds
    assert list(alone.pds.values()) != list(result.pds.values())


def test_whoever_belongs_to_another_branch_stays_in_its_list_alone(branch):
    ours, theirs = draw_rows(2)
    there = branch.send_rows([theirs], branch="lyon-02")
    here = branch.send_rows([ours, theirs | {"AMT_CREDIT": 5000, "AMT_ANNUITY": 500}])
    assert len(here.pds) == 2
    assert told().keys() == kept_of("paris-01") == {ours["SK_ID_CURR"]}
    assert told("lyon-02") == there.pds
    assert listed("lyon-02").branches.tolist() == [b"lyon-02"]


@pytest.mark.parametrize("merged", [False, True])
def test_who_is_sent_again_is_listed_as_of_the_newest_application(branch, merged):
    """Whichever event arrives first."""
    old, other = draw_rows(2)
    late = branch.upload(to_csv([old]))
    newer = branch.upload(to_csv([old | {"AMT_CREDIT": 5000, "AMT_ANNUITY": 500}, other]))
    newer["Records"][0]["eventTime"] = "2026-11-20T08:15:31.000Z"
    branch.invoke(newer)
    if merged:
        ApplicantLists(open_store(ENVIRONMENT["LISTS_URL"])).merge("paris-01", most_parts=0)
    before = listed()
    branch.invoke(late)
    assert listed().to_bytes() == before.to_bytes()
    assert 5000.0 in before.amounts
    branch.send_rows([other | {"AMT_CREDIT": 7000, "AMT_ANNUITY": 700}], name="again.csv")
    assert len(listed()) == 2


def test_a_file_of_many_chunks_ends_with_one_list_file(branch, monkeypatch):
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "2")
    rows = draw_rows(2 * (MOST_PARTS + 3))
    result = branch.send_rows(rows)
    assert list_files() == ["lists/paris-01/base.npz"]
    assert told() == result.pds


def test_many_small_files_leave_few_list_files(branch):
    rows = draw_rows(MOST_PARTS + 4)
    sent = {}
    for number, row in enumerate(rows):
        sent |= branch.send_rows([row], name=f"{number}.csv").pds
        assert len(list_files()) <= MOST_PARTS + 1
        assert told() == sent


def test_a_file_without_any_kept_applicant_leaves_no_list(branch):
    [row] = draw_rows(1)
    branch.send_rows([row | {"AMT_CREDIT": "much"}])
    branch.send(b"\x89PNG\r\n\x1a\n" + bytes(100), name="b.csv")
    assert list_files() == []


def test_a_chunk_that_is_scored_again_after_a_merge_changes_nothing(branch, monkeypatch):
    """A worker was killed before it wrote its part of the results; another one merged meanwhile."""
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "2")
    branch.send_rows(draw_rows(2 * (MOST_PARTS + 1)))
    before = listed()
    [plan] = [key for key in stored() if key.endswith("plan.json")]
    digest = plan.split("/")[1]
    boto3.client("s3").delete_object(Bucket="results", Key=f"work/{digest}/parts/00003")
    branch.invoke({"step": "score_chunk", "digest": digest, "chunk": 3})
    after = listed()
    nobody = np.zeros_like(before.scored)
    assert replace(after, scored=nobody).to_bytes() == replace(before, scored=nobody).to_bytes()
    assert len(list_files()) == 2


def test_the_name_of_a_list_file_tells_nothing_of_a_file_or_an_applicant(branch):
    """It holds ids and amounts, as profiles do, and is read by who may read those."""
    rows = draw_rows(3)
    branch.send_rows(rows, name="secret-name.csv")
    [key] = list_files()
    assert "secret" not in key
    assert not [row["SK_ID_CURR"] for row in rows if row["SK_ID_CURR"] in key]
