"""Files in a folder and in S3 behave alike, profiles keep their bits, AWS's errors are ours."""

import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlparse

import boto3
import pytest
from credit_scoring import storage
from credit_scoring.errors import (
    AlreadyExists,
    ApplicantNotFound,
    ObjectNotFound,
    StorageRefused,
    StorageUnavailable,
)
from credit_scoring.storage import (
    FolderStore,
    Profile,
    ProfileTable,
    S3Store,
    open_store,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.core import set_initial_no_auth_action_count

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


def test_keys_are_listed_sorted_by_the_beginning_of_their_name(store):
    for key in ("b/2", "a/1", "b/10", "b.txt", "bc/1", "B/1"):
        store.write(key, b"")
    assert list(store.list("")) == ["B/1", "a/1", "b.txt", "b/10", "b/2", "bc/1"]
    assert list(store.list("b/")) == ["b/10", "b/2"]
    assert list(store.list("b/1")) == ["b/10"]
    assert list(store.list("b")) == ["b.txt", "b/10", "b/2", "bc/1"]
    assert list(store.list("nothing/")) == []


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
    client = make_bucket("uploads", versioned=True)
    client.put_object(Bucket="uploads", Key="x.csv", Body=b"")
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
    put = urlparse(store.presigned_put("x.csv", content_type="text/csv", seconds=60))
    get = urlparse(store.presigned_get("x.csv", filename="scores.csv", seconds=30))
    for url, seconds in ((put, "60"), (get, "30")):
        asked = parse_qs(url.query)
        assert url.path.endswith("in/x.csv")
        assert bucket in url.netloc + url.path
        assert asked["X-Amz-Expires"] == [seconds]
        assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert "content-type" in parse_qs(put.query)["X-Amz-SignedHeaders"][0]
    disposition = parse_qs(get.query)["response-content-disposition"]
    assert disposition == ['attachment; filename="scores.csv"']


def test_a_bucket_that_is_not_there_is_refused(aws):
    with pytest.raises(StorageRefused) as caught:
        open_store("s3://nowhere").read("x")
    assert not caught.value.retryable
    assert caught.value.log_fields["reason"] == "NoSuchBucket"


# Profiles


def profile(applicant_id, **fields):
    return Profile(applicant_id=applicant_id, branch="paris-01", **fields)


def test_a_profile_comes_back_whole(profiles):
    one = Profile(
        applicant_id="007",
        branch="paris-01",
        application={"CODE_GENDER": "F", "AMT_CREDIT": 540000, "NAME": "Zoé « ok »"},
        history={"BUREAU_CREDIT_COUNT": 3.0},
        updated_at="2026-01-31T08:00:00+00:00",
        source_file="uploads/paris-01/x.csv",
    )
    profiles.put_many([one])
    assert profiles.get("007") == one
    assert profiles.get_many(["007"]) == {"007": one}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_with_the_same_bits(value):
    again = Profile.from_item(profile("1", history={"X": value}).to_item())
    assert struct.pack("d", again.history["X"]) == struct.pack("d", value)


def test_floats_come_back_from_the_table_with_the_same_bits(profiles):
    numbers = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456789.123456789]
    history = {f"X{n}": value for n, value in enumerate(numbers)}
    profiles.put_many([profile("1", history=history)])
    found = profiles.get("1").history
    assert [struct.pack("d", v) for v in found.values()] == [struct.pack("d", v) for v in numbers]


def test_an_unknown_applicant_is_not_found(profiles):
    with pytest.raises(ApplicantNotFound) as caught:
        profiles.get("404")
    assert caught.value.applicant_id == "404"


def test_more_profiles_than_one_call_takes_are_written_and_read(profiles):
    many = [profile(f"{n:04}") for n in range(260)]
    profiles.put_many(many)
    asked = [p.applicant_id for p in many] + ["9999", "0001"]
    found = profiles.get_many(asked)
    assert found == {p.applicant_id: p for p in many}


def test_no_profile_is_no_call(profiles):
    profiles.put_many([])
    assert profiles.get_many([]) == {}


def test_of_two_profiles_of_one_applicant_the_last_is_kept(profiles):
    profiles.put_many([profile("1", updated_at="first"), profile("1", updated_at="second")])
    assert profiles.get("1").updated_at == "second"


def test_profiles_are_written_over_what_was_there(profiles):
    profiles.put_many([profile("1", application={"AMT_CREDIT": 1}, source_file="a")])
    profiles.put_many([profile("1", application={"AMT_ANNUITY": 2})])
    assert profiles.get("1").application == {"AMT_ANNUITY": 2}


