"""Send with a bar, follow with a bar, save, and say in words what became of every row."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from functions.score_api.answers.file_names import split_ending
from infra.upload.errors import StillRunning
from infra.upload.transports import RESULTS, BatchStanding, Carrier, Parcel

PAUSES = (0.2, 0.3, 0.5, 1.0)  # seconds; then the last one again and again
MOST_CAUSES = 20


def send(carrier: Carrier, parcel: Parcel) -> str:
    """The batch, once the file has arrived."""
    units: dict[str, Any] = {"unit": "B", "unit_scale": True, "bytes": False}
    with (
        parcel.path.open("rb") as file,
        tqdm.wrapattr(file, "read", total=parcel.size, desc="sending", **units) as body,
    ):
        return carrier.send(parcel, body)  # type: ignore[arg-type]  # reads like the file


def follow(carrier: Carrier, batch: str, *, patience: float) -> BatchStanding:
    """patience : seconds without any progress. Raises StillRunning."""
    asked, last, since = 0, (-1, ""), time.monotonic()
    with tqdm(desc="scoring", unit="row", unit_scale=True) as bar:
        while True:
            standing = carrier.look(batch)
            _show(bar, standing)
            if standing.is_over:
                return standing
            place = (standing.rows_done, standing.status)
            if place != last:
                last, since = place, time.monotonic()
            if time.monotonic() - since > patience:
                raise StillRunning(batch, minutes=patience / 60)
            time.sleep(PAUSES[min(asked, len(PAUSES) - 1)])
            asked += 1


def save(carrier: Carrier, standing: BatchStanding, parcel: Parcel, folder: Path) -> list[Path]:
    """The results, each whole or not at all, called like the file that was sent."""
    stem = split_ending(parcel.path.name)[0]
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for name, link in standing.links.items():
        path = folder / f"{stem}-{RESULTS[name]}"
        _fetch(carrier, link, path)
        saved.append(path)
    return saved


def _fetch(carrier: Carrier, link: str, path: Path) -> None:
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            carrier.fetch(link, file)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def describe(manifest: Mapping[str, Any], *, language: str = "en") -> str:
    """What the receipt says, for who reads the terminal."""
    if manifest.get("status") == "finished":
        return "\n".join([_counts(manifest), *_causes(manifest), *_ignored(manifest)])
    why = manifest.get("detail", "")
    sentence = why.get(language, "") if isinstance(why, dict) else why
    return f"The file as a whole could not be scored: {sentence}"


def _show(bar: "tqdm[Any]", standing: BatchStanding) -> None:
    bar.total = standing.rows or (standing.manifest or {}).get("rows") or None
    done = bar.total if standing.is_over else standing.rows_done
    bar.set_postfix_str(standing.status)
    bar.update((done or 0) - bar.n)


def _counts(manifest: Mapping[str, Any]) -> str:
    counts = {name: f"{manifest[name]:,}" for name in ("rows", "scored", "rejected")}
    return "{rows} rows: {scored} scored, {rejected} rejected.".format(**counts)


def _causes(manifest: Mapping[str, Any]) -> list[str]:
    causes = manifest.get("causes", [])
    lines = [f"  {c['count']:>9,}  {c['cause']:<20} {c['column']}" for c in causes[:MOST_CAUSES]]
    left = len(causes) - MOST_CAUSES
    return [line.rstrip() for line in lines] + ([f"  and {left} more"] if left > 0 else [])


def _ignored(manifest: Mapping[str, Any]) -> list[str]:
    ignored = manifest.get("ignored_columns", [])
    return [f"Columns without effect: {', '.join(ignored)}"] if ignored else []
