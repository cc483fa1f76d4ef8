"""A branch whose export broke: what rings, what is written to people, and how often."""

import csv
import io
import time

import pytest

from infra.local.check.observations import alarm_states
from tests.e2e.mailboxes import open_mailbox

pytestmark = pytest.mark.local_cloud("alarms are looked at every two seconds there")

BROKEN, COLUMN = "nantes-03", "EXT_SOURCE_2"


def emptied(text: bytes, column: str, *, offset: int) -> bytes:
    """The file of another branch: other ids, and no value in one column ("": all stay)."""
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    for row in rows:
        row["SK_ID_CURR"] = str(int(row["SK_ID_CURR"]) + offset)
        if column:
            row[column] = ""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def messages(target):
    """What the page topic was written since it was last asked."""
    return open_mailbox(target, "PageTopicArn")


@pytest.fixture(scope="module")
def summary(target, upload, messages):
    for number, branch in enumerate(("nantes-01", "nantes-02", BROKEN), start=1):
        column = COLUMN if branch == BROKEN else ""
        body = emptied(upload, column, offset=number * 10_000_000)
        target.put_upload(f"uploads/{branch}/week.csv", body)
        target.wait_for_result(f"scored/{branch}/week.csv/", timeout=120)
    return target.run_drift()


def findings_of(summary):
    return [
        (finding["kind"], finding["columns"], finding["source"])
        for finding in summary["findings"]
        if finding["urgency"] == "page"
    ]


def test_the_broken_column_is_named_with_its_branch_and_file(summary):
    assert ("missing", [COLUMN], BROKEN) in findings_of(summary)
    [found] = [
        each
        for each in summary["findings"]
        if (each["source"], each["columns"]) == (BROKEN, [COLUMN])
    ]
    assert len(found["files"]) == 1


def test_its_alarm_rings_and_people_are_told_in_words(target, summary, messages):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        states = alarm_states(target, timeout=1)
        [state] = [s for name, s in states.items() if name.endswith("MissingColumns")]
        if state == "ALARM":
            break
        time.sleep(1)
    assert state == "ALARM"
    own, alarms, end = [], [], time.monotonic() + 40
    while not (own and alarms) and time.monotonic() < end:  # each is written when it is written
        told = messages(1)
        own += [note for note in told if "summary.json" in note["Message"]]
        alarms += [note for note in told if "MissingColumns" in note["Message"]]
    assert len(own) == 1
    assert f"{COLUMN} missing in 100% of rows" in own[0]["Message"]
    assert f"from {BROKEN}" in own[0]["Message"]
    assert alarms


def test_the_next_night_calls_nobody_for_the_same_cause(target, summary, messages):
    messages(5)
    again = target.run_drift()
    assert findings_of(again) == findings_of(summary)
    assert messages(8) == []


def test_every_score_of_the_night_is_one_row(target, summary):
    keys = target.result_keys("records/")
    assert not [key for key in keys if "/incoming/chunks/" in key]
    assert [key for key in keys if key.endswith("/scores.parquet")]
