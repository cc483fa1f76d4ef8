"""AWS as moto's server plays it, in a process of its own, and what a branch does with it."""

import copy
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus
from urllib.request import urlopen

import boto3
from botocore.config import Config
from credit_scoring.aws.storage import S3Store
from credit_scoring.stored.applicant_lists import ApplicantLists, CachedLists

from tests.repository import EVENTS

BRANCH = "paris-01"
# What would be small parts of a small file on AWS, too.
SERVER = {"S3_UPLOAD_PART_MIN_SIZE": "256", "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": "16777216"}
VARYING = ("durations", "cost")

type Event = dict[str, Any]


def environment(address: str) -> dict[str, str]:
    """Of the batch function."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "MODELS_URL": "s3://models/models",
        "RESULTS_URL": "s3://results/scored",
        "WORK_URL": "s3://results/work",
        "RECORDS_URL": "s3://results/records",
        "LISTS_URL": "s3://results/lists",
        "PSEUDONYM_KEY": "a key of tests",
        "PROFILES_TABLE": "profiles",
        "BATCHES_TABLE": "batches",
        "EVENT_BUS": "default",
        "POWERTOOLS_SERVICE_NAME": "batch-scorer",
        "POWERTOOLS_METRICS_NAMESPACE": "CreditScoring",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    }


@contextmanager
def serve(port: int) -> Iterator[str]:
    """The address of a cloud that is ready."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=os.environ | SERVER, **quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.kill()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urlopen(f"{address}/moto-api/", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("moto's server did not start")


@dataclass(frozen=True)
class Results:
    """files : scores.csv and rejects.csv; manifest : without what may vary"""

    files: dict[str, bytes]
    manifest: dict[str, Any]

    def renamed(self, version: str) -> "Results":
        """As if the file's version had another name."""
        own = self.manifest["version_id"].encode()
        files = {name: body.replace(own, version.encode()) for name, body in self.files.items()}
        text = json.dumps(self.manifest).replace(own.decode(), version)
        return Results(files, json.loads(text))

    def ids(self, name: str) -> list[str]:
        column = {"scores.csv": "applicant_id", "rejects.csv": "SK_ID_CURR"}[name]
        header, *lines = self.files[name].decode().splitlines()
        place = header.split(",").index(column)
        return [line.split(",")[place] if name == "scores.csv" else line for line in lines]


class Cloud:
    """Buckets and tables behind an address."""

    def __init__(self, address: str) -> None:
        self.address = address
        config = Config(retries={"mode": "standard"}, s3={"addressing_style": "path"})
        where = {"endpoint_url": address, "region_name": "eu-west-3", "config": config}
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self.s3 = boto3.client("s3", **where, **keys)
        self.dynamodb = boto3.client("dynamodb", **where, **keys)

    def build(self) -> None:
        for bucket in ("models", "uploads", "results"):
            place = {"LocationConstraint": "eu-west-3"}
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
            kept = {"Status": "Enabled"}
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=kept)
        self._create_table("profiles", "applicant_id")
        self._create_table("batches", "branch", "batch")

    def _create_table(self, name: str, *keys: str) -> None:
        kinds = ("HASH", "RANGE")[: len(keys)]
        self.dynamodb.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": k, "KeyType": t} for k, t in zip(keys, kinds, strict=True)
            ],
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            BillingMode="PAY_PER_REQUEST",
        )

    def upload(self, body: bytes, filename: str, *, branch: str = BRANCH) -> Event:
        """Returns the event that S3 sends for it."""
        key = f"uploads/{branch}/{filename}"
        answer = self.s3.put_object(Bucket="uploads", Key=key, Body=body)
        event = copy.deepcopy(json.loads((EVENTS / "s3_put.json").read_text()))
        event["Records"][0]["s3"]["object"] |= {
            "key": quote_plus(key, safe="/"), "size": len(body), "versionId": answer["VersionId"],
        }  # fmt: skip
        return event

    def keys(self, prefix: str) -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket="results", Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        return self.s3.get_object(Bucket="results", Key=key)["Body"].read()

    def results(self, event: Event) -> Results | None:
        """None before there is a receipt."""
        folder = f"scored/{folder_of(event)}"
        if f"{folder}/manifest.json" not in self.keys(folder):
            return None
        manifest = json.loads(self.read(f"{folder}/manifest.json"))
        files = {name: self.read(f"{folder}/{name}") for name in manifest["files"].values()}
        return Results(files, {k: v for k, v in manifest.items() if k not in VARYING})

    def listed(self, branch: str) -> list[str]:
        """The ids that the page's list of a branch shows."""
        lists = ApplicantLists(S3Store("results", "lists/", self.s3))
        return [one.decode() for one in CachedLists(lists).rows([branch]).ids.tolist()]

    def forget(self, event: Event) -> None:
        """Results, work and record: as if the file had just arrived."""
        folder = folder_of(event)
        for prefix in (f"scored/{folder}/", "work/"):
            for key in self.keys(prefix):
                self.s3.delete_object(Bucket="results", Key=key)
        branch, _, batch = folder.partition("/")
        place = {"branch": {"S": branch}, "batch": {"S": batch}}
        self.dynamodb.delete_item(TableName="batches", Key=place)


def folder_of(event: Event) -> str:
    found = event["Records"][0]["s3"]["object"]
    return f"{found['key'].removeprefix('uploads/')}/{found['versionId']}"
