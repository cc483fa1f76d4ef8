"""Everything that leaves the process: a folder or S3 for files, DynamoDB for profiles.

The only module that talks to AWS, through botocore: what boto3 adds to it (resources, a transfer
manager) is not used, and would cost every cold start. Errors of AWS are translated here, once.
"""

import fcntl
import hashlib
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

import botocore.session
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from credit_scoring.errors import (
    AlreadyExists,
    ApplicantNotFound,
    ObjectNotFound,
    StorageRefused,
    StorageUnavailable,
)

# DynamoDB takes so many items in one call.
ITEMS_READ_AT_ONCE, ITEMS_WRITTEN_AT_ONCE = 100, 25
PARALLEL_CALLS = 8
_NOT_FOUND = {"NoSuchKey", "404", "NoSuchVersion"}
_CONFLICT = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
_TRANSIENT = {
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottlingException",
    "Throttling",
}
_INTERRUPTED = (
    exceptions.ConnectionError,
    exceptions.HTTPClientError,
    exceptions.IncompleteReadError,
)


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


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time; the lock ends with its process, and leaves no file behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class S3Store:
    """own_client : a client of S3 for somebody else's account or address; None: the process's."""

    bucket: str
    prefix: str
    own_client: Any = None

    @property
    def _s3(self) -> Any:
        return self.own_client or client("s3")

    def read(self, key: str) -> bytes:
        return self.read_version(key, None)[0]

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        with _translated("read", key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=self.prefix + key)
            return answer["Body"].read(), answer["ETag"]

    def read_version(self, key: str, version_id: str | None) -> tuple[bytes, str]:
        """The bytes of one version (None: the newest) and its id ("" if the bucket keeps none)."""
        version = {"VersionId": version_id} if version_id else {}
        with _translated("read", key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=self.prefix + key, **version)
            return answer["Body"].read(), answer.get("VersionId", "")

    def write(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        if_absent: bool = False,
        if_tag: str = "",
    ) -> None:
        condition = {"IfNoneMatch": "*"} if if_absent else {}
        condition |= {"IfMatch": if_tag} if if_tag else {}
        with _translated("write", key):
            self._s3.put_object(
                Bucket=self.bucket,
                Key=self.prefix + key,
                Body=data,
                ContentType=content_type,
                **condition,
            )

    def list(self, prefix: str) -> Iterator[str]:
        return (key for key, _ in self.list_dated(prefix))

    def list_dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        with _translated("list", prefix):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
                for found in page.get("Contents", []):
                    yield found["Key"].removeprefix(self.prefix), found["LastModified"]

    def presigned_put(self, key: str, *, content_type: str, seconds: int) -> str:
        """A URL to which anybody may upload this key, with this type, for so long."""
        parameters = {"Bucket": self.bucket, "Key": self.prefix + key, "ContentType": content_type}
        return self._presigned("put_object", parameters, seconds)

    def presigned_get(self, key: str, *, filename: str, seconds: int) -> str:
        """A URL from which anybody may download this key, as a file of this name, for so long."""
        parameters = {
            "Bucket": self.bucket,
            "Key": self.prefix + key,
            "ResponseContentDisposition": f'attachment; filename="{filename}"',
        }
        return self._presigned("get_object", parameters, seconds)

    def _presigned(self, operation: str, parameters: dict[str, str], seconds: int) -> str:
        with _translated("sign", parameters["Key"]):
            url: str = self._s3.generate_presigned_url(
                operation, Params=parameters, ExpiresIn=seconds
            )
        return url


@dataclass(frozen=True)
class Profile:
    """What is known of one applicant.

    application, history : raw values by column name, as JSON would carry them
    """

    applicant_id: str
    branch: str = ""
    application: dict[str, Any] = field(default_factory=dict)
    history: dict[str, float] = field(default_factory=dict)
    updated_at: str = ""
    source_file: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """The applicant as `parse_record` takes it: the application's own values come first."""
        return self.history | self.application

    def to_item(self) -> dict[str, dict[str, str]]:
        # JSON text, not DynamoDB numbers: a float comes back with the same bits.
        texts = vars(self) | {
            "application": json.dumps(self.application),
            "history": json.dumps(self.history),
        }
        return {name: {"S": text} for name, text in texts.items()}

    @classmethod
    def from_item(cls, item: dict[str, dict[str, str]]) -> "Profile":
        texts: dict[str, Any] = {name: value["S"] for name, value in item.items()}
        for name in ("application", "history"):
            texts[name] = json.loads(texts.get(name, "{}"))
        return cls(**texts)


