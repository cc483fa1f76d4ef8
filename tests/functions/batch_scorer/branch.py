"""A branch system: writes files, uploads them, tells the function, and reads what comes back."""

import copy
import csv
import importlib
import io
import json
import logging
import sys
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import quote_plus

import boto3
import numpy as np
from credit_scoring.aws.storage import open_store
from credit_scoring.stored.applicant_lists import ApplicantLists, ApplicantRows, CachedLists

from tests.models import draw_record
from tests.repository import EVENTS

SERVICE = "batch-scorer"


def draw_rows(count: int, *, seed: int = 3, first_id: int = 200_001) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    return [draw_record(rng, str(first_id + n)) for n in range(count)]


def without_history(row: dict[str, Any]) -> dict[str, Any]:
    return {name: v for name, v in row.items() if not name.startswith(("BUREAU_", "PREVIOUS_"))}


def to_csv(rows: list[dict[str, Any]], *, delimiter: str = ",", ending: str = "\n") -> bytes:
    """Rows that lack a column leave it empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass(frozen=True)
class Result:
    """What lies under one upload's folder."""

    files: dict[str, bytes]

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.files["manifest.json"])

    @property
    def scores(self) -> list[dict[str, str]]:
        return self._lines("scores.csv")

    @property
    def rejects(self) -> list[dict[str, str]]:
        return self._lines("rejects.csv")

    @property
    def pds(self) -> dict[str, float]:
        return {
            s["applicant_id"]: float(s["probability_of_default"].replace(",", "."))
            for s in self.scores
        }

    @property
    def causes(self) -> list[tuple[int, str, str]]:
        return [
            (int(r["reject_line"]), r["reject_column"], r["reject_cause"]) for r in self.rejects
        ]

    def _lines(self, name: str) -> list[dict[str, str]]:
        dialect = self.manifest["dialect"]
        encoding = dialect["encoding"] if name == "rejects.csv" else "utf-8"
        text = io.StringIO(self.files[name].decode(encoding).removeprefix("\ufeff"), newline="")
        return list(csv.DictReader(text, delimiter=dialect["delimiter"], strict=True))


class Branch:
    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.remaining_ms = lambda: 900_000

    def send(self, body: bytes, *, name: str = "a.csv", branch: str = "paris-01") -> Result:
        """Upload, invoke and look: the whole way of a file."""
        event = self.upload(body, f"uploads/{branch}/{name}")
        self.invoke(event)
        version = event["Records"][0]["s3"]["object"]["versionId"]
        return self.result(f"{branch}/{name}/{version}")

    def send_rows(self, rows: list[dict[str, Any]], **how: Any) -> Result:
        return self.send(to_csv(rows), **how)

    def upload(
        self, body: bytes, key: str = "uploads/paris-01/a.csv", **metadata: str
    ) -> dict[str, Any]:
        """Returns the event that S3 sends for it."""
        answer = boto3.client("s3").put_object(
            Bucket="uploads", Key=key, Body=body, Metadata=metadata
        )
        event = copy.deepcopy(json.loads((EVENTS / "s3_put.json").read_text()))
        # S3 writes keys as HTML forms do: spaces as +, everything beyond ASCII as %XX.
        event["Records"][0]["s3"]["object"] |= {
            "key": quote_plus(key, safe="/"),
            "size": len(body),
            "eTag": answer["ETag"].strip('"'),
            "versionId": answer["VersionId"],
        }
        return event

    def invoke(self, event: dict[str, Any]) -> None:
        context = SimpleNamespace(
            aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef", function_name=SERVICE,
            memory_limit_in_mb=2048, invoked_function_arn=f"arn:aws:lambda:::function:{SERVICE}",
            get_remaining_time_in_millis=self.remaining_ms,
        )  # fmt: skip
        self.module.handler(copy.deepcopy(event), context)

    def result(self, folder: str) -> Result:
        prefix = f"scored/{folder}/"
        return Result({k.removeprefix(prefix): v for k, v in everything().items() if prefix in k})


def everything() -> dict[str, bytes]:
    """All results, records and lists, by key."""
    return {key: body for key, body in stored().items() if not key.startswith("work/")}


def stored() -> dict[str, bytes]:
    """Work on its way, too."""
    s3 = boto3.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="results")
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    return {key: s3.get_object(Bucket="results", Key=key)["Body"].read() for key in keys}


def list_files(branch: str = "paris-01") -> list[str]:
    """The files that make a branch's list of applicants."""
    return [key for key in stored() if key.startswith(f"lists/{branch}/")]


def listed(branch: str = "paris-01") -> ApplicantRows:
    """What the page's list finds there."""
    return CachedLists(ApplicantLists(open_store("s3://results/lists"))).rows([branch])


def profile_count() -> int:
    return boto3.client("dynamodb").scan(TableName="profiles", Select="COUNT")["Count"]


def start_function() -> ModuleType:
    """Import the function anew, as a cold start does."""
    for name in [name for name in sys.modules if name.startswith("functions.batch_scorer")]:
        del sys.modules[name]
    logging.Logger.manager.loggerDict.pop(SERVICE, None)
    module = importlib.import_module("functions.batch_scorer.handler")
    # pytest changes stdout between setting up and calling a test; the logger keeps what it found.
    logging.getLogger(SERVICE).handlers[0].setStream(Stdout())
    return module


class Stdout:
    """Whatever stdout is when something is written."""

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()
