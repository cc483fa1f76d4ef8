"""Files in a folder and in S3 behave alike."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import FolderStore, S3Store, open_store
from credit_scoring.errors import AlreadyExists, ObjectNotFound, StorageRefused

from tests.credit_scoring.conftest import REGION, make_bucket


def test_what_is_written_is_read_back(store):
    store.write("a/b.bin", b"\x00\xff" * 1000)
    store.write("empty", b"")
    assert store.read("a/b.bin") == b"\x00\xff" * 1000
    assert store.read("empty") == b""


def test_writing_again_replaces(store):
    store.write("a", b"first")
    store.write("a", b"second", content_type="application/json")
    assert store.read("a") == b"second"
    assert list(store.list("")) == ["a"]


def test_nothing_there_is_not_found(store):
    store.write("folder/file", b"x")
    for key in ("nothing", "folder", "folder/file/below", "folder/other"):
        with pytest.raises(ObjectNotFound, match=key) as caught:
            store.read(key)
        assert caught.value.key == key
        assert not caught.value.retryable


def test_if_absent_lets_only_the_first_write(store):
    store.write("once", b"first", if_absent=True)
    with pytest.raises(AlreadyExists) as caught:
        store.write("once", b"second", if_absent=True)
    assert caught.value.key == "once"
    assert store.read("once") == b"first"
    assert list(store.list("")) == ["once"]


def test_a_tag_lets_only_those_write_who_read_what_is_there(store):
    store.write("pointer", b"first")
    data, tag = store.read_tagged("pointer")
    assert data == b"first"
    store.write("pointer", b"second", if_tag=tag)
    with pytest.raises(AlreadyExists):
        store.write("pointer", b"third", if_tag=tag)
    assert store.read("pointer") == b"second"
    store.write("pointer", b"third", if_tag=store.read_tagged("pointer")[1])
    assert list(store.list("")) == ["pointer"]


def test_a_tag_of_what_is_gone_lets_nobody_write(store):
    with pytest.raises(ObjectNotFound):
        store.read_tagged("pointer")
    store.write("other", b"x")
    tag = store.read_tagged("other")[1]
    with pytest.raises(ObjectNotFound):
        store.write("pointer", b"x", if_tag=tag)
    assert list(store.list("")) == ["other"]


@pytest.mark.parametrize("if_tag", [True, False], ids=["over a tag", "where nothing is"])
def test_of_many_who_write_at_once_one_wins(tmp_path, if_tag):
    """Stores of their own: the lock is on the folder, not on an object of this process."""
    open_store(tmp_path).write("old", b"old")
    key = "old" if if_tag else "new"
    tag = open_store(tmp_path).read_tagged("old")[1] if if_tag else ""

    def write(number):
        with suppress(AlreadyExists):
            data = str(number).encode()
            open_store(tmp_path).write(key, data, if_tag=tag, if_absent=not if_tag)
            return data
        return None

    with ThreadPoolExecutor(12) as pool:
        winners = [data for data in pool.map(write, range(12)) if data]
    assert winners == [open_store(tmp_path).read(key)]


def test_a_client_of_ones_own_reaches_another_account(bucket, monkeypatch):
    store = S3Store(bucket, "", boto3.client("s3", region_name=REGION))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # what the process's would call
    client.cache_clear()
    store.write("x", b"y")
    assert store.read("x") == b"y"


def test_keys_are_listed_sorted_by_the_beginning_of_their_name(store):
    for key in ("b/2", "a/1", "b/10", "b.txt", "bc/1", "B/1"):
        store.write(key, b"")
    assert list(store.list("")) == ["B/1", "a/1", "b.txt", "b/10", "b/2", "bc/1"]
    assert list(store.list("b/")) == ["b/10", "b/2"]
    assert list(store.list("b/1")) == ["b/10"]
    assert list(store.list("b")) == ["b.txt", "b/10", "b/2", "bc/1"]
    assert list(store.list("nothing/")) == []


def test_keys_are_listed_with_when_they_were_written(store):
    before = datetime.now(UTC) - timedelta(seconds=2)
    for key in ("a/1", "a/2", "b"):
        store.write(key, b"")
    dated = dict(store.list_dated("a/"))
    assert list(dated) == ["a/1", "a/2"]
    assert all(before <= written <= datetime.now(UTC) for written in dated.values())


def test_an_empty_store_lists_nothing(store):
    assert list(store.list("")) == []


def test_more_keys_than_one_page_are_all_listed(bucket):
    store = open_store(f"s3://{bucket}/many")
    keys = [f"{n:05}" for n in range(1100)]
    for key in keys:
        store.write(key, b"")
    assert list(store.list("")) == keys


def test_a_prefix_keeps_its_neighbours_out(bucket):
    open_store(f"s3://{bucket}/models-old").write("x", b"")
    open_store(f"s3://{bucket}/models").write("y", b"")
    assert list(open_store(f"s3://{bucket}/models/").list("")) == ["y"]


def test_a_url_says_where_a_store_is(tmp_path):
    assert open_store("s3://b/one/two/") == S3Store("b", "one/two/")
    assert open_store("s3://b/") == open_store("s3://b") == S3Store("b", "")
    assert open_store(tmp_path) == open_store(str(tmp_path)) == FolderStore(tmp_path)


def test_a_file_that_is_being_written_is_not_listed(tmp_path):
    store = open_store(tmp_path)
    store.write("done", b"")
    (tmp_path / ".halfway").write_bytes(b"ha")
    assert list(store.list("")) == ["done"]


def test_a_lost_write_leaves_nothing_behind(tmp_path):
    store = open_store(tmp_path)
    store.write("once", b"")
    with pytest.raises(AlreadyExists):
        store.write("once", b"", if_absent=True)
    assert [path.name for path in tmp_path.rglob("*")] == ["once"]


def test_a_version_stays_readable_after_the_key_was_overwritten(aws):
    make_bucket("uploads", versioned=True)
    store = open_store("s3://uploads")
    store.write("x.csv", b"first")
    first = store.read_version("x.csv", None)[1]
    store.write("x.csv", b"second")
    assert store.read_version("x.csv", first) == (b"first", first)
    newest, version = store.read_version("x.csv", None)
    assert newest == b"second"
    assert version != first


def test_a_version_that_never_was_is_not_found(aws):
    uploads = make_bucket("uploads", versioned=True)
    uploads.put_object(Bucket="uploads", Key="x.csv", Body=b"")
    with pytest.raises((ObjectNotFound, StorageRefused)):
        open_store("s3://uploads").read_version("x.csv", "0" * 32)


def test_a_bucket_without_versions_gives_no_version_id(bucket):
    store = open_store(f"s3://{bucket}")
    store.write("x", b"y")
    assert store.read_version("x", None) == (b"y", "")


def test_a_content_type_is_kept_in_s3(bucket):
    open_store(f"s3://{bucket}/m").write("a.json", b"{}", content_type="application/json")
    head = boto3.client("s3", region_name=REGION).head_object(Bucket=bucket, Key="m/a.json")
    assert head["ContentType"] == "application/json"


def test_presigned_urls_name_the_key_the_time_and_what_is_signed(bucket):
    store = open_store(f"s3://{bucket}/in")
    put = urlparse(store.presigned_put("x.csv", content_type="text/csv", size=1, seconds=60))
    get = urlparse(store.presigned_get("x.csv", filename="scores.csv", seconds=30))
    for url, seconds in ((put, "60"), (get, "30")):
        asked = parse_qs(url.query)
        assert url.path.endswith("in/x.csv")
        assert bucket in url.netloc + url.path
        assert asked["X-Amz-Expires"] == [seconds]
        assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    signed = parse_qs(put.query)["X-Amz-SignedHeaders"]
    assert signed == ["content-length;content-type;host;if-none-match"]
    disposition = parse_qs(get.query)["response-content-disposition"]
    assert disposition == ['attachment; filename="scores.csv"']


def test_a_bucket_that_is_not_there_is_refused(aws):
    with pytest.raises(StorageRefused) as caught:
        open_store("s3://nowhere").read("x")
    assert not caught.value.retryable
    assert caught.value.log_fields["reason"] == "NoSuchBucket"
