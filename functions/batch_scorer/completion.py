"""A resent rejects file completes the receipt of the file that it repairs.

    scored/<branch>/<file>/<version>/completions/rejected        the lines that can be repaired
                                                 <digest>.json   those that one resent file repaired
                                                 origins         of a resent file, by earlier batch:
                                                                 its rejected lines, and those there

A line that is rejected twice is repaired in both receipts once it is scored. A receipt's
`completed` is the union of those files, computed anew each time: whoever comes twice changes
nothing, and of two at once the second counts both.
"""

import json
import re
import time
from array import array
from collections.abc import Mapping
from typing import Any

from credit_scoring.errors import AlreadyExists, ObjectNotFound, StorageUnavailable

from functions.batch_scorer.assembly import REJECTED_LINES, Totals
from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.upload import Upload

# A file comes from one receipt, or from a few that were put together.
MOST_ORIGINALS = 100
ORIGINS = "completions/origins"
_ATTEMPTS, _PAUSE = 10, 0.05
_BATCH = re.compile(r"(?!\.\.?/)[^/]{1,1024}/(?!\.\.?$)[^/]{1,1024}")


def claim_repairs(
    upload: Upload, totals: Totals, resources: BatchResources
) -> list[dict[str, Any]]:
    """Note which lines of which earlier files are scored by now; says it for the receipt.

    A batch that this branch never sent is ignored, and so is a line that was not rejected.
    """
    folder = f"{upload.branch}/{upload.batch}"
    if totals.origins:
        _write(resources, f"{folder}/{ORIGINS}", totals.origins)
    claimed = []
    for batch, lines in sorted(_with_earlier(upload.branch, totals.resolved, resources).items()):
        rejected = _rejected_lines(upload.branch, batch, resources)
        repaired = sorted(lines & (rejected or set()))
        claimed.append({"batch": batch, "rows": len(repaired), "known": rejected is not None})
        if repaired:
            claim = {"batch": upload.batch, "lines": repaired}
            _write(resources, f"{upload.branch}/{batch}/completions/{upload.digest}.json", claim)
    return claimed


def complete(branch: str, batch: str, resources: BatchResources) -> None:
    """Tell in the receipt of an earlier file what was repaired since. Raises StorageError."""
    key = f"{branch}/{batch}/manifest.json"
    for attempt in range(_ATTEMPTS):
        content, tag = resources.results.read_tagged(key)
        manifest = json.loads(content)
        completed = _completed(branch, batch, manifest["rejected"], resources)
        if manifest.get("completed") != completed:
            try:
                resources.results.write(
                    key, manifest_bytes(manifest | {"completed": completed}),
                    content_type="application/json", if_tag=tag,
                )  # fmt: skip
            except AlreadyExists:
                time.sleep(attempt * _PAUSE)
                continue
        resources.batches.set_open_rejects(branch, batch, completed["open_rejects"])
        return
    raise StorageUnavailable("complete receipt", "conflict")


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode()


def _completed(branch: str, batch: str, rejected: int, resources: BatchResources) -> dict[str, Any]:
    prefix = f"{branch}/{batch}/completions/"
    keys = [key for key in resources.results.list(prefix) if key.endswith(".json")]
    claims = [json.loads(resources.results.read(key)) for key in keys]
    repaired = set().union(*(claim["lines"] for claim in claims))
    return {
        "rows": len(repaired),
        "open_rejects": rejected - len(repaired),
        "batches": [
            {"batch": claim["batch"], "rows": len(claim["lines"])}
            for claim in sorted(claims, key=lambda claim: claim["batch"])
        ],
    }


def _with_earlier(
    branch: str, resolved: Mapping[str, list[int]], resources: BatchResources
) -> dict[str, set[int]]:
    """The lines of each batch that are scored now, and where those stood before, and so on."""
    found: dict[str, set[int]] = {}
    waiting = [(batch, set(lines)) for batch, lines in sorted(resolved.items())]
    while waiting:
        batch, lines = waiting.pop()
        lines -= found.get(batch, set())
        if not lines or (batch not in found and len(found) == MOST_ORIGINALS):
            continue
        found[batch] = found.get(batch, set()) | lines
        earlier = _before(branch, batch, lines, resources)
        waiting += [(name, set(there)) for name, there in sorted(earlier.items())]
    return found


def _before(
    branch: str, batch: str, lines: set[int], resources: BatchResources
) -> dict[str, list[int]]:
    """Which lines of earlier batches these lines of a resent file were, by batch."""
    if not _BATCH.fullmatch(batch):
        return {}
    try:
        pairs = json.loads(resources.results.read(f"{branch}/{batch}/{ORIGINS}"))
    except ObjectNotFound:
        return {}
    return {
        earlier: [there for here, there in some if here in lines] for earlier, some in pairs.items()
    }


def _write(resources: BatchResources, key: str, content: object) -> None:
    data = json.dumps(content, ensure_ascii=False).encode()
    resources.results.write(key, data, content_type="application/json")


def _rejected_lines(branch: str, batch: str, resources: BatchResources) -> set[int] | None:
    """None when this branch has no such receipt, or nothing in it to repair."""
    if not _BATCH.fullmatch(batch):
        return None
    try:
        resources.results.read(f"{branch}/{batch}/manifest.json")
        lines = array("q", resources.results.read(f"{branch}/{batch}/{REJECTED_LINES}"))
    except ObjectNotFound:
        return None
    return set(lines)
