"""GET /batches and /batches/{batch}: which files came, how far each is, and what became of it."""

import json
import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from credit_scoring.aws.storage import S3Store
from credit_scoring.errors import BatchNotFound, ObjectNotFound
from credit_scoring.stored.batches import (
    FAILED,
    FINISHED,
    QUEUED,
    RUNNING,
    BatchRecord,
    BatchTable,
    Wanted,
    is_branch,
)

from functions.score_api.access import require_branch
from functions.score_api.answers.file_names import is_batch, split_ending
from functions.score_api.http.parameters import no_such_page
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

SECONDS_TO_DOWNLOAD = 15 * 60
MANIFEST = "manifest.json"
FILES = {"scores": "scores.csv", "rejects": "rejects.csv"}
STATUSES = (QUEUED, RUNNING, FINISHED, FAILED)
# An address may already have been given out although nothing was received yet.
WAITING = "waiting"
MOST_LISTED, LISTED = 100, 20
LONGEST_CURSOR = 4_096
LONGEST_NAME = 100
OPEN_ONLY = "yes"
# A day, or a second of one.
TIME_PATTERN = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?"
_TIME = re.compile(TIME_PATTERN, re.ASCII)
COUNTS = ("rows", "rows_done", "scored", "rejected", "open_rejects")
TEXTS = ("status", "received_at", "updated_at", "model_version", "detail", "digest")


def list_batches(request: Request, service: Service) -> Response:
    query = read_query(request.query)
    wanted = Wanted(
        branches=_branches(request, query.get("branch", "")),
        status=query.get("status", ""),
        name=query.get("name", ""),
        since=query.get("since", "").removesuffix("Z"),
        before=query.get("before", "").removesuffix("Z"),
        open_only=query.get("open") == OPEN_ONLY,
    )
    try:
        page = service.batches.newest(wanted, limit=query["limit"], cursor=query.get("cursor"))
    except (ValueError, RecursionError):
        raise no_such_page() from None
    items = [record_content(record) for record in page.items]
    return json_response({"items": items, "cursor": page.cursor})


def get_batch(request: Request, service: Service) -> Response:
    # A batch's name has slashes, as it stands or escaped.
    batch = unquote(request.path.partition("/batches/")[2])
    # Another branch's files stay as closed as what is no file at all.
    if not (is_batch(batch) and request.caller.sees(batch.partition("/")[0])):
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            "No such batch is yours: it is called <branch>/<file>, as the upload was told.",
            title="Batch not found",
        )
    return json_response(batch_content(batch, service))


def _branches(request: Request, asked: str) -> Collection[str] | None:
    """Whose files are listed. Raises RequestRefused (403) for another branch than the caller's."""
    if not asked:
        return request.caller.branches
    require_branch(request.caller, asked)
    return [asked]


def read_query(sent: Mapping[str, str]) -> dict[str, Any]:
    """Checked; an empty cursor is none. Raises RequestRefused (400) that names the parameter."""
    given = {name: value for name, value in sent.items() if value or name != "cursor"}
    if "branch" in given and not is_branch(given["branch"]):
        raise _refused("`branch` must be a branch's name.")
    if given.get("status", QUEUED) not in STATUSES:
        raise _refused(f"`status` must be one of: {', '.join(STATUSES)}.")
    for name in ("since", "before"):
        if name in given and not _TIME.fullmatch(given[name]):
            raise _refused(f"`{name}` must be a day or a time in UTC, like 2026-06-01T08:00:00Z.")
    if len(given.get("name", "")) > LONGEST_NAME:
        raise _refused(f"`name` may have at most {LONGEST_NAME} characters.")
    if given.get("open", OPEN_ONLY) != OPEN_ONLY:
        raise _refused(f"`open` is `{OPEN_ONLY}` or left out.")
    if len(given.get("cursor", "")) > LONGEST_CURSOR:
        raise _refused("`cursor` must be one that an answer gave.")
    return {**given, "limit": _read_limit(given.get("limit", str(LISTED)))}


def batch_content(batch: str, service: Service) -> dict[str, Any]:
    """How a file stands; once it is over also its manifest, and where to download its results."""
    try:
        record = find_record(batch, service.batches)
    except BatchNotFound:
        return {"batch": batch, "status": WAITING}
    content = record_content(record)
    manifest = _read_manifest(record, service.results) if record.is_over else None
    if manifest is None:
        return content
    urls = _urls(record, manifest, service.results)
    repairs = _repairs_urls(record, manifest, service)
    return {**content, **urls, "repairs_urls": repairs, "manifest": manifest}


def find_record(batch: str, batches: BatchTable) -> BatchRecord:
    """Of <branch>/<file>/<version>, or of the newest version. Raises BatchNotFound."""
    branch, _, rest = batch.partition("/")
    return batches.get(branch, rest) if "/" in rest else batches.newest_version(branch, rest)


def record_content(record: BatchRecord) -> dict[str, Any]:
    file, _, version = record.batch.partition("/")
    names = {"batch": f"{record.branch}/{record.batch}", "branch": record.branch}
    told = {name: getattr(record, name) for name in (*TEXTS, *COUNTS)}
    return {**names, "file": file, "version": version, **told}


def _read_manifest(record: BatchRecord, results: S3Store) -> Any:
    """None when the results are no longer kept."""
    try:
        return json.loads(results.read(f"{record.branch}/{record.batch}/{MANIFEST}"))
    except ObjectNotFound:
        return None


def _urls(record: BatchRecord, manifest: Mapping[str, Any], results: S3Store) -> dict[str, str]:
    """Where to download each file, under a name that still tells whose result it is."""
    stem = split_ending(record.batch.partition("/")[0])[0]
    files = {"manifest": MANIFEST}
    if record.status == FINISHED:
        files |= manifest.get("files", FILES)
    return {
        f"{kind}_url": results.presigned_get(
            f"{record.branch}/{record.batch}/{name}",
            filename=f"{stem}-{name}",
            seconds=SECONDS_TO_DOWNLOAD,
        )
        for kind, name in files.items()
    }


def _repairs_urls(record: BatchRecord, manifest: Mapping[str, Any], service: Service) -> list[str]:
    """Where it stands which rejected lines were repaired since: a file for each that did."""
    repairs = manifest.get("completed", {}).get("batches", [])
    return [
        service.results.presigned_get(
            f"{record.branch}/{record.batch}/completions/{digest}.json",
            filename="repaired.json",
            seconds=SECONDS_TO_DOWNLOAD,
        )
        for repair in repairs
        if (digest := _digest(record.branch, repair["batch"], service.batches))
    ]


def _digest(branch: str, batch: str, batches: BatchTable) -> str:
    """Which names what a file has repaired; "" when the file is no longer known."""
    try:
        return batches.get(branch, batch).digest
    except BatchNotFound:
        return ""


def _read_limit(text: str) -> int:
    # Not isdecimal alone: other scripts have digits, too.
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_LISTED))
    if not (is_number and 1 <= int(text) <= MOST_LISTED):
        raise _refused(f"`limit` must be a whole number from 1 to {MOST_LISTED}.")
    return int(text)


def _refused(detail: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.BAD_REQUEST, detail)
