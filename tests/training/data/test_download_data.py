"""Fetching the real tables: the real client against a stand-in for Kaggle's servers, and nothing.

The stand-in is a proxy that answers for Kaggle with certificates of its own, so that the client
runs as it is, in a process of its own: it reads the credentials when it is imported.
"""

import datetime
import io
import json
import os
import ssl
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.repository import ROOT
from training.data.download_data import COMPETITION, RULES_PAGE, STAGING, TABLES

HOSTS = ("api.kaggle.com", "storage.googleapis.com")
PROGRAM = """
import argparse, sys
from credit_scoring.errors import DatasetError
from training.data import download_data
parser = argparse.ArgumentParser()
download_data.add_arguments(parser)
try:
    sys.exit(download_data.run(parser.parse_args()))
except DatasetError as error:
    sys.exit(f"error: {error}")
"""


def archive(names=TABLES):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zip_file:
        for name in (*names, "sample_submission.csv"):
            zip_file.writestr(name, f"{name} as text\n")
    return packed.getvalue()


class Kaggle(ThreadingHTTPServer):
    """A proxy that is api.kaggle.com and the storage that it sends clients to.

    status : what the API answers; 302 sends the client to the archive
    """

    daemon_threads = True

    def __init__(self, certificates):
        super().__init__(("127.0.0.1", 0), Answers)
        self.status, self.body, self.asked = 302, archive(), []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificates)


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self):
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def do_POST(self):
        request = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(request), self.headers["Authorization"]))
        self.send_response(self.server.status)
        self.send_header("Location", f"https://{HOSTS[1]}/bundle/archive.zip?signed=1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/zip")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A self-signed certificate for Kaggle's hosts, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    hosts = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - day).not_valid_after(now + day)
    builder = builder.add_extension(hosts, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("certificates") / "kaggle.pem"
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(pem))
    return path


@pytest.fixture
def kaggle(certificates):
    server = Kaggle(certificates)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def download(tmp_path, certificates):
    """Run the command with a home folder and an environment of its own."""

    def run(*arguments, proxy="http://127.0.0.1:9", **credentials):
        environment = {name: os.environ[name] for name in ("PATH",)} | {
            "HOME": str(tmp_path / "home"),
            "PYTHONPATH": os.pathsep.join(
                [str(ROOT), str(ROOT / "layers" / "credit_scoring" / "python")]
            ),
            "HTTPS_PROXY": proxy,
            "REQUESTS_CA_BUNDLE": str(certificates),
        }
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, "--out", str(tmp_path / "data"), *arguments],
            env=environment | credentials,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


LEGACY = {"KAGGLE_USERNAME": "somebody", "KAGGLE_KEY": "secret"}


def address(server):
    return f"http://127.0.0.1:{server.server_port}"


def visible(folder):
    return {path.name for path in folder.iterdir()}


def test_no_credentials_says_where_to_get_them(download, tmp_path):
    done = download()
    assert done.returncode == 1
    assert done.stderr.startswith("error: no valid Kaggle credentials: create a token on https://")
    assert RULES_PAGE in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("credentials", [LEGACY, {"KAGGLE_API_TOKEN": "KGAT_0"}])
def test_no_network_is_one_sentence_and_leaves_nothing(download, credentials, tmp_path):
    done = download(**credentials)
    assert done.stderr.splitlines() == [
        "error: no connection to Kaggle: check the network or the proxy, then run this again; "
        "a started download is continued"
    ]
    assert not (tmp_path / "data").exists() or visible(tmp_path / "data") == set()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "does not accept the credentials: create a new token"),
        (403, f"accept the competition's rules on {RULES_PAGE}"),
        (404, "does not know home-credit-default-risk any more"),
        (503, "answers with error 503: run this again later"),
    ],
)
def test_a_refusal_of_kaggle_says_what_to_do(download, kaggle, status, sentence):
    kaggle.status = status
    done = download(proxy=address(kaggle), **LEGACY)
    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]


def test_the_tables_are_downloaded_and_unpacked_under_their_names(download, kaggle, tmp_path):
    done = download(proxy=address(kaggle), **LEGACY)
    assert done.returncode == 0, done.stderr
    path, request, authorization = kaggle.asked[0]
    assert path.endswith("CompetitionApiService/DownloadDataFiles")
    assert request == {"competitionName": COMPETITION}
    assert authorization.startswith("Basic ")
    assert visible(tmp_path / "data") == set(TABLES)
    assert (tmp_path / "data" / "bureau.csv").read_text() == "bureau.csv as text\n"
    assert json.loads(done.stdout)["bytes"]["bureau.csv"] == len("bureau.csv as text\n")
    assert "100%" in done.stderr


def test_tables_that_are_there_are_only_replaced_with_force(download, kaggle, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bureau.csv").write_text("mine")
    refused = download(proxy=address(kaggle), **LEGACY)
    assert "already holds bureau.csv: add --force" in refused.stderr
    assert kaggle.asked == []
    assert download("--force", proxy=address(kaggle), **LEGACY).returncode == 0
    assert (tmp_path / "data" / "bureau.csv").read_text() != "mine"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>not a zip</html>", "archive is damaged"),
        (archive(TABLES[:-1]), "holds no installments_payments.csv"),
    ],
)
def test_a_wrong_archive_leaves_no_table(download, kaggle, tmp_path, body, sentence):
    kaggle.body = body
    done = download(proxy=address(kaggle), **LEGACY)
    assert sentence in done.stderr.splitlines()[-1]
    assert visible(tmp_path / "data") <= {STAGING}


def test_a_path_under_a_file_is_one_clear_sentence(download, kaggle, tmp_path):
    (tmp_path / "data").write_text("a file")
    done = download(proxy=address(kaggle), **LEGACY)
    assert "is a file or lies under one: choose another folder" in done.stderr.splitlines()[-1]
