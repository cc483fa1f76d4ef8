"""The end of a batch: result files, the receipt last, and everybody told."""

import json
import time
from contextlib import suppress
from typing import Any

from credit_scoring.errors import AlreadyExists, ObjectNotFound
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.stored.batches import BatchRecord

from functions.batch_scorer.assembly import assemble
from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.completion import claim_repairs, complete, manifest_bytes
from functions.batch_scorer.manifest import failed_manifest, finished_manifest
from functions.batch_scorer.plan import BatchPlan
from functions.batch_scorer.store_results import keep_refusals
from functions.batch_scorer.upload import Upload

type Manifest = dict[str, Any]


def finish(plan: BatchPlan, resources: BatchResources) -> Manifest:
    """Write what is missing of the results, and tell that they are there; returns the receipt."""
    manifest = read_manifest(plan.upload, resources) or _write_results(plan, resources)
    if not plan.upload.is_canary:
        resources.lists.merge(plan.upload.branch)
    announce(manifest, plan.upload, resources)
    return manifest


def read_manifest(upload: Upload, resources: BatchResources) -> Manifest | None:
    """None before the batch ended."""
    try:
        manifest: Manifest = json.loads(resources.results.read(_key(upload)))
    except ObjectNotFound:
        return None
    return manifest


def announce(manifest: Manifest, upload: Upload, resources: BatchResources) -> None:
    """Complete earlier receipts, send the event, close the record.

    The record is last: an event may be sent twice, but never not at all.
    """
    for original in manifest.get("resend_of", ()):
        if original["rows"]:
            complete(upload.branch, original["batch"], resources)
    if not upload.is_canary:  # nobody waits for it
        resources.tell(f"Batch {manifest['status']}", _event(manifest, upload))
    resources.batches.finish(_record(manifest, upload))


def _write_results(plan: BatchPlan, resources: BatchResources) -> Manifest:
    began = time.monotonic()
    try:
        if plan.error:
            return _keep(failed_manifest(plan, plan.error, resources, seconds=0.0), plan, resources)
        totals = assemble(plan, resources)
        keep_refusals(totals.causes, plan, resources)
        resend_of = claim_repairs(plan.upload, totals, resources)
        seconds = time.monotonic() - began
        manifest = finished_manifest(plan, totals, resources, resend_of=resend_of, seconds=seconds)
    except FileRefused as error:
        manifest = failed_manifest(plan, error.texts, resources, seconds=time.monotonic() - began)
    return _keep(manifest, plan, resources)


def _keep(manifest: Manifest, plan: BatchPlan, resources: BatchResources) -> Manifest:
    """The receipt that stands: somebody else's may have been first."""
    with suppress(AlreadyExists):
        resources.results.write(
            _key(plan.upload), manifest_bytes(manifest),
            content_type="application/json", if_absent=True,
        )  # fmt: skip
    return read_manifest(plan.upload, resources) or manifest


def _event(manifest: Manifest, upload: Upload) -> dict[str, Any]:
    counts = {name: manifest[name] for name in ("status", "rows", "scored", "rejected")}
    return {
        "branch": upload.branch,
        "file": upload.filename,
        "batch": upload.batch,
        "received_at": manifest["received_at"],
        "model_version": manifest["model"]["version"],
        **counts,
    }


def _record(manifest: Manifest, upload: Upload) -> BatchRecord:
    completed = manifest.get("completed", {})
    return BatchRecord(
        branch=upload.branch,
        batch=upload.batch,
        received_at=upload.at.isoformat(),
        digest=upload.digest,
        status=manifest["status"],
        rows=manifest["rows"],
        scored=manifest["scored"],
        rejected=manifest["rejected"],
        open_rejects=completed.get("open_rejects", manifest["rejected"]),
        model_version=manifest["model"]["version"],
        detail=manifest.get("detail", {}).get(manifest["language"], ""),
    )


def _key(upload: Upload) -> str:
    return f"{upload.folder}/manifest.json"
