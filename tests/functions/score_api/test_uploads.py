"""POST /uploads: where a file may be sent, under which name, in which language."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from credit_scoring.aws.clients import client

from functions.score_api.answers.file_names import split_ending

STAMP = r"\d{8}T\d{6}-[0-9a-f]{4}"


def ask_upload(api, **content):
    return api.post("uploads", {"branch": "paris-01", "filename": "a.csv", "bytes": 1} | content)


def send(answer, **headers):
    headers = answer["headers"] | headers
    return requests.request(answer["method"], answer["url"], data=b"x", headers=headers)


def test_a_file_can_be_sent_to_the_answered_address(api):
    body = ask_upload(api).body
    assert send(body).status_code == 200
    branch, name = body["batch"].split("/")
    assert api.module.service.uploads.read(f"uploads/{branch}/{name}") == b"x"
    assert body["key"] == f"uploads/{body['batch']}"


def test_an_address_to_send_to_ends_within_15_minutes(api):
    query = parse_qs(urlsplit(ask_upload(api).body["url"]).query)
    assert query["X-Amz-Expires"] == ["900"]


def test_the_same_file_twice_is_two_batches(api):
    one, other = (ask_upload(api).body["batch"] for _ in range(2))
    assert one != other
    assert re.fullmatch(rf"paris-01/a-{STAMP}\.csv", one)


@pytest.mark.parametrize(
    ("filename", "stem"),
    [("A.CSV", "A"), ("applications (1).csv", "applications-1"),
     ("Été 2026 – Agence.csv", "Ete-2026-Agence"),
     ("...csv", "file"), ("a;rm -rf.csv", "a-rm-rf"), ('"><b>.csv', "b"), ("日本.csv", "file"),
     ("a.csv.csv", "a.csv"), ("a.xlsx.csv", "a.xlsx")],
)  # fmt: skip
def test_any_csv_of_a_desktop_gets_a_plain_name(api, filename, stem):
    batch = ask_upload(api, filename=filename).body["batch"]
    assert re.fullmatch(rf"paris-01/{re.escape(stem)}-{STAMP}\.csv", batch)


@pytest.mark.parametrize(
    ("filename", "ending", "content_type"),
    [("a.csv", ".csv", "text/csv"), ("a.CSV.GZ", ".csv.gz", "application/gzip"),
     ("a.tsv", ".tsv", "text/tab-separated-values"), ("a.txt", ".txt", "text/plain"),
     ("a.txt.gz", ".txt.gz", "application/gzip"), ("a.Zip", ".zip", "application/zip")],
)  # fmt: skip
def test_packed_and_otherwise_separated_files_keep_their_ending(
    api, filename, ending, content_type
):
    body = ask_upload(api, filename=filename).body
    assert re.fullmatch(rf"paris-01/a-{STAMP}{re.escape(ending)}", body["batch"])
    assert body["headers"] == {"Content-Type": content_type, "If-None-Match": "*"}
    assert send(body).status_code == 200


def test_an_address_takes_one_file(api):
    body = ask_upload(api).body
    assert send(body).status_code == 200
    assert send(body).status_code == 412


def test_the_size_is_signed(api):
    of_one, of_two = (ask_upload(api, bytes=size).body["url"] for size in (1, 2))
    names, values = zip(*(signature(url) for url in (of_one, of_two)), strict=True)
    assert names[0] == names[1]
    assert "content-length" in names[0]
    assert values[0] != values[1]


def signature(url):
    query = parse_qs(urlsplit(url).query)
    return query["X-Amz-SignedHeaders"][0], query["X-Amz-Signature"][0]


@pytest.mark.parametrize(
    "size", [None, 0, -1, 1.5, "1", True, 5 * 2**30 + 1, 1e300, float(2**40), [1]]
)
def test_a_size_that_cannot_be_is_told(api, size):
    answer = ask_upload(api, bytes=size)
    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == ["bytes"]
    assert "from 1 to 5368709120" in answer.body["errors"][0]["message"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_language_goes_with_the_file_and_is_signed(api, language):
    body = ask_upload(api, language=language).body
    assert body["headers"]["x-amz-meta-language"] == language
    signed = parse_qs(urlsplit(body["url"]).query)["X-Amz-SignedHeaders"]
    assert signed == ["content-length;content-type;host;if-none-match;x-amz-meta-language"]
    assert send(body).status_code == 200
    kept = client("s3").head_object(Bucket="uploads", Key=body["key"])
    assert kept["Metadata"] == {"language": language}


@pytest.mark.parametrize("content", [{}, {"language": ""}])
def test_without_a_language_none_is_signed(api, content):
    assert set(ask_upload(api, **content).body["headers"]) == {"Content-Type", "If-None-Match"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("filename", value) for value in
     ("", ".csv", ".csv.gz", "a.xlsx", "a.gz", "a.zip.gz", "a.csv.exe", "../a.csv", "b/a.csv",
      "b\\a.csv", "a\n.csv", "a.csv\n", "a\0.csv", "a" * 125 + ".csv", 5, None, ["a.csv"])]
    + [("branch", value) for value in
       ("", "..", "a/b", "a b", "-a", "a" * 33, "é", "a\n", 7, None, {"a": 1})]
    + [("language", value) for value in ("de", "FR", "fr\r\nx: y", 1, None, ["fr"])],
)  # fmt: skip
def test_a_name_that_is_no_name_is_422(api, field, value):
    reply = ask_upload(api, **{field: value})
    assert reply.status == 422
    [error] = reply.body["errors"]
    assert error["field"] == field
    assert error["allowed"]
    assert error["message"].startswith(field)


def test_a_field_that_an_upload_does_not_have_is_422_and_its_value_not_repeated(api):
    reply = ask_upload(api, key="uploads/lyon/secret.csv")
    [error] = reply.body["errors"]
    assert (reply.status, error["field"], error["cause"]) == (422, "key", "unknown_field")
    assert "secret" not in str(reply.body)


@pytest.mark.parametrize(
    ("filename", "parts"),
    [("a.csv", ("a", ".csv")), ("a.b.TXT.gz", ("a.b", ".txt.gz")), ("a.zip", ("a", ".zip")),
     ("a", ("a", "")), ("a.parquet", ("a.parquet", ""))],
)  # fmt: skip
def test_a_name_is_split_before_its_ending(filename, parts):
    assert split_ending(filename) == parts
