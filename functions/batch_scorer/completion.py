"""A resent rejects file completes the receipt of the file that it repairs.

    scored/<branch>/<file>/<version>/completions/rejected        the lines that can be repaired
                                                 <digest>.json   those that one resent file repaired

A receipt's `completed` is the union of those files, computed anew each time: whoever comes twice
changes nothing, and of two at once the second counts both.
"""

import json
import re
import time
from array import array
from collections.abc import Mapping
from typing import Any

from credit_scoring.errors import AlreadyExists, ObjectNotFound, StorageUnavailable

from functions.batch_scorer.assembly import REJECTED_LINES
from functions.batch_scorer.places import Places
from functions.batch_scorer.upload import Upload

# A file comes from one receipt, or from a few that were put together.
MOST_ORIGINALS = 100
_ATTEMPTS, _PAUSE = 10, 0.05
_BATCH = re.compile(r"(?!\.\.?/)[^/]{1,1024}/(?!\.\.?$)[^/]{1,1024}")


def claim_repairs(
    upload: Upload, resolved: Mapping[str, list[int]], places: Places
) -> list[dict[str, Any]]:
    """Note which lines of which earlier files are scored by now; says it for the receipt.

    A batch that this branch never sent is ignored, and so is a line that was not rejected.
    """
    claimed = []
    for number, (batch, lines) in enumerate(sorted(resolved.items())):
        rejected = (
            _rejected_lines(upload.branch, batch, places) if number < MOST_ORIGINALS else None
        )
        repaired = sorted(set(lines) & (rejected or set()))
        if repaired:
            key = f"{upload.branch}/{batch}/completions/{upload.digest}.json"
            content = {"batch": upload.batch, "lines": repaired}
            places.results.write(key, json.dumps(content).encode(), content_type="application/json")
        claimed.append({"batch": batch, "rows": len(repaired), "known": rejected is not None})
    return claimed


def complete(branch: str, batch: str, places: Places) -> None:
    """Tell in the receipt of an earlier file what was repaired since. Raises StorageError."""
    key = f"{branch}/{batch}/manifest.json"
    for attempt in range(_ATTEMPTS):
        content, tag = places.results.read_tagged(key)
        manifest = json.loads(content)
        completed = _completed(branch, batch, manifest["rejected"], places)
        if manifest.get("completed") != completed:
            try:
                places.results.write(
                    key, manifest_bytes(manifest | {"completed": completed}),
                    content_type="application/json", if_tag=tag,
                )  # fmt: skip
            except AlreadyExists:
                time.sleep(attempt * _PAUSE)
                continue
        places.batches.set_open_rejects(branch, batch, completed["open_rejects"])
        return
    raise StorageUnavailable("complete receipt", "conflict")


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode()


def _completed(branch: str, batch: str, rejected: int, places: Places) -> dict[str, Any]:
    prefix = f"{branch}/{batch}/completions/"
    keys = [key for key in places.results.list(prefix) if key.endswith(".json")]
    claims = [json.loads(places.results.read(key)) for key in keys]
    repaired = set().union(*(claim["lines"] for claim in claims))
    return {
        "rows": len(repaired),
        "open_rejects": rejected - len(repaired),
        "batches": [
            {"batch": claim["batch"], "rows": len(claim["lines"])}
            for claim in sorted(claims, key=lambda claim: claim["batch"])
        ],
    }


def _rejected_lines(branch: str, batch: str, places: Places) -> set[int] | None:
    """None when this branch has no such receipt, or nothing in it to repair."""
    if not _BATCH.fullmatch(batch):
        return None
    try:
        places.results.read(f"{branch}/{batch}/manifest.json")
        lines = array("q", places.results.read(f"{branch}/{batch}/{REJECTED_LINES}"))
    except ObjectNotFound:
        return None
    return set(lines)
