"""A score is the same score wherever it is asked for, and what is kept tells the same."""

import gzip
import hashlib
import io
import json
from collections import Counter

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.contract.columns import HISTORY as HISTORY_COLUMNS
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.profiles import Profile

from functions.batch_scorer import store_results
from tests.functions.batch_scorer.branch import (
    draw_rows,
    everything,
    profile_count,
    to_csv,
    without_history,
)

HISTORY = {"BUREAU_ACTIVE_CREDIT_COUNT": 3, "PREVIOUS_REFUSED_SHARE": 0.75}


def test_every_row_has_the_score_of_the_api_to_the_last_bit(branch, model):
    rows = draw_rows(40)
    result = branch.send_rows(rows)
    for row, line in zip(rows, result.scores, strict=True):
        scores = score_applicants(model, parse_record(row))
        assert line["applicant_id"] == row["SK_ID_CURR"]
        assert float(line["probability_of_default"]) == scores.default_probabilities[0]
        assert (line["decision"], line["risk_band"]) == (scores.decision(0), scores.risk_band(0))
        assert line["reason_1"] == scores.reasons(0)[0].code
        assert float(line["cutoff"]) == model.cutoff
        assert line["model_version"] == model.version


def test_the_receipt_names_the_model_and_the_file(branch, model):
    manifest = branch.send_rows(draw_rows(2), name="mai.csv", branch="lyon-02").manifest
    assert manifest["model"] == {"version": model.version, "sha256": model.sha256}
    assert (manifest["branch"], manifest["filename"]) == ("lyon-02", "mai.csv")
    assert manifest["received_at"] == "2026-11-20T09:15:30.123000+01:00"  # the lender's clocks
    assert manifest["files"] == {"scores": "scores.csv", "rejects": "rejects.csv"}


def test_known_history_completes_an_application_and_survives_it(branch, model, profiles):
    row = without_history(draw_rows(1)[0])
    profiles.put_many([Profile(row["SK_ID_CURR"], history=HISTORY, updated_at="2030-01-01")])
    result = branch.send_rows([row])
    expected = score_applicants(model, parse_record(row | HISTORY)).default_probabilities[0]
    assert result.pds[row["SK_ID_CURR"]] == expected
    kept = profiles.get(row["SK_ID_CURR"])
    assert kept.history == HISTORY
    assert kept.record == row
    assert (kept.branch, kept.source_file) == ("paris-01", "a.csv")


def test_one_known_history_makes_no_other_row_of_the_file_dearer(branch, profiles):
    rows = [without_history(row) for row in draw_rows(20)]
    known = dict.fromkeys(HISTORY_COLUMNS, 1 / 3)
    profiles.put_many([Profile(rows[0]["SK_ID_CURR"], history=known)])
    branch.send_rows(rows)
    kept = [profiles.get(row["SK_ID_CURR"]) for row in rows]
    assert [len(one.history) for one in kept] == [len(known), *[0] * 19]
    assert ["history" in one.to_item() for one in kept] == [True, *[False] * 19]
    assert store_results._write_units(kept) == 19 + store_results._write_units(kept[:1])


def test_history_that_is_sent_wins_over_what_is_known(branch, model, profiles):
    row = without_history(draw_rows(1)[0])
    applicant_id = row["SK_ID_CURR"]
    profiles.put_many([Profile(applicant_id, history=HISTORY, updated_at="2020-01-01")])
    sent = row | {"BUREAU_ACTIVE_CREDIT_COUNT": 9}
    result = branch.send_rows([sent])
    # What was not sent comes from the profile, column by column.
    expected = score_applicants(model, parse_record(HISTORY | sent)).default_probabilities[0]
    assert result.pds[applicant_id] == expected
    kept = profiles.get(applicant_id).parse()
    assert score_applicants(model, kept).default_probabilities[0] == expected


def test_the_profile_scores_as_the_file_did(branch, model, profiles):
    rows = draw_rows(20)
    result = branch.send_rows(rows)
    for row in rows:
        kept = profiles.get(row["SK_ID_CURR"]).parse()
        pd_ = score_applicants(model, kept).default_probabilities[0]
        assert pd_ == result.pds[row["SK_ID_CURR"]]


def test_rejected_rows_leave_no_profile(branch):
    rows = draw_rows(3)
    rows[1]["AMT_CREDIT"] = "much"
    branch.send_rows(rows)
    assert profile_count() == 2


def test_a_late_event_does_not_replace_a_newer_application(branch, profiles):
    row = draw_rows(1)[0]
    late = branch.upload(to_csv([row]))
    newer = branch.upload(to_csv([row | {"AMT_CREDIT": 5000}]))
    newer["Records"][0]["eventTime"] = "2026-11-20T08:15:31.000Z"
    branch.invoke(newer)
    branch.invoke(late)
    assert profiles.get(row["SK_ID_CURR"]).application["AMT_CREDIT"] == 5000


def test_records_hold_features_and_scores_but_no_one(branch, model):
    rows = draw_rows(8)
    result = branch.send_rows(rows, name="secret-name.csv")
    ((key, content),) = [(k, v) for k, v in everything().items() if k.startswith("records/")]
    assert key.startswith("records/incoming/chunks/")
    assert "secret" not in key
    arrays = np.load(io.BytesIO(content), allow_pickle=False)
    assert set(arrays.files) == {
        "facts",
        "features",
        "inputs",
        "default_probabilities",
        "verdicts",
        "applicants",
    }
    facts = json.loads(str(arrays["facts"]))
    assert facts["model"] == model.version
    assert (facts["branch"], facts["purpose"]) == ("paris-01", "batch")
    assert facts["scored_at"].startswith("2026-11-20T")
    assert "secret" not in json.dumps(facts)
    assert arrays["features"].shape == (8, len(model.schema))
    assert arrays["inputs"].shape == (8, len(model.schema.raw_numbers))
    assert arrays["default_probabilities"].tolist() == list(result.pds.values())


