"""Files too large for memory, in a folder or on S3: read by ranges, written as they grow.

What is written appears whole or not at all: a folder's file under its name at the end, S3's when
its multipart upload is completed. An error takes back what was sent so far.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Protocol

from credit_scoring.aws.clients import client, translated
from credit_scoring.aws.storage import FolderStore, S3Store, Store
from credit_scoring.errors import ObjectNotFound, StorageError, StorageUnavailable

READ_AHEAD = 4 * 2**20
# S3 wants at least 5 MiB a part and at most 10,000 parts: files up to 80 GB.
PART_BYTES = 8 * 2**20
_ATTEMPTS = 3


@dataclass(frozen=True)
class ObjectFacts:
    """size : bytes; metadata : what the sender wrote beside the object"""

    size: int
    metadata: Mapping[str, str] = field(default_factory=dict)


class Writer(Protocol):
    def write(self, data: bytes, /) -> Any: ...


def describe(store: Store, key: str, *, version_id: str = "") -> ObjectFacts:
    """Raises ObjectNotFound."""
    if isinstance(store, S3Store):
        with translated("describe", key):
            answer = _s3(store).head_object(**_place(store, key, version_id))
        return ObjectFacts(answer["ContentLength"], answer.get("Metadata", {}))
    with _present(key):
        return ObjectFacts(_path(store, key).stat().st_size)


def read_range(store: Store, key: str, start: int, end: int, *, version_id: str = "") -> bytes:
    """The bytes from start up to end, all of them.

    A body that breaks off is asked for again. Raises ObjectNotFound, StorageUnavailable.
    """
    if start >= end:
        return b""
    for _ in range(_ATTEMPTS):
        with suppress(StorageUnavailable):
            body = _read_once(store, key, start, end, version_id)
            if len(body) == end - start:
                return body
    raise StorageUnavailable("read", "incomplete body")


def open_reader(store: Store, key: str, *, version_id: str = "", size: int) -> BinaryIO:
    """One version of a file, seekable; a few MB of it are in memory. It may be gone at any read."""
    if isinstance(store, S3Store):
        return io.BufferedReader(_Ranges(store, key, version_id, size), READ_AHEAD)
    with _present(key):
        return _path(store, key).open("rb")


@contextmanager
def open_writer(
    store: Store,
    key: str,
    *,
    content_type: str = "application/octet-stream",
    keep_empty: bool = True,
) -> Iterator[Writer]:
    """What is written is there when the block ends, and never was when it raises.

    keep_empty : whether a file of which nothing was written is one
    """
    if isinstance(store, S3Store):
        with _Multipart(store, key, content_type, keep_empty) as multipart:
            yield multipart
    else:
        with _temporary(_path(store, key), keep_empty) as file:
            yield file


class _Ranges(io.RawIOBase):
    """A version of an object of S3 as a file; every read is a request."""

    def __init__(self, store: S3Store, key: str, version_id: str, size: int) -> None:
        self._where = store, key, version_id
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        store, key, version_id = self._where
        end = min(self._at + len(buffer), self._size)
        body = read_range(store, key, self._at, end, version_id=version_id)
        buffer[: len(body)] = body
        self._at += len(body)
        return len(body)


class _Multipart:
    """Sends an object part by part; a small one as a whole."""

    def __init__(self, store: S3Store, key: str, content_type: str, keep_empty: bool) -> None:
        self._store, self._place = store, _place(store, key)
        self._key, self._content_type = key, content_type
        self._keep_empty = keep_empty
        self._buffer = bytearray()
        self._upload_id = ""
        self._parts: list[dict[str, Any]] = []

    def write(self, data: bytes, /) -> int:
        self._buffer += data
        while len(self._buffer) >= PART_BYTES:
            self._send_part(bytes(self._buffer[:PART_BYTES]))
            del self._buffer[:PART_BYTES]
        return len(data)

    def __enter__(self) -> "_Multipart":
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is None:
            try:
                self._complete()
            except StorageError:
                self._abort()
                raise
        else:
            self._abort()

    def _send_part(self, body: bytes) -> None:
        if not self._upload_id:
            answer = self._call("create_multipart_upload", ContentType=self._content_type)
            self._upload_id = answer["UploadId"]
        number = len(self._parts) + 1
        upload = {"UploadId": self._upload_id}
        answer = self._call("upload_part", Body=body, PartNumber=number, **upload)
        # Where the client made a checksum of the part, S3 wants it named again at the end.
        sums = {n: v for n, v in answer.items() if n.startswith("Checksum") and n[8:] != "Type"}
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"], **sums})

    def _complete(self) -> None:
        rest = bytes(self._buffer)
        if not self._upload_id:
            if rest or self._keep_empty:
                self._call("put_object", Body=rest, ContentType=self._content_type)
            return
        if rest:
            self._send_part(rest)
        parts = {"Parts": self._parts}
        self._call("complete_multipart_upload", UploadId=self._upload_id, MultipartUpload=parts)

    def _abort(self) -> None:
        if self._upload_id:
            with suppress(StorageError):  # the bucket's lifecycle ends what is left
                self._call("abort_multipart_upload", UploadId=self._upload_id)

    def _call(self, operation: str, **parameters: Any) -> Any:
        with translated(operation, self._key):
            send: Callable[..., Any] = getattr(_s3(self._store), operation)
            return send(**self._place, **parameters)


def _read_once(store: Store, key: str, start: int, end: int, version_id: str) -> bytes:
    if isinstance(store, S3Store):
        with translated("read", key):
            answer = _s3(store).get_object(
                **_place(store, key, version_id), Range=f"bytes={start}-{end - 1}"
            )
            body: bytes = answer["Body"].read()
            return body
    with _present(key), _path(store, key).open("rb") as file:
        file.seek(start)
        return file.read(end - start)


@contextmanager
def _temporary(path: Path, keep_empty: bool) -> Iterator[Writer]:
    """A file beside its place, moved there at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        temporary = Path(file.name)
        try:
            yield file
            file.flush()
            if file.tell() or keep_empty:
                temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def _present(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise ObjectNotFound(key) from None


def _s3(store: S3Store) -> Any:
    return store.own_client or client("s3")


def _place(store: S3Store, key: str, version_id: str = "") -> dict[str, str]:
    version = {"VersionId": version_id} if version_id else {}
    return {"Bucket": store.bucket, "Key": store.prefix + key, **version}


def _path(store: Store, key: str) -> Path:
    if not isinstance(store, FolderStore):
        raise TypeError(f"a folder or S3, not {type(store).__name__}")
    return store.folder / key
