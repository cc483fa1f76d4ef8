"""The golden dossiers as a branch's file, followed to the last row of its result."""

import csv
import io
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from credit_scoring.aws.clients import client, translated
from credit_scoring.contract.columns import ID
from credit_scoring.errors import ObjectNotFound
from credit_scoring.stored.score_records import CANARY

from functions.canary.expectations import Answered, Expected, Outcome
from functions.canary.places import Places
from functions.canary.problems import file_incomplete, file_late, file_unreadable

# As long as a file of a few rows may take; the function itself has a minute more.
SECONDS_FOR_A_FILE = 300.0
SECONDS_BETWEEN_LOOKS = 2.0
FILE = "golden.csv"


def check_file(expected: Expected, places: Places, *, patience: float) -> tuple[Outcome, float]:
    """What the file says, and after how many seconds its result was there. Raises StorageError."""
    began = time.monotonic()
    folder = drop_file(expected, places)
    receipt = follow(folder, places, until=began + patience)
    seconds = time.monotonic() - began
    if receipt is None:
        return file_late(patience), seconds
    try:
        return _read_result(receipt, folder, expected, places), seconds
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        return file_unreadable(type(error).__name__), seconds


def _read_result(receipt: bytes, folder: str, expected: Expected, places: Places) -> Outcome:
    """Raises ValueError, TypeError, KeyError or csv.Error where it is no result."""
    manifest = json.loads(receipt)
    scored, sent = manifest["scored"], len(expected.applications)
    if scored != sent:
        return file_incomplete(scored, sent)
    found = read_scores(places.results.read(f"{folder}/scores.csv"))
    asked = [str(application[ID]) for application in expected.applications]
    return Answered("the file", str(manifest["model"]["version"]), asked, found)


def drop_file(expected: Expected, places: Places) -> str:
    """Upload a new version of the file; where its results will be."""
    body, key = write_csv(expected.applications), f"uploads/{CANARY}/{FILE}"
    with translated("put_object", key):
        answer = client("s3").put_object(
            Bucket=places.uploads.bucket, Key=key, Body=body, ContentType="text/csv"
        )
    return f"{CANARY}/{FILE}/{answer['VersionId']}"


def write_csv(applications: Sequence[Mapping[str, Any]]) -> bytes:
    """What a dossier leaves out is an empty field, as a branch's system writes it."""
    names = list(dict.fromkeys(name for row in applications for name in row))
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, names, lineterminator="\n")
    lines.writeheader()
    lines.writerows(applications)
    return text.getvalue().encode()


def follow(folder: str, places: Places, *, until: float) -> bytes | None:
    """The receipt, which is written last; None when time is over."""
    while time.monotonic() < until:
        with suppress(ObjectNotFound):
            return places.results.read(f"{folder}/manifest.json")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return None


def read_scores(body: bytes) -> list[tuple[str, float]]:
    """Applicant and PD of each row."""
    rows = csv.DictReader(io.StringIO(body.decode()))
    return [(row["applicant_id"], float(row["probability_of_default"])) for row in rows]
