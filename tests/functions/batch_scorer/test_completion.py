"""Rejected lines are repaired and sent again: only those are scored, the receipt is completed."""

import json

import pytest

from tests.functions.batch_scorer.branch import draw_rows, everything

ORDINARY = {"NAME_INCOME_TYPE": "Working", "AMT_CREDIT": 500_000.5}


@pytest.fixture
def rows():
    return [row | ORDINARY for row in draw_rows(8)]


@pytest.fixture
def original(branch, rows):
    """Lines 3, 5 and 9 are rejected."""
    damaged = [dict(row) for row in rows]
    for place in (1, 3, 7):
        damaged[place]["AMT_CREDIT"] = "much"
    return branch.send_rows(damaged, name="may.csv")


def repaired(result, *, lines, text=b"much", by=b"500000.5"):
    """The rejects file with the values of some lines put right."""
    first, *others = result.files["rejects.csv"].split(b"\n")
    changed = [
        line.replace(b"," + text, b"," + by)
        if line.split(b",")[0] in [str(n).encode() for n in lines]
        else line
        for line in others
    ]
    return b"\n".join([first, *changed])


def now(branch, result):
    """The receipt as it stands today."""
    manifest = result.manifest
    return branch.result(f"{manifest['branch']}/{manifest['batch']}").manifest


def test_a_repaired_file_scores_its_lines_as_the_clean_file_does(branch, rows, original):
    clean = branch.send_rows(rows, name="clean.csv")
    fix = branch.send(repaired(original, lines=[3, 5, 9]), name="fix.csv")
    assert fix.manifest["scored"] == 3
    assert original.pds | fix.pds == clean.pds
    assert original.pds.keys().isdisjoint(fix.pds)


def test_the_receipt_of_the_original_is_completed(branch, batches, original):
    fix = branch.send(repaired(original, lines=[3, 9]), name="fix.csv")
    receipt, name = now(branch, original), original.manifest["batch"]
    assert receipt["completed"] == {
        "rows": 2, "open_rejects": 1, "batches": [{"batch": fix.manifest["batch"], "rows": 2}],
    }  # fmt: skip
    assert {k: v for k, v in receipt.items() if k != "completed"} == original.manifest
    assert fix.manifest["resend_of"] == [{"batch": name, "rows": 2, "known": True}]
    assert batches.get("paris-01", name).open_rejects == 1


def test_what_is_still_wrong_is_repaired_in_both_receipts_by_the_next_file(
    branch, batches, original
):
    second = branch.send(repaired(original, lines=[3]), name="second.csv")
    assert [reject["reject_of"] for reject in second.rejects] == [second.manifest["batch"]] * 2
    third = branch.send(repaired(second, lines=[3, 4]), name="third.csv")
    assert third.manifest["scored"] == 2
    assert now(branch, second)["completed"]["open_rejects"] == 0
    assert now(branch, original)["completed"]["open_rejects"] == 0
    assert batches.get("paris-01", original.manifest["batch"]).open_rejects == 0


def test_a_line_that_is_repaired_twice_counts_once(branch, original):
    body = repaired(original, lines=[3])
    branch.send(body, name="fix.csv")
    branch.send(body, name="again.csv")
    completed = now(branch, original)["completed"]
    assert (completed["rows"], completed["open_rejects"]) == (1, 2)
    assert len(completed["batches"]) == 2


def test_the_same_event_twice_completes_once(branch, original):
    event = branch.upload(repaired(original, lines=[3, 5]), "uploads/paris-01/fix.csv")
    branch.invoke(event)
    before = everything()
    branch.invoke(event)
    assert everything() == before


def test_another_branch_s_receipt_is_not_touched(branch, original):
    fix = branch.send(repaired(original, lines=[3]), name="fix.csv", branch="lyon-02")
    assert now(branch, original) == original.manifest
    assert fix.manifest["resend_of"][0]["known"] is False
    assert fix.manifest["scored"] == 1


@pytest.mark.parametrize("name", ["../../lyon-02/a.csv/v", "nowhere.csv/v", "..", "a/../b", "x"])
def test_a_receipt_that_never_was_is_ignored_and_said(branch, original, name):
    body = repaired(original, lines=[3, 5, 9])
    fix = branch.send(body.replace(original.manifest["batch"].encode(), name.encode()))
    assert fix.manifest["scored"] == 3
    assert fix.manifest["resend_of"] == [{"batch": name, "rows": 0, "known": False}]
    assert now(branch, original) == original.manifest


def test_a_line_that_was_never_rejected_completes_nothing(branch, original):
    body = repaired(original, lines=[3])
    head, *lines = body.split(b"\n")
    lines = [b"4" + line[1:] if line.startswith(b"3,") else line for line in lines]
    branch.send(b"\n".join([head, *lines]), name="fix.csv")
    assert now(branch, original) == original.manifest


def test_histories_survive_a_file_that_brings_other_columns(branch, profiles, rows):
    row = {k: v for k, v in rows[0].items() if not k.startswith(("BUREAU_", "PREVIOUS_"))}
    applicant_id = row["SK_ID_CURR"]
    branch.send_rows([row | {"BUREAU_ACTIVE_CREDIT_COUNT": 3}], name="one.csv")
    both = branch.send_rows([row | {"PREVIOUS_REFUSED_SHARE": 0.75}], name="two.csv")
    assert profiles.get(applicant_id).history == {
        "BUREAU_ACTIVE_CREDIT_COUNT": 3, "PREVIOUS_REFUSED_SHARE": 0.75,
    }  # fmt: skip
    alone = branch.send_rows([row], name="three.csv")
    assert alone.pds == both.pds


def test_claims_are_json_and_name_no_applicant(branch, original):
    branch.send(repaired(original, lines=[3]), name="fix.csv")
    claims = [v for k, v in everything().items() if "/completions/" in k and k.endswith(".json")]
    assert [json.loads(claim)["lines"] for claim in claims] == [[3]]
