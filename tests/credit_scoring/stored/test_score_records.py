"""What was scored, told as lines and as columns."""

import dataclasses
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from credit_scoring.contract.columns import INPUTS
from credit_scoring.errors import StorageError
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.pseudonyms import Pseudonyms
from credit_scoring.stored.score_records import (
    LINES,
    MOST_BYTES,
    Origin,
    Purpose,
    RecordStream,
    refusal_lines,
    save_chunk,
    save_refusals,
    score_lines,
)

from tests.credit_scoring.examples import many_applicants, same_bits, small_model
from tests.record_stream import delivered_lines, make_record_stream

PARIS = timezone(timedelta(hours=1))
ORIGIN = Origin(
    datetime(2026, 1, 31, 23, 30, tzinfo=PARIS), "batch", Purpose.BATCH, branch="paris-01", file="f"
)
APPLICANTS = many_applicants(20)
WHO = Pseudonyms("key").of([str(n) for n in range(20)])


@pytest.fixture(scope="module")
def scores():
    model = dataclasses.replace(small_model()[0], version="0123456789ab")
    return score_applicants(model, APPLICANTS)


def lines_of(scores, **options):
    given = {"pseudonyms": WHO, "name": "call"} | options
    return [json.loads(line) for line in score_lines(APPLICANTS, scores, ORIGIN, **given)]


def test_a_line_tells_whose_what_for_and_with_what_result(scores):
    line = lines_of(scores)[3]
    told = {
        name: line[name] for name in ("kind", "score_id", "source", "purpose", "branch", "file")
    }
    assert told == {
        "kind": "score", "score_id": "call-3", "source": "batch", "purpose": "batch",
        "branch": "paris-01", "file": "f",
    }  # fmt: skip
    assert line["scored_at"] == "2026-01-31T23:30:00+01:00"
    assert line["pd"] == scores.default_probabilities[3]
    assert line["verdict"] == scores.decision(3)
    assert (line["model"], line["cutoff"]) == ("0123456789ab", scores.model.cutoff)
    assert np.array([line["applicant"]]).view(np.uint64)[0] == WHO[3]


def test_features_and_inputs_of_a_line_have_the_bits_of_a_float32(scores):
    schema = scores.model.schema
    for row, line in enumerate(lines_of(scores)):
        assert tuple(line["features"]) == schema.names
        assert tuple(line["inputs"]) == schema.raw_numbers
        found = np.array(list(line["features"].values()), np.float64).astype(np.float32)
        assert same_bits(np.isnan(found), np.isnan(scores.features[row]))
        here = ~np.isnan(found)
        assert same_bits(found[here], scores.features[row].astype(np.float32)[here])


def test_inputs_are_what_was_sent_before_any_cap(scores):
    columns = APPLICANTS.columns | {"AMT_INCOME_TOTAL": np.full(20, 117e6)}
    rich = dataclasses.replace(APPLICANTS, columns=columns)
    [line, *_] = score_lines(rich, scores, ORIGIN, pseudonyms=WHO, name="x")
    assert json.loads(line)["inputs"].get("AMT_INCOME_TOTAL") in (None, 117e6)
    assert INPUTS["AMT_INCOME_TOTAL"].sentinel is None


def test_a_score_of_nobody_has_no_applicant(scores):
    assert lines_of(scores, pseudonyms=np.zeros(20, np.uint64))[0]["applicant"] is None


def test_a_refusal_names_a_column_of_the_contract_or_none():
    lines = refusal_lines([("x", "AMT_CREDIT", 3), ("y", "Dupont", 1)], ORIGIN, name="n")
    told = [json.loads(line) for line in lines]
    assert [(t["field"], t["cause"], t["refused"]) for t in told] == [
        ("AMT_CREDIT", "x", 3),
        ("(other)", "y", 1),
    ]


def test_a_chunk_comes_back_as_it_was_scored(tmp_path, store, scores):
    key = save_chunk(store, APPLICANTS, scores, ORIGIN, pseudonyms=WHO, name="abc-00001")
    assert key == "incoming/chunks/abc-00001.npz"
    with np.load(io.BytesIO(store.read(key)), allow_pickle=False) as arrays:
        facts = json.loads(str(arrays["facts"]))
        assert same_bits(arrays["features"], scores.features.astype(np.float32))
        assert same_bits(arrays["default_probabilities"], scores.default_probabilities)
        assert arrays["verdicts"].tolist() == scores.verdicts
        assert same_bits(arrays["applicants"].view(np.uint64), WHO)
    assert tuple(facts["feature_names"]) == scores.model.schema.names


def test_a_file_without_a_refused_row_leaves_nothing(store):
    save_refusals(store, [], ORIGIN, name="abc")
    assert list(store.list("")) == []


def test_lines_arrive_whole_however_many_there_are(aws_account, scores):
    from credit_scoring.aws.clients import client

    client("s3").create_bucket(
        Bucket="results", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
    )
    make_record_stream("records", bucket="results")
    lines = list(score_lines(APPLICANTS, scores, ORIGIN, pseudonyms=WHO, name="call"))
    many = lines * (3 * MOST_BYTES // sum(map(len, lines)))
    RecordStream("records").put(many)
    found = delivered_lines("results")  # in any order: objects of one second are told apart by lot
    assert sorted(map(json.dumps, found)) == sorted(json.dumps(json.loads(each)) for each in many)
    objects = client("s3").list_objects_v2(Bucket="results", Prefix=f"records/{LINES}")["Contents"]
    assert len(objects) > 2


def test_a_stream_that_is_not_there_is_a_storage_error(aws_account):
    with pytest.raises(StorageError):
        RecordStream("nowhere").put(["{}"])


def test_an_origin_is_told_with_its_offset():
    assert (
        Origin(datetime(2026, 1, 1, tzinfo=UTC), "api", Purpose.VIEW)
        .to_json()["scored_at"]
        .endswith("+00:00")
    )
