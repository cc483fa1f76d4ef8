"""Files by key: a folder or S3. Everybody else works with a `Store`."""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from credit_scoring.aws import signed_calls as direct
from credit_scoring.aws.clients import client, translated
from credit_scoring.errors import AlreadyExists, ObjectNotFound


class Store(Protocol):
    """Files by key, in a folder or under a prefix of a bucket."""

    def read(self, key: str) -> bytes:
        """Raises ObjectNotFound."""

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """The bytes, and the tag by which `write` knows them again. Raises ObjectNotFound."""

    def write(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        if_absent: bool = False,
        if_tag: str = "",
    ) -> None:
        """Whole or not at all.

        if_absent : only when nothing is there
        if_tag : only over what `read_tagged` read
        Raises AlreadyExists when something else is there, ObjectNotFound when the tagged one went.
        """

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that begin with `prefix`, sorted."""

    def list_dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """The same keys, with when each was last written."""

    def list_tagged(self, prefix: str) -> Iterator[tuple[str, str]]:
        """The same keys, each with a text that changes when the file does."""

    def delete(self, key: str) -> None:
        """One that is not there is none the less gone."""


def _attachment(filename: str) -> str:
    """The header under which a browser saves a file. Source: RFC 6266, RFC 8187."""
    plain = re.sub(r"[^ !#-\[\]-~]", "_", filename)
    header = f'attachment; filename="{plain}"'
    return header if plain == filename else f"{header}; filename*=UTF-8''{quote(filename, safe='')}"


def open_store(url: str | Path) -> Store:
    """A folder's path, or s3://bucket/prefix."""
    text = str(url)
    if not text.startswith("s3://"):
        return FolderStore(Path(text))
    bucket, _, prefix = text.removeprefix("s3://").partition("/")
    return S3Store(bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else "")


