"""How one file will be scored, fixed before its first row is: nothing later depends on when.

    work/<digest>/plan.json               the version, the model, the language, where chunks begin
                  text                    the file as plain text, where it cannot be read by ranges
                  duplicates/<chunk>.npy  lines of a chunk whose applicant stood above already

The plan is written last and only where none is: whoever comes second works by the first one's.
"""

import hashlib
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from credit_scoring.aws.object_streams import (
    ObjectFacts,
    describe,
    open_reader,
    open_writer,
    read_range,
)
from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound, StorageUnavailable
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.reading.scan import Chunk, Scan, scan_text
from credit_scoring.reading.text.plain_text import PlainText, open_plain_text
from credit_scoring.reasons.wording import LANGUAGES
from credit_scoring.registry.champion import read_champion
from credit_scoring.scoring import Model
from numpy.typing import NDArray

from functions.batch_scorer.batch_resources import CHUNK_BYTES, BatchResources
from functions.batch_scorer.upload import Upload

type Duplicates = dict[int, NDArray[np.int64]]

# The input of a state machine names every chunk, and has room for some 40,000 of 5,000 rows.
LARGEST_FILE = 20_000_000_000


@dataclass(frozen=True)
class Pinned:
    """version, sha256 : the model of the whole file"""

    version: str
    sha256: str
    cutoff: float


