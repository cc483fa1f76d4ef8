"""A branch's file from upload to result, and what comes after it."""

import pytest

from infra.local.check.observations import (
    DRIFT_METRICS,
    alarm_states,
    count_profiles,
    drift_report_bytes,
    metric_names,
    predict,
    read_api,
)


def test_every_row_comes_back_scored_as_training_scores_it(batch, reference):
    assert dict(batch.default_probabilities) == dict(reference.default_probabilities)
    assert len(batch.rejects) == reference.rows - len(reference.applicants)


def test_the_manifest_counts_every_row(batch, reference):
    manifest = batch.manifest
    assert manifest["rows"] == reference.rows
    assert manifest["scored"] + manifest["rejected"] == reference.rows


def test_the_api_gives_the_same_score_to_the_last_bit(target, token, batch, reference):
    for place in reference.some_rows(10):
        record = reference.applicants.record(place)
        applicant_id = record["SK_ID_CURR"]
        by_value = predict(target, token, record)["probability_of_default"]
        by_id = read_api(target, f"/applicants/{applicant_id}/score", token)
        assert by_value == batch.default_probabilities[applicant_id]
        assert by_id["probability_of_default"] == by_value


def test_the_applicants_of_a_file_are_found_afterwards(target, token, batch):
    ids = list(batch.default_probabilities)
    assert count_profiles(target, ids) == len(ids)
    found = read_api(target, f"/applicants?query={ids[0]}", token)["items"]
    assert ids[0] in {item["applicant_id"] for item in found}


@pytest.mark.local_cloud("alarms are looked at every two seconds there")
def test_a_drift_run_reports_measures_and_quiets_its_alarm(target, batch):
    target.run_drift()
    assert drift_report_bytes(target) > 10_000
    assert set(DRIFT_METRICS) <= set(metric_names(target, "drift-monitor", timeout=30))
    states = alarm_states(target, timeout=30)
    [missing] = [state for name, state in states.items() if name.endswith("DriftMissing")]
    assert missing == "OK"


@pytest.mark.parametrize("key", ["uploads/paris-01/../../x.csv", "elsewhere/x.csv"])
def test_a_file_outside_of_uploads_starts_nothing(target, key):
    before = target.result_keys("scored/")
    target.put_upload(key, b"SK_ID_CURR\n1\n")
    assert target.result_keys("scored/") == before
