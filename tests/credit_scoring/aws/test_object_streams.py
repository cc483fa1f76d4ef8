"""Large files read by ranges and written as they grow, in a folder and on S3."""

import io
import os

import boto3
import pytest
from credit_scoring.aws import object_streams as streams
from credit_scoring.aws.object_streams import describe, open_reader, open_writer, read_range
from credit_scoring.aws.storage import FolderStore, S3Store
from credit_scoring.errors import ObjectNotFound, StorageUnavailable
from moto.s3.models import S3Backend

from tests.credit_scoring.conftest import REGION

CONTENT = os.urandom(300_000)


def test_any_range_is_read_exactly(store):
    store.write("a/b", CONTENT)
    assert read_range(store, "a/b", 0, 10) == CONTENT[:10]
    assert read_range(store, "a/b", 199_999, 300_000) == CONTENT[199_999:]
    assert read_range(store, "a/b", 7, 7) == b""


def test_a_range_beyond_the_end_is_never_taken_for_whole(store):
    store.write("a", CONTENT)
    with pytest.raises(StorageUnavailable):
        read_range(store, "a", 299_990, 300_010)


def test_a_reader_seeks_and_reads_like_a_file(store, monkeypatch):
    monkeypatch.setattr(streams, "READ_AHEAD", 4_096)
    store.write("a", CONTENT)
    with open_reader(store, "a", size=len(CONTENT)) as file:
        for offset, whence in ((5, io.SEEK_SET), (70_000, io.SEEK_CUR), (-100, io.SEEK_END)):
            place = file.seek(offset, whence)
            assert file.read(60) == CONTENT[place : place + 60]
        file.seek(0)
        assert file.read() == CONTENT
        assert file.read(1) == b""


def test_an_empty_file_has_a_size_and_no_byte(store):
    store.write("a", b"")
    assert describe(store, "a").size == 0
    with open_reader(store, "a", size=0) as file:
        assert file.read() == b""


@pytest.mark.parametrize("act", [describe, lambda s, k: read_range(s, k, 0, 1)])
def test_what_is_not_there_is_not_found(store, act):
    with pytest.raises(ObjectNotFound):
        act(store, "nothing/here")


def test_the_version_that_was_named_is_read(bucket):
    s3 = boto3.client("s3", region_name=REGION)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    old = s3.put_object(Bucket=bucket, Key="k", Body=b"old", Metadata={"language": "en"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"newer")
    store, version = S3Store(bucket, ""), old["VersionId"]
    assert read_range(store, "k", 0, 3, version_id=version) == b"old"
    facts = describe(store, "k", version_id=version)
    assert (facts.size, dict(facts.metadata)) == (3, {"language": "en"})


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(streams, "PART_BYTES", 100_000)
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1_000)


@pytest.mark.parametrize("step", [1_000, 64_000, 300_000])
def test_what_is_written_piece_by_piece_is_the_whole(store, small_parts, step):
    with open_writer(store, "out/a.csv", content_type="text/csv") as file:
        for start in range(0, len(CONTENT), step):
            file.write(CONTENT[start : start + step])
        assert list(store.list("out/")) == []
    assert store.read("out/a.csv") == CONTENT


def test_nothing_written_is_an_empty_file_or_none(store):
    with open_writer(store, "empty"):
        pass
    with open_writer(store, "none", keep_empty=False):
        pass
    assert list(store.list("")) == ["empty"]


def test_an_error_leaves_nothing_and_what_was_there(store, small_parts):
    store.write("a", b"before")
    with pytest.raises(ZeroDivisionError), open_writer(store, "a") as file:
        _write_and_fail(file)
    assert store.read("a") == b"before"
    if isinstance(store, FolderStore):
        assert [path.name for path in store.folder.iterdir()] == ["a"]
    else:
        assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket=store.bucket)


def _write_and_fail(file):
    file.write(CONTENT)
    raise ZeroDivisionError


def test_a_multipart_that_cannot_be_completed_is_taken_back(bucket, small_parts, monkeypatch):
    def refuse(*_, **__):
        raise OSError

    monkeypatch.setattr(S3Backend, "complete_multipart_upload", refuse)
    with pytest.raises(StorageUnavailable), open_writer(S3Store(bucket, ""), "a") as file:
        file.write(CONTENT)
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket=bucket)
