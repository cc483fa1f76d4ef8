"""A deployment in small: a real model behind an HTTP server, and files in moto's buckets."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import FolderStore, S3Store
from credit_scoring.contract.applicants import parse_record
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.registry import golden
from credit_scoring.registry.champion import Champion
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.score_records import CANARY

from functions.canary.business_hours import read_business_hours
from functions.canary.check import Findings, check
from functions.canary.file_check import FILE
from functions.canary.places import Places

UPLOADS, KEY = "uploads", f"uploads/{CANARY}/{FILE}"
# Times at which no score is expected, so that nobody asks for metrics.
NEVER = read_business_hours("Sun 00:00-00:01")
# As botocore names them, and as calls without it do.
EMULATED = ("S3", "SECRETS_MANAGER", "SECRETSMANAGER", "CLOUDWATCH")


@dataclass
class Deployment:
    """Scores golden dossiers with the model, which answers as whatever version is wanted.

    answer, receipt, scores : what to make of the right ones before they are given
    """

    small_model: object
    models: FolderStore
    results: FolderStore
    serves: str = ""
    answer: Callable[[dict], dict] = lambda content: content
    receipt: Callable[[dict], bytes] = lambda manifest: json.dumps(manifest).encode()
    scores: Callable[[list[dict]], list[dict] | bytes] = lambda rows: rows
    before_call: Callable[[], None] = lambda: None
    places: Places | None = None
    answered: set[str] = field(default_factory=set)

    def publish(self, *, cutoff: float | None = None, **changes: object) -> Champion:
        """Another champion with golden dossiers; changes : of the first of these."""
        dossiers = golden.GoldenDossiers.of_model(self.small_model.model)
        if changes:
            first, *others = dossiers.applications
            pds = [1 - dossiers.default_probabilities[0], *dossiers.default_probabilities[1:]]
            dossiers = golden.GoldenDossiers((first | changes, *others), tuple(pds))
        extra = {golden.FILE: dossiers.to_bytes()}
        champion = self.small_model.publish(self.models, cutoff=cutoff, extra=extra)
        self.serves = champion.version
        return champion

    def run(self, *, seconds: float = 10.0) -> Findings:
        with answering_files(self):
            return check(self.places, patience=seconds)

    def score(self, record: dict) -> dict:
        self.before_call()
        scores = score_applicants(self.small_model.model, parse_record(record))
        pd = float(scores.default_probabilities[0])
        return self.answer({"probability_of_default": pd, "model": {"version": self.serves}})

    def write_result(self, version: str, body: bytes) -> None:
        rows = list(csv.DictReader(io.StringIO(body.decode())))
        sent = [{name: value for name, value in row.items() if value} for row in rows]
        scored = [
            {"applicant_id": row["SK_ID_CURR"],
             "probability_of_default": repr(float(self.pd_of(row["SK_ID_CURR"])))}
            for row in sent
        ]  # fmt: skip
        found = self.scores(scored)
        content = found if isinstance(found, bytes) else to_csv(found)
        self.results.write(f"{CANARY}/{FILE}/{version}/scores.csv", content)
        manifest = {"scored": len(rows), "model": {"version": self.serves}}
        self.results.write(f"{CANARY}/{FILE}/{version}/manifest.json", self.receipt(manifest))

    def pd_of(self, applicant: str) -> float:
        return golden.GoldenDossiers.of_model(self.small_model.model).by_id[applicant]


def to_csv(rows: list[dict]) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, ("applicant_id", "probability_of_default"))
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def answering_files(deployment: Deployment) -> Iterator[None]:
    """Every version of the canary's file gets its result, as soon as somebody looks."""
    over, s3 = Event(), client("s3")

    def watch() -> None:
        while not over.wait(0.05):
            with suppress(s3.exceptions.NoSuchKey):
                found = s3.get_object(Bucket=UPLOADS, Key=KEY)
                if found["VersionId"] not in deployment.answered:
                    deployment.answered.add(found["VersionId"])
                    deployment.write_result(found["VersionId"], found["Body"].read())

    watching = Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


@contextmanager
def serving(deployment: Deployment) -> Iterator[str]:
    """The address of an API that gives everybody a token and scores."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_token = self.path.startswith("/oauth2")
            content = {"access_token": "t"} if is_token else deployment.score(json.loads(body))
            answer = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def deployment(aws_account, aws_address, small_model, tmp_path, monkeypatch):
    where = {"LocationConstraint": "eu-west-3"}
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=UPLOADS, CreateBucketConfiguration=where)
    s3.put_bucket_versioning(Bucket=UPLOADS, VersioningConfiguration={"Status": "Enabled"})
    secret = boto3.client("secretsmanager").create_secret(Name="canary", SecretString="s")["ARN"]
    # Only AWS is emulated: the canary calls the API where its clients do.
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    for service in EMULATED:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", aws_address)
    monkeypatch.setattr("functions.canary.file_check.SECONDS_BETWEEN_LOOKS", 0.05)
    client.cache_clear()
    found = Deployment(
        small_model, FolderStore(tmp_path / "models"), FolderStore(tmp_path / "results")
    )
    with serving(found) as address:
        found.places = Places(
            models=found.models,
            uploads=S3Store(UPLOADS, ""),
            results=found.results,
            api_url=f"{address}/api",
            token_url=f"{address}/oauth2/token",
            client_id="canary",
            client_secret=secret,
            outage_alarm="down",
            hours=NEVER,
            lender=LenderSettings(),
        )
        yield found
    client.cache_clear()
