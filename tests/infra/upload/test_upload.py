"""`python -m infra.upload`: as a person starts it, against the page's stand-in or a storage."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import S3Store

from infra.upload import login
from infra.upload.__main__ import main
from tests.browser import stand_in
from tests.repository import ROOT
from tests.totp import code_of

ACCOUNT = {"UPLOAD_USER": "alice.martin", "UPLOAD_PASSWORD": stand_in.PASSWORD}
HEADER = b"SK_ID_CURR,AMT_CREDIT\n"
SOME_ROWS = HEADER + b"1,2\n" * 50_000


@pytest.fixture
def service(aws_account):
    """A stand-in with an account of its own; the environment, which it changes, is put back."""
    before = dict(os.environ)
    client.cache_clear()
    server = stand_in.start()
    yield server
    server.shutdown()
    client.cache_clear()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def table(tmp_path):
    return write(tmp_path, "applications.csv")


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def write(folder: Path, name: str, content: bytes = SOME_ROWS) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def run(capsys, monkeypatch):
    """The program in this process, with nobody to be asked anything."""

    def run_(file, *arguments, **environment) -> Done:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            raise SystemExit(main([str(file), *map(str, arguments)]))
        return Done(ended.value.code, *capsys.readouterr())

    monkeypatch.setattr("sys.stdin", io.StringIO())
    return run_


@pytest.fixture
def upload(run, service):
    def upload_(file, *arguments, branch="paris-01", **environment) -> Done:
        site = ("--branch", branch, "--url", service.url)
        return run(file, *site, *arguments, **ACCOUNT | environment)

    return upload_


class TestThroughTheApi:
    def test_the_whole_file_arrives(self, upload, service, table):
        upload(table)
        [stored] = service.stored.values()
        assert stored == SOME_ROWS

    def test_rejected_rows_are_counted_by_cause_and_end_with_2(self, upload, service, table):
        done = upload(table)
        assert done.returncode == 2
        assert "5,000 rows: 4,988 scored, 12 rejected." in done.stdout
        assert "missing" in done.stdout
        assert "AMT_CREDIT" in done.stdout
        assert "Columns without effect: AGENCE_COMMENTAIRE" in done.stdout

    def test_without_a_rejected_row_it_ends_with_0(self, upload, service, tmp_path):
        assert upload(write(tmp_path, "rejects.csv")).returncode == 0

    @pytest.mark.parametrize("name", ["packed.csv.gz", "packed.zip"])
    def test_a_packed_file_goes_as_it_is(self, upload, service, tmp_path, name):
        assert upload(write(tmp_path, name, bytes(range(256)))).returncode == 2
        assert (tmp_path / "packed-scores.csv").is_file()

    def test_results_lie_beside_the_file_under_its_name(self, upload, service, table):
        done = upload(table)
        names = [f"applications-{n}" for n in ("scores.csv", "rejects.csv", "manifest.json")]
        assert done.stdout.splitlines()[-3:] == [str(table.parent / name) for name in names]
        assert {path.name for path in table.parent.iterdir()} == {table.name, *names}

    def test_results_go_where_they_are_wanted(self, upload, table, tmp_path):
        upload(table, "--out", tmp_path / "new" / "folder")
        assert (tmp_path / "new" / "folder" / "applications-scores.csv").is_file()
        assert not (tmp_path / "applications-scores.csv").exists()

    def test_the_language_is_signed_and_sent(self, upload, service, table):
        upload(table, "--language", "fr")
        [headers] = service.signed.values()
        assert headers["x-amz-meta-language"] == "fr"

    def test_a_file_that_fails_as_a_whole_says_why_and_ends_with_1(self, upload, service, tmp_path):
        done = upload(write(tmp_path, "broken.csv"))
        assert done.returncode == 1
        assert "no column SK_ID_CURR" in done.stdout

    def test_two_bars_show_bytes_and_rows(self, upload, service, table):
        told = upload(table).stderr
        assert "sending: 100%" in told
        assert "scoring: 100%" in told
        assert "5.00k/5.00k" in told


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [("a.csv", None, "is no file"), ("a.csv", b"", "is empty"), ("a.xlsx", b"x", "must end")],
    )
    def test_a_file_that_cannot_be_sent_is_said_at_once(
        self, upload, service, tmp_path, name, content, words
    ):
        if content is not None:
            write(tmp_path, name, content)
        done = upload(tmp_path / name)
        assert (done.returncode, words in done.stderr) == (1, True)
        assert not service.stored

    def test_a_file_above_the_limit_is_said_before_a_byte_is_sent(self, upload, service, tmp_path):
        with (tmp_path / "large.csv").open("wb") as file:
            file.truncate(6 * 1024**3)  # sparse
        done = upload(tmp_path / "large.csv")
        assert (done.returncode, "larger than 5 GB" in done.stderr) == (1, True)

    def test_a_service_that_is_not_running_is_said(self, run, table):
        done = run(table, "--branch", "paris-01", "--url", "http://127.0.0.1:9", **ACCOUNT)
        assert (done.returncode, "make demo" in done.stderr) == (1, True)

    def test_an_address_of_something_else_is_said(self, run, aws_address, table):
        done = run(table, "--branch", "a", "--url", aws_address, **ACCOUNT)
        assert (done.returncode, "not the address of the page" in done.stderr) == (1, True)

    def test_a_wrong_password_is_said_and_never_repeated(self, upload, service, table):
        done = upload(table, UPLOAD_PASSWORD="hunter-2-wrong")
        assert (done.returncode, "was not let in" in done.stderr) == (1, True)
        assert "hunter-2" not in done.stdout + done.stderr
        assert not service.stored

    def test_an_account_with_a_second_factor_sends_its_code(self, upload, service, table):
        service.enrolled["careful"] = secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        done = upload(table, UPLOAD_USER="careful")
        assert (done.returncode, "set UPLOAD_CODE" in done.stderr) == (1, True)
        done = upload(table, UPLOAD_USER="careful", UPLOAD_CODE="12")
        assert (done.returncode, "and the code" in done.stderr) == (1, True)
        assert not service.stored
        done = upload(table, UPLOAD_USER="careful", UPLOAD_CODE=code_of(secret))
        assert (done.returncode, len(service.stored)) == (2, 1)  # some rows were rejected

    def test_the_token_of_a_person_is_all_that_the_login_prints(self, service, capsys, monkeypatch):
        for name, value in ACCOUNT.items():
            monkeypatch.setenv(name, value)
        assert login.main(["--url", service.url]) == 0
        told = capsys.readouterr()
        assert told.out.strip().endswith(f"token-of-{ACCOUNT['UPLOAD_USER']}")
        monkeypatch.setenv("UPLOAD_PASSWORD", "hunter-2-wrong")
        assert login.main(["--url", service.url]) == 1
        told = capsys.readouterr()
        assert (told.out, "was not let in" in told.err) == ("", True)

    def test_an_account_that_was_never_used_is_sent_to_the_page(self, upload, service, table):
        done = upload(table, UPLOAD_USER="new.advisor")
        assert "must first log in on the page" in done.stderr

    def test_without_a_person_to_ask_the_variables_are_named(self, upload, service, table):
        done = upload(table, UPLOAD_PASSWORD="")
        assert (done.returncode, "UPLOAD_PASSWORD" in done.stderr) == (1, True)

    def test_a_refusal_of_the_storage_is_said(self, upload, service, tmp_path):
        done = upload(write(tmp_path, "refused.csv"))
        assert (done.returncode, "storage refused" in done.stderr) == (1, True)

    def test_a_branch_that_is_no_name_is_said(self, upload, service, table):
        assert "is no branch" in upload(table, branch="../paris").stderr

    def test_a_wrong_option_ends_with_1_as_2_means_rejects(self, run, table):
        assert run(table).returncode == 1
        assert run(table, "--branch", "a", "--bucket", "b").returncode == 1


@pytest.fixture
def buckets(aws_account):
    client.cache_clear()
    s3, where = client("s3"), {"LocationConstraint": "eu-west-3"}
    for bucket in ("uploads", "results"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    s3.put_bucket_versioning(Bucket="uploads", VersioningConfiguration={"Status": "Enabled"})
    yield s3
    client.cache_clear()


def answer_first_upload(s3, **manifest) -> None:
    """What the batch function leaves for the first object that comes."""
    while not (found := s3.list_object_versions(Bucket="uploads").get("Versions")):
        pass
    key, version = found[0]["Key"].removeprefix("uploads/"), found[0]["VersionId"]
    results = S3Store("results", f"scored/{key}/{version}/")
    results.write("scores.csv", b"scores")
    results.write("rejects.csv", b"rejects")
    counts = {"status": "finished", "rows": 3, "scored": 3, "rejected": 0}
    results.write("manifest.json", json.dumps(counts | manifest).encode())


class TestThroughTheStorage:
    PLACES = ("--branch", "lyon", "--bucket", "uploads", "--results", "results")

    def test_a_branch_with_credentials_needs_no_login(self, run, buckets, table):
        scorer = Thread(target=answer_first_upload, args=(buckets,), daemon=True)
        scorer.start()
        done = run(table, *self.PLACES, "--language", "en")
        assert done.returncode == 0, done.stderr
        assert "3 rows: 3 scored, 0 rejected." in done.stdout
        assert (table.parent / "applications-scores.csv").read_bytes() == b"scores"
        [sent] = buckets.list_objects_v2(Bucket="uploads")["Contents"]
        kept = buckets.get_object(Bucket="uploads", Key=sent["Key"])
        assert sent["Key"].startswith("uploads/lyon/applications-")
        assert (kept["Body"].read(), kept["Metadata"]) == (SOME_ROWS, {"language": "en"})

    def test_a_failed_file_brings_its_receipt_only(self, run, buckets, table):
        failed = {"status": "failed", "detail": "The file is a picture."}
        Thread(target=answer_first_upload, args=(buckets,), kwargs=failed, daemon=True).start()
        done = run(table, *self.PLACES)
        assert (done.returncode, "is a picture" in done.stdout) == (1, True)
        assert not (table.parent / "applications-scores.csv").exists()
        assert (table.parent / "applications-manifest.json").is_file()

    def test_a_bucket_that_is_not_there_is_said(self, run, buckets, table):
        done = run(table, "--branch", "lyon", "--bucket", "nowhere", "--results", "results")
        assert (done.returncode, "storage refused" in done.stderr) == (1, True)

    def test_patience_has_an_end(self, run, buckets, table):
        done = run(table, *self.PLACES, "--patience", "0.01")
        assert (done.returncode, "goes on by itself" in done.stderr) == (1, True)


def test_it_starts_as_a_program_of_its_own(service, table):
    command = [sys.executable, "-m", "infra.upload", str(table), "--branch", "paris-01"]
    done = subprocess.run(
        [*command, "--url", service.url], cwd=ROOT, env={**os.environ, **ACCOUNT},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "12 rejected" in done.stdout