@dataclass(frozen=True)
class FolderStore:
    folder: Path

    def read(self, key: str) -> bytes:
        try:
            return (self.folder / key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ObjectNotFound(key) from None

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        data = self.read(key)
        return data, hashlib.sha256(data).hexdigest()

    def write(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "",  # noqa: ARG002  (a folder keeps none)
        if_absent: bool = False,
        if_tag: str = "",
    ) -> None:
        from tempfile import NamedTemporaryFile  # noqa: PLC0415  (a Lambda writes to no folder)

        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(data)
        temporary = Path(file.name)
        try:
            if if_absent:
                path.hardlink_to(temporary)  # unlike a rename, refuses to replace
            elif if_tag:
                self._exchange(temporary, key, if_tag)
            else:
                temporary.replace(path)
        except FileExistsError:
            raise AlreadyExists(key) from None
        finally:
            temporary.unlink(missing_ok=True)

    def _exchange(self, temporary: Path, key: str, tag: str) -> None:
        """No file system compares and replaces in one step: those who do it take turns."""
        path = self.folder / key
        with _locked(path.parent):
            if self.read_tagged(key)[1] != tag:
                raise AlreadyExists(key)
            temporary.replace(path)

    def list(self, prefix: str) -> Iterator[str]:
        # A name that begins with a dot is a file that is being written.
        files = (p for p in self.folder.rglob("*") if p.is_file() and not p.name.startswith("."))
        keys = sorted(path.relative_to(self.folder).as_posix() for path in files)
        return (key for key in keys if key.startswith(prefix))

    def list_dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        for key in self.list(prefix):
            yield key, datetime.fromtimestamp((self.folder / key).stat().st_mtime, UTC)

    def list_tagged(self, prefix: str) -> Iterator[tuple[str, str]]:
        for key in self.list(prefix):
            with suppress(FileNotFoundError):  # deleted since it was listed
                found = (self.folder / key).stat()
                yield key, f"{found.st_ino}-{found.st_mtime_ns}"

    def delete(self, key: str) -> None:
        (self.folder / key).unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time; the lock ends with its process, and leaves no file behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# Goes with an address to upload to: nothing is there yet, so that it takes one file.
ONCE = {"If-None-Match": "*"}


@dataclass(frozen=True)
class S3Store:
    """own_client : a client of S3 for somebody else's account or address; None: the process's."""

    bucket: str
    prefix: str
    own_client: Any = None

    @property
    def _s3(self) -> Any:
        return self.own_client or client("s3")

    @property
    def _is_direct(self) -> bool:
        return not self.own_client and direct.is_possible()

    def read(self, key: str) -> bytes:
        return self.read_version(key, None)[0]

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        data, headers = self._get(key)
        return data, headers["etag"]

    def read_version(self, key: str, version_id: str | None) -> tuple[bytes, str]:
        """The bytes of one version (None: the newest) and its id ("" if the bucket keeps none)."""
        data, headers = self._get(key, version_id or "")
        return data, headers.get("x-amz-version-id", "")

    def _get(self, key: str, version_id: str = "") -> tuple[bytes, Mapping[str, str]]:
        """The bytes, and S3's headers by their names in lower case."""
        with translated("read", key):
            if self._is_direct:
                return direct.get_object(self.bucket, self.prefix + key, version_id)
            version = {"VersionId": version_id} if version_id else {}
            answer = self._s3.get_object(Bucket=self.bucket, Key=self.prefix + key, **version)
            return answer["Body"].read(), answer["ResponseMetadata"]["HTTPHeaders"]

    def write(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        if_absent: bool = False,
        if_tag: str = "",
    ) -> None:
        headers = {"Content-Type": content_type}
        headers |= {"If-None-Match": "*"} if if_absent else {}
        headers |= {"If-Match": if_tag} if if_tag else {}
        with translated("write", key):
            if self._is_direct:
                direct.put_object(self.bucket, self.prefix + key, data, headers)
            else:
                named = {name.replace("-", ""): value for name, value in headers.items()}
                self._s3.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data, **named)

    def list(self, prefix: str) -> Iterator[str]:
        return (key for key, _ in self.list_dated(prefix))

    def list_dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        return ((key, found["LastModified"]) for key, found in self._found(prefix))

    def list_tagged(self, prefix: str) -> Iterator[tuple[str, str]]:
        return ((key, found["ETag"]) for key, found in self._found(prefix))

    def _found(self, prefix: str) -> Iterator[tuple[str, Any]]:
        with translated("list", prefix):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
                for found in page.get("Contents", []):
                    yield found["Key"].removeprefix(self.prefix), found

    def delete(self, key: str) -> None:
        with translated("delete", key):
            self._s3.delete_object(Bucket=self.bucket, Key=self.prefix + key)

    def presigned_put(
        self,
        key: str,
        *,
        content_type: str,
        size: int,
        seconds: int,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """A URL to which anybody may upload this key once, for so long.

        Type, metadata and `size` (bytes) are signed, and that nothing is there yet: the header
        If-None-Match: * goes with it (ONCE).
        """
        parameters: dict[str, Any] = {
            "Bucket": self.bucket,
            "Key": self.prefix + key,
            "ContentType": content_type,
            "ContentLength": size,
            "IfNoneMatch": "*",
        }
        if metadata:
            parameters["Metadata"] = dict(metadata)
        return self._presigned("put_object", parameters, seconds)

    def presigned_get(self, key: str, *, seconds: int, filename: str = "") -> str:
        """A URL from which anybody may read this key for so long.

        filename : of what a browser saves; without one it shows what it can
        """
        parameters = {"Bucket": self.bucket, "Key": self.prefix + key}
        if filename:
            parameters["ResponseContentDisposition"] = _attachment(filename)
        return self._presigned("get_object", parameters, seconds)

    def _presigned(self, operation: str, parameters: dict[str, Any], seconds: int) -> str:
        with translated("sign", parameters["Key"]):
            url: str = self._s3.generate_presigned_url(
                operation, Params=parameters, ExpiresIn=seconds
            )
        return url
