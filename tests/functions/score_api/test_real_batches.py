"""What the batch function leaves is what the API tells: both functions over the same storage."""

import csv
import gzip
import io

import pytest
import requests
from credit_scoring.aws.clients import client
from jsonschema import Draft202012Validator

from tests.functions.batch_scorer.branch import Branch, draw_rows, start_function, to_csv
from tests.functions.batch_scorer.conftest import ENVIRONMENT
from tests.functions.score_api.conftest import read_event


@pytest.fixture
def branch(api, monkeypatch) -> Branch:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    versions = {"Status": "Enabled"}
    client("s3").put_bucket_versioning(Bucket="uploads", VersioningConfiguration=versions)
    return Branch(start_function())


@pytest.fixture
def send(api, branch):
    """Upload to the address that the API gives, score, ask the API."""

    def send_(body: bytes, filename: str = "a.csv", **wanted: str) -> dict:
        asked = {"branch": "paris-01", "filename": filename, "bytes": len(body)} | wanted
        target = api.post("uploads", asked).body
        assert api.get("batch", batch=target["batch"]).body["status"] == "waiting"
        requests.put(target["url"], data=body, headers=target["headers"]).raise_for_status()
        branch.invoke(notify(target["key"], branch))
        return api.get("batch", batch=target["batch"]).body

    return send_


def notify(key: str, branch: Branch) -> dict:
    """The event that S3 sends for the newest version of this key."""
    kept = client("s3").head_object(Bucket="uploads", Key=key)
    event = branch.upload(b"x", "uploads/elsewhere/template.csv")
    event["Records"][0]["s3"]["object"] |= {
        "key": key, "size": kept["ContentLength"], "versionId": kept["VersionId"],
    }  # fmt: skip
    return event


def spoilt_rows(count: int = 6) -> list[dict]:
    rows = draw_rows(count)
    rows[1]["AMT_CREDIT"] = "much"
    rows[4]["AMT_CREDIT"] = ""
    return rows


def test_counts_causes_and_results_agree(send):
    body = send(to_csv(spoilt_rows()))
    assert (body["status"], body["rows"], body["rows_done"]) == ("finished", 6, 6)
    assert (body["scored"], body["rejected"], body["open_rejects"]) == (4, 2, 2)
    assert {cause["column"] for cause in body["manifest"]["causes"]} == {"AMT_CREDIT"}
    assert len(requests.get(body["scores_url"]).content.splitlines()) == 1 + 4
    assert len(requests.get(body["rejects_url"]).content.splitlines()) == 1 + 2
    assert requests.get(body["manifest_url"]).json() == body["manifest"]


def test_the_language_of_the_upload_is_that_of_the_rejects(send):
    told = {}
    for language in ("fr", "en"):
        body = send(to_csv(spoilt_rows()), language=language)
        assert body["manifest"]["language"] == language
        text = requests.get(body["rejects_url"]).content.decode().removeprefix("\ufeff")
        told[language] = [row["reject_message"] for row in csv.DictReader(io.StringIO(text))]
    assert told["fr"] != told["en"]


def test_a_packed_file_is_scored_under_its_own_name(send):
    body = send(gzip.compress(to_csv(draw_rows(3))), "a.csv.gz")
    assert (body["status"], body["scored"]) == ("finished", 3)
    assert body["manifest"]["dialect"]["container"] == "gzip"


def test_resent_rejects_leave_fewer_open_ones(send, api):
    body = send(to_csv(spoilt_rows()))
    text = requests.get(body["rejects_url"]).content.decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    rows[0]["AMT_CREDIT"] = "100000"
    resent = send(to_csv(rows), "a-rejects.csv")
    assert (resent["rows"], resent["scored"], resent["rejected"]) == (2, 1, 1)
    [original] = resent["manifest"]["resend_of"]
    assert (f"paris-01/{original['batch']}", original["rows"]) == (body["batch"], 1)
    after = api.get("batch", batch=body["batch"]).body
    assert (after["rejected"], after["open_rejects"]) == (2, 1)
    assert after["manifest"]["completed"]["batches"][0]["rows"] == 1
    [url] = after["repairs_urls"]
    assert requests.get(url).json()["lines"] == [int(rows[0]["reject_line"])]
    assert (body["repairs_urls"], resent["repairs_urls"]) == ([], [])


def test_columns_that_were_read_under_another_name_are_told(send):
    body = send(to_csv(draw_rows(2)).replace(b"AMT_CREDIT", b"Montant du cr\xe9dit", 1))
    told = [{"sent": "Montant du crédit", "read_as": "AMT_CREDIT"}]
    assert body["manifest"]["renamed_columns"] == told


def test_a_file_that_is_no_table_says_why(send):
    body = send(b"%PDF-1.7 ...")
    assert body["status"] == "failed"
    assert body["detail"]
    assert body["manifest"]["detail"]
    assert "scores_url" not in body


def test_every_real_answer_is_as_described(send, api):
    schemas = api.get("openapi").body["components"]
    answers = [send(to_csv(spoilt_rows())), send(b"\n")]
    schema = Draft202012Validator({"$ref": "#/components/schemas/Batch", "components": schemas})
    assert [list(schema.iter_errors(answer)) for answer in answers] == [[], []]
    listed = api.send(api_list()).body["items"]
    assert {item["batch"] for item in listed} == {answer["batch"] for answer in answers}


def api_list() -> dict:
    return read_event("batches") | {"queryStringParameters": {"branch": "paris-01"}}
