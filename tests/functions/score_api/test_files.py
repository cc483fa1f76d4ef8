"""POST /uploads and GET /batches: from a file to its result."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.functions.score_api.conftest import escaped

MANIFEST = {
    "status": "finished", "branch": "paris-01", "filename": "a-20261121T101530-1a2b.csv",
    "version_id": "v1", "rows": 3, "scored": 2, "rejected": 1,
    "causes": [{"cause": "is required", "column": "AMT_CREDIT", "count": 1}],
    "model": {"version": "0123456789ab", "sha256": "0" * 64}, "cutoff": 0.1, "seconds": 0.5,
    "files": {"scores": "scores.csv", "rejects": "rejects.csv"},
}  # fmt: skip
BATCH = "paris-01/a-20261121T101530-1a2b.csv"


def ask_upload(api, **content):
    return api.post("uploads", {"branch": "paris-01", "filename": "a.csv"} | content)


@pytest.fixture
def results(api):
    return api.module.service.results


def finish(results, *, version: str = "v1", **changes) -> None:
    folder = f"{BATCH}/{version}"
    results.write(f"{folder}/scores.csv", b"scores")
    results.write(f"{folder}/rejects.csv", b"rejects")
    results.write(f"{folder}/manifest.json", json.dumps(MANIFEST | changes).encode())


def test_a_file_can_be_sent_to_the_answered_address(api):
    body = ask_upload(api).body
    sent = requests.request(body["method"], body["url"], data=b"x", headers=body["headers"])
    assert sent.status_code == 200
    branch, name = body["batch"].split("/")
    assert api.module.service.uploads.read(f"uploads/{branch}/{name}") == b"x"
    assert body["key"] == f"uploads/{body['batch']}"


def test_an_address_to_send_to_ends_within_15_minutes(api):
    query = parse_qs(urlsplit(ask_upload(api).body["url"]).query)
    assert query["X-Amz-Expires"] == ["900"]


def test_the_same_file_twice_is_two_batches(api):
    one, other = (ask_upload(api).body["batch"] for _ in range(2))
    assert one != other
    assert re.fullmatch(r"paris-01/a-\d{8}T\d{6}-[0-9a-f]{4}\.csv", one)


@pytest.mark.parametrize(
    ("filename", "stem"),
    [("A.CSV", "A"), ("applications (1).csv", "applications-1"), ("été 2026.csv", "t-2026"),
     ("...csv", "file"), ("a;rm -rf.csv", "a-rm-rf"), ('"><b>.csv', "b"), ("日本.csv", "file")],
)  # fmt: skip
def test_any_csv_of_a_desktop_gets_a_plain_name(api, filename, stem):
    batch = ask_upload(api, filename=filename).body["batch"]
    assert re.fullmatch(rf"paris-01/{re.escape(stem)}-\d{{8}}T\d{{6}}-[0-9a-f]{{4}}\.csv", batch)


@pytest.mark.parametrize(
    ("field", "value"),
    [("filename", value) for value in
     ("", ".csv", "a.txt", "a.csv.exe", "../a.csv", "b/a.csv", "b\\a.csv", "a\n.csv", "a\0.csv",
      "a" * 125 + ".csv", 5, None, ["a.csv"])]
    + [("branch", value) for value in
       ("", "..", "a/b", "a b", "-a", "a" * 33, "é", "a\n", 7, None, {"a": 1})],
)  # fmt: skip
def test_a_name_that_is_no_name_is_422(api, field, value):
    reply = ask_upload(api, **{field: value})
    assert reply.status == 422
    [error] = reply.body["errors"]
    assert error["field"] == field
    assert error["allowed"]
    assert error["message"].startswith(field)


def test_a_file_without_a_result_yet_is_waiting(api):
    body = api.get("batch", batch=BATCH).body
    assert body == {"batch": BATCH, "status": "waiting"}


def test_a_result_without_its_manifest_is_still_waiting(api, results):
    results.write(f"{BATCH}/v1/scores.csv", b"half")
    assert api.get("batch", batch=BATCH).body["status"] == "waiting"


@pytest.mark.parametrize("asked", [BATCH, escaped(BATCH), f"{BATCH}/v1", escaped(f"{BATCH}/v1")])
def test_a_finished_file_can_be_taken_away(api, results, asked):
    finish(results)
    body = api.get("batch", batch=asked).body
    assert (body["status"], body["rows"], body["scored"], body["rejected"]) == ("finished", 3, 2, 1)
    assert body["manifest"] == MANIFEST
    for kind in ("scores", "rejects"):
        answer = requests.get(body[f"{kind}_url"])
        assert answer.content == kind.encode()
        name = f'attachment; filename="a-20261121T101530-1a2b-{kind}.csv"'
        assert answer.headers["Content-Disposition"] == name


def test_a_failed_file_says_why_and_offers_nothing(api, results):
    finish(results, status="failed", detail="The header has no column SK_ID_CURR.", files={})
    body = api.get("batch", batch=BATCH).body
    assert body["status"] == "failed"
    assert body["manifest"]["detail"] == "The header has no column SK_ID_CURR."
    assert "scores_url" not in body


def test_another_file_of_similar_name_is_another_batch(api, results):
    finish(results)
    assert api.get("batch", batch=BATCH.removesuffix(".csv")).body["status"] == "waiting"


@pytest.mark.parametrize(
    "batch", ["x", "..%2Fmodels", "a%2F..%2Fb", "a%2F%2Fb", "a/b/c/d", "a%2F.hidden", "a%2Fb%00"]
)
def test_what_is_not_called_like_a_batch_is_404(api, batch):
    assert api.get("batch", batch=batch).status == 404