def test_search_finds_ids_by_their_beginning_in_order(profiles):
    profiles.put_many([profile(str(n)) for n in (100, 1002, 1001, 200, 21)])
    assert [p.applicant_id for p in profiles.search("100", limit=20)] == ["100", "1001", "1002"]
    assert [p.applicant_id for p in profiles.search("2", limit=1)] == ["200"]
    assert len(profiles.search("", limit=20)) == 5
    assert profiles.search("3", limit=20) == []


def test_search_goes_through_every_page_of_the_table(profiles):
    heavy = {"NOTE": "x" * 100_000}
    profiles.put_many([profile(f"{n:03}", application=heavy) for n in range(30)])
    assert [p.applicant_id for p in profiles.search("029", limit=20)] == ["029"]


def test_an_applications_own_values_come_before_the_history():
    one = profile("1", application={"A": 1}, history={"A": 2, "B": 3})
    assert one.record == {"A": 1, "B": 3}


def test_a_table_that_is_not_there_is_refused(aws):
    for act in (
        lambda table: table.get("1"),
        lambda table: table.get_many(["1"]),
        lambda table: table.put_many([profile("1")]),
        lambda table: table.search("1", limit=1),
    ):
        with pytest.raises(StorageRefused):
            act(ProfileTable("nowhere"))


# Errors


@pytest.fixture
def nobody_listens(monkeypatch):
    """An endpoint on a port where nothing answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    storage.client.cache_clear()
    yield
    storage.client.cache_clear()


def test_a_refused_connection_is_unavailable_and_worth_another_try(nobody_listens):
    with pytest.raises(StorageUnavailable) as caught:
        open_store("s3://models").read("x")
    assert caught.value.retryable
    assert caught.value.log_fields == {
        "error": "StorageUnavailable",
        "operation": "read",
        "reason": "EndpointConnectionError",
    }


def test_profiles_without_an_answer_are_unavailable(nobody_listens):
    with pytest.raises(StorageUnavailable):
        ProfileTable("profiles").get("1")


def test_without_credentials_storage_is_refused_for_good(monkeypatch, tmp_path):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    storage.client.cache_clear()
    store = open_store("s3://models")
    for act in (
        lambda: store.read("x"),
        lambda: store.presigned_put("x", content_type="text/csv", seconds=1),
    ):
        with pytest.raises(StorageRefused, match="NoCredentialsError"):
            act()
    storage.client.cache_clear()


@pytest.fixture
def stranger(aws, monkeypatch):
    """The keys of a user who may do nothing."""
    make_bucket("locked").put_object(Bucket="locked", Key="x", Body=b"")
    iam = boto3.client("iam", region_name=REGION)
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    storage.client.cache_clear()


@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.read("x"),
        lambda store: store.write("x", b""),
        lambda store: list(store.list("")),
    ],
)
def test_access_denied_is_refused_and_not_worth_another_try(stranger, act):
    @set_initial_no_auth_action_count(0)
    def attempt():
        act(open_store("s3://locked"))

    with pytest.raises(StorageRefused) as caught:
        attempt()
    assert caught.value.reason == "AccessDenied"
    assert not caught.value.retryable


class Answer(BaseHTTPRequestHandler):
    status, code, announced = 503, "SlowDown", 0

    def do_GET(self):
        body = f"<Error><Code>{self.code}</Code></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body) + self.announced))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def answering(nobody_listens, monkeypatch):
    """An endpoint that gives one answer to everything."""
    servers = []

    def start(**answer):
        handler = type("ThisAnswer", (Answer,), answer)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        storage.client.cache_clear()
        return open_store("s3://models")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (502, "WhoKnows")])
def test_a_busy_storage_is_worth_another_try(answering, status, code):
    with pytest.raises(StorageUnavailable) as caught:
        answering(status=status, code=code).read("x")
    assert caught.value.reason == code


def test_an_answer_that_breaks_off_is_worth_another_try(answering):
    with pytest.raises(StorageUnavailable):
        answering(status=200, announced=100).read("x")


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "NoSuchKey", ObjectNotFound),
        (404, "NoSuchVersion", ObjectNotFound),
        (412, "PreconditionFailed", AlreadyExists),
        (409, "ConditionalRequestConflict", AlreadyExists),
        (403, "InvalidAccessKeyId", StorageRefused),
        (404, "NoSuchBucket", StorageRefused),
    ],
)
def test_an_error_of_aws_becomes_ours(answering, status, code, error):
    with pytest.raises(error):
        answering(status=status, code=code).read("x")