@dataclass(frozen=True)
class ProfileTable:
    name: str

    def get(self, applicant_id: str) -> Profile:
        """Raises ApplicantNotFound."""
        with _translated("get_item", self.name):
            answer = client("dynamodb").get_item(TableName=self.name, Key=_key(applicant_id))
        if "Item" not in answer:
            raise ApplicantNotFound(applicant_id)
        return Profile.from_item(answer["Item"])

    def get_many(self, applicant_ids: Sequence[str]) -> dict[str, Profile]:
        """The profiles that exist, by id."""
        unique = list(dict.fromkeys(applicant_ids))
        parts = list(_cut(unique, ITEMS_READ_AT_ONCE))
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            found = [profile for part in pool.map(self._get_some, parts) for profile in part]
        return {profile.applicant_id: profile for profile in found}

    def put_many(self, profiles: Sequence[Profile]) -> None:
        """Write profiles over what was there; of several for one applicant, the last counts."""
        # DynamoDB refuses a call that names a key twice.
        latest = {profile.applicant_id: profile for profile in profiles}
        parts = list(_cut(list(latest.values()), ITEMS_WRITTEN_AT_ONCE))
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            for _ in pool.map(self._put_some, parts):
                pass

    def search(self, prefix: str, *, limit: int) -> list[Profile]:
        """Some applicants whose id begins with `prefix`, by id; reads the whole table."""
        query: dict[str, Any] = {"TableName": self.name}
        if prefix:
            query |= {
                "FilterExpression": "begins_with(applicant_id, :prefix)",
                "ExpressionAttributeValues": {":prefix": {"S": prefix}},
            }
        found: list[Profile] = []
        with _translated("scan", self.name):
            for page in client("dynamodb").get_paginator("scan").paginate(**query):
                found += [Profile.from_item(item) for item in page["Items"]]
                if len(found) >= limit:
                    break
        return sorted(found, key=lambda profile: profile.applicant_id)[:limit]

    def _get_some(self, ids: Sequence[str]) -> list[Profile]:
        asked: Any = {self.name: {"Keys": [_key(applicant_id) for applicant_id in ids]}}
        found: list[Profile] = []
        with _translated("batch_get_item", self.name):
            while asked:  # DynamoDB may leave some of them for the next call
                answer = client("dynamodb").batch_get_item(RequestItems=asked)
                found += [Profile.from_item(item) for item in answer["Responses"][self.name]]
                asked = answer.get("UnprocessedKeys")
                _pause_if(asked)
        return found

    def _put_some(self, profiles: Sequence[Profile]) -> None:
        asked: Any = {self.name: [{"PutRequest": {"Item": p.to_item()}} for p in profiles]}
        with _translated("batch_write_item", self.name):
            while asked:
                asked = client("dynamodb").batch_write_item(RequestItems=asked)["UnprocessedItems"]
                _pause_if(asked)


def _pause_if(left_over: object) -> None:
    """What DynamoDB leaves over it leaves because it is busy: asking at once keeps it so."""
    if left_over:
        time.sleep(random.uniform(0.05, 0.25))  # noqa: S311  (jitter, not a secret)


@cache
def client(service: str) -> Any:
    """One client a service and process; botocore retries what is transient, with jitter."""
    # S3's signed URLs must carry the regional address, or a new bucket answers with a redirect
    # that browsers do not follow; an emulator at an own endpoint has no such address.
    own_endpoint = bool(os.environ.get("AWS_ENDPOINT_URL"))
    config = Config(
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=2 * PARALLEL_CALLS,
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path" if own_endpoint else "virtual"},
    )
    return session().create_client(service, config=config)


@cache
def session() -> botocore.session.Session:
    """Shared by all clients: endpoints are then read and credentials looked for once."""
    return botocore.session.get_session()


@contextmanager
def _translated(operation: str, key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _NOT_FOUND:
            raise ObjectNotFound(key) from None
        if code in _CONFLICT:
            raise AlreadyExists(key) from None
        if code in _TRANSIENT or status >= 500:
            raise StorageUnavailable(operation, code) from error
        raise StorageRefused(operation, code) from error
    except _INTERRUPTED as error:
        raise StorageUnavailable(operation, type(error).__name__) from error
    except BotoCoreError as error:  # no credentials, no region, a malformed name
        raise StorageRefused(operation, type(error).__name__) from error


def _key(applicant_id: str) -> dict[str, dict[str, str]]:
    return {"applicant_id": {"S": applicant_id}}


def _cut[Item](items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