def contents(facts_of):
    """What records say of the content of each file, by the file's digest."""
    return {facts["file"]: facts["content"] for facts in facts_of}


def chunk_facts():
    kept = [v for k, v in everything().items() if k.startswith("records/incoming/chunks/")]
    return [json.loads(str(np.load(io.BytesIO(content))["facts"])) for content in kept]


def refusals():
    kept = [v for k, v in everything().items() if k.startswith("records/incoming/lines/")]
    return [json.loads(line) for content in kept for line in content.splitlines()]


def test_records_know_a_file_that_is_sent_again_and_cannot_be_searched_for_one(branch):
    body = to_csv([*draw_rows(12), {"SK_ID_CURR": "7"}])
    for name, sent in (
        ("a.csv", body), ("a.csv", body), ("b.csv", body), ("a.csv.gz", gzip.compress(body)),
        ("c.csv", body + b"8\n"),
    ):  # fmt: skip
        branch.send(sent, name=name)
    found = contents(chunk_facts())
    assert found == contents(refusals())
    assert sorted(Counter(found.values()).values()) == [1, 4]
    assert hashlib.sha256(body).hexdigest()[:16] not in found.values()


def test_the_same_event_twice_writes_the_same_bytes(branch):
    event = branch.upload(to_csv([*draw_rows(12), {"SK_ID_CURR": "7"}]))
    branch.invoke(event)
    first = everything()
    branch.invoke(event)
    second = everything()
    assert first.keys() == second.keys()
    for key in first:
        if key.endswith("manifest.json"):
            assert _without_duration(first[key]) == _without_duration(second[key])
        else:
            assert first[key] == second[key]


def _without_duration(content):
    return {name: v for name, v in json.loads(content).items() if name != "seconds"}


def test_the_version_that_was_announced_is_scored_although_another_came(branch):
    first, second = draw_rows(2)
    event = branch.upload(to_csv([first]))
    branch.upload(to_csv([second]))
    branch.invoke(event)
    version = event["Records"][0]["s3"]["object"]["versionId"]
    assert list(branch.result(f"paris-01/a.csv/{version}").pds) == [first["SK_ID_CURR"]]


def test_a_name_with_spaces_and_accents_is_found(branch):
    result = branch.send_rows(draw_rows(2), name="dépôt de mai + juin (100%).csv")
    assert result.manifest["filename"] == "dépôt de mai + juin (100%).csv"
    assert result.manifest["scored"] == 2


@pytest.mark.parametrize(
    "key", ["elsewhere/a.csv", "uploads/a.csv", "uploads//a.csv", "uploads/x/"]
)
def test_what_lies_in_no_branch_is_counted_and_no_upload(branch, key, capsys, caplog):
    branch.invoke(branch.upload(to_csv(draw_rows(1)), key))
    assert everything() == {}
    assert '"StrayObjects":[1.0]' in capsys.readouterr().out.replace(" ", "")
    [line] = [record for record in caplog.records if "outside" in record.message]
    assert key not in str(vars(line))


def test_a_file_in_a_folder_of_its_branch_is_scored_under_its_path(branch):
    branch.invoke(branch.upload(to_csv(draw_rows(2)), "uploads/lyon/2026/06/x.csv"))
    [receipt] = [key for key in everything() if key.endswith("manifest.json")]
    assert "/lyon/2026-06-x.csv/" in receipt
    assert json.loads(everything()[receipt])["scored"] == 2


def test_an_event_with_several_files_scores_each(branch):
    events = [branch.upload(to_csv(draw_rows(2)), f"uploads/lyon/{n}.csv") for n in "ab"]
    branch.invoke({"Records": [record for event in events for record in event["Records"]]})
    assert sum(key.endswith("manifest.json") for key in everything()) == 2


@pytest.mark.parametrize(
    ("metadata", "setting", "language"),
    [
        ({}, None, "fr"),
        ({}, "en", "en"),
        ({"language": "en"}, "fr", "en"),
        ({"language": "x"}, None, "fr"),
    ],
)
def test_words_are_in_the_language_of_the_file_or_of_the_setting(
    branch, model, monkeypatch, metadata, setting, language
):
    if setting:
        monkeypatch.setenv("DEFAULT_LANGUAGE", setting)
    row = draw_rows(1)[0]
    event = branch.upload(to_csv([row]), **metadata)
    branch.invoke(event)
    version = event["Records"][0]["s3"]["object"]["versionId"]
    result = branch.result(f"paris-01/a.csv/{version}")
    assert result.manifest["language"] == language
    reason = score_applicants(model, parse_record(row)).reasons(0)[0]
    assert result.scores[0]["reason_1_text"] == reason.text[language]


def test_a_file_takes_over_no_applicant_of_another_branch(branch, model, profiles):
    row = without_history(draw_rows(1)[0])
    applicant_id = row["SK_ID_CURR"]
    theirs = Profile(applicant_id, "lyon-02", {"AMT_CREDIT": 1000}, HISTORY, "2020-01-01T00:00Z")
    profiles.put_many([theirs])
    result = branch.send_rows([row])
    alone = score_applicants(model, parse_record(row)).default_probabilities[0]
    assert result.pds[applicant_id] == alone
    assert profiles.get(applicant_id) == theirs