@dataclass(frozen=True)
class BatchPlan:
    """scan : None when the file as a whole cannot be used; then `error` says why

    container : plain, gzip or zip; staged : whether chunks are ranges of the staged text
    duplicates : chunks that hold some
    content : stands for the text: the same for the same text, however it is named and packed
    planned_at : Unix time; seconds : what planning took
    """

    upload: Upload
    model: Pinned
    language: str
    scan: Scan | None = None
    container: str = "plain"
    staged: bool = False
    duplicates: frozenset[int] = frozenset()
    content: str = ""
    error: dict[str, str] = field(default_factory=dict)
    planned_at: float = 0.0
    seconds: float = 0.0

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        return self.scan.chunks if self.scan else ()

    def to_bytes(self) -> bytes:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "upload": self.upload.to_json(),
            "model": asdict(self.model),
            "scan": self.scan and self.scan.to_json(),
            "duplicates": sorted(self.duplicates),
        }
        return json.dumps(content, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "BatchPlan":
        content: dict[str, Any] = json.loads(data)
        return cls(**content | {
            "upload": Upload.from_json(content["upload"]),
            "model": Pinned(**content["model"]),
            "scan": content["scan"] and Scan.from_json(content["scan"]),
            "duplicates": frozenset(content["duplicates"]),
        })  # fmt: skip


def plan_upload(upload: Upload, resources: BatchResources) -> BatchPlan:
    """The one plan of this upload: the one that is kept, or one that is made and kept now."""
    try:
        return read_plan(resources.work, upload.digest)
    except ObjectNotFound:
        plan = _make_plan(upload, resources)
    try:
        resources.work.write(_key(upload.digest), plan.to_bytes(), if_absent=True)
    except AlreadyExists:
        return _winner(upload, resources)
    return plan


def read_plan(work: Store, digest: str) -> BatchPlan:
    """A plan never changes once it is there. Raises ObjectNotFound."""
    return _read_plan(work, digest)  # type: ignore[arg-type]  # every store can be hashed


def read_chunk_text(plan: BatchPlan, chunk: Chunk, resources: BatchResources) -> bytes:
    """The bytes of a chunk. Raises FileRefused when the upload was deleted meanwhile."""
    if plan.staged:
        return read_range(resources.work, _text_key(plan.upload.digest), chunk.start, chunk.end)
    upload = plan.upload
    store, version_id = resources.uploads_of(upload), upload.version_id
    try:
        return read_range(store, upload.key, chunk.start, chunk.end, version_id=version_id)
    except ObjectNotFound:
        raise _deleted() from None


def read_duplicates(plan: BatchPlan, chunk: Chunk, work: Store) -> NDArray[np.int64]:
    """int64 (m, 2): the line of a duplicate, and of the first row with its id."""
    if chunk.number not in plan.duplicates:
        return np.empty((0, 2), np.int64)
    data = work.read(_duplicates_key(plan.upload.digest, chunk.number))
    lines: NDArray[np.int64] = np.load(io.BytesIO(data), allow_pickle=False)
    return lines


@lru_cache(maxsize=4)
def _read_plan(work: Store, digest: str) -> BatchPlan:
    return BatchPlan.from_bytes(work.read(_key(digest)))


def _make_plan(upload: Upload, resources: BatchResources) -> BatchPlan:
    began, now = time.monotonic(), time.time()
    model = _pin_model(resources)
    plan = BatchPlan(upload, Pinned(model.version, model.sha256, model.cutoff), resources.language)
    try:
        facts = _describe(upload, resources)
        asked = facts.metadata.get("language", "")
        plan = replace(plan, language=asked if asked in LANGUAGES else plan.language)
        plan = _scan(plan, facts, resources)
    except FileRefused as error:
        plan = replace(plan, error=error.texts)
    return replace(plan, planned_at=now, seconds=time.monotonic() - began)


def _pin_model(resources: BatchResources) -> Model:
    """The champion of this moment: one for the whole file, whatever is promoted meanwhile."""
    champion = read_champion(resources.models)
    return resources.model(champion.version, champion.sha256)


def _describe(upload: Upload, resources: BatchResources) -> ObjectFacts:
    try:
        facts = describe(resources.uploads_of(upload), upload.key, version_id=upload.version_id)
    except ObjectNotFound:
        raise _deleted() from None
    if facts.size > LARGEST_FILE:
        raise FileRefused(
            "too_large", size=f"{facts.size / 1e9:.0f}", limit=f"{LARGEST_FILE / 1e9:.0f}"
        )
    return facts


def _scan(plan: BatchPlan, facts: ObjectFacts, resources: BatchResources) -> BatchPlan:
    """Read the file once from its beginning to its end."""
    upload = plan.upload
    source = resources.uploads_of(upload), upload.key
    digest = hashlib.sha256()
    try:
        with open_reader(*source, version_id=upload.version_id, size=facts.size) as file:
            text = open_plain_text(file, size=facts.size)
            text = replace(text, blocks=_noted(text.blocks, digest.update))
            scan, duplicates = _scan_text(text, upload, resources)
    except ObjectNotFound:
        raise _deleted() from None
    for number, lines in duplicates.items():
        resources.work.write(_duplicates_key(upload.digest, number), _npy(lines))
    return replace(
        plan, scan=scan, container=text.container, staged=not text.is_original,
        duplicates=frozenset(duplicates),
        # Keyed: a file of one applicant would else say who stands behind a pseudonym.
        content=resources.pseudonyms.word("content", digest.hexdigest()),
    )  # fmt: skip


def _scan_text(
    text: PlainText, upload: Upload, resources: BatchResources
) -> tuple[Scan, Duplicates]:
    with ExitStack() as stack:
        if not text.is_original:
            copy = stack.enter_context(open_writer(resources.work, _text_key(upload.digest)))
            text = replace(text, blocks=_noted(text.blocks, copy.write))
        return scan_text(text, chunk_rows=resources.chunk_rows, chunk_bytes=CHUNK_BYTES)


def _noted(blocks: Iterable[bytes], note: Callable[[bytes], object]) -> Iterator[bytes]:
    for block in blocks:
        note(block)
        yield block


def _winner(upload: Upload, resources: BatchResources) -> BatchPlan:
    try:
        return read_plan(resources.work, upload.digest)
    except ObjectNotFound:  # two wrote at once, and S3 took neither
        raise StorageUnavailable("write plan", "conflict") from None


def _deleted() -> FileRefused:
    return FileRefused("deleted")


def _npy(lines: NDArray[np.int64]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, lines, allow_pickle=False)
    return buffer.getvalue()


def _key(digest: str) -> str:
    return f"{digest}/plan.json"


def _text_key(digest: str) -> str:
    return f"{digest}/text"


def _duplicates_key(digest: str, number: int) -> str:
    return f"{digest}/duplicates/{number:05}.npy"
