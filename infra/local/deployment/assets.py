"""Assets of a cloud assembly: the files that `cdk deploy` would upload, and the image contexts."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the oldest date a zip can hold


@dataclass(frozen=True)
class FileAsset:
    """A file or folder and where the template expects it in S3."""

    name: str
    path: Path
    folder: bool
    bucket: str
    key: str


@dataclass(frozen=True)
class ImageAsset:
    """A Docker build context and the tag by which the template names its image."""

    name: str
    context: Path
    tag: str


def read_file_assets(
    assembly: Path, stack: str, *, account: str, region: str
) -> Iterator[FileAsset]:
    for asset_id, asset in _manifest(assembly, stack).get("files", {}).items():
        for destination in asset["destinations"].values():
            yield FileAsset(
                name=asset.get("displayName", asset_id),
                path=assembly / asset["source"]["path"],
                folder=asset["source"]["packaging"] == "zip",
                bucket=_substitute(destination["bucketName"], account=account, region=region),
                key=destination["objectKey"],
            )


def read_image_assets(assembly: Path, stack: str) -> Iterator[ImageAsset]:
    for asset_id, asset in _manifest(assembly, stack).get("dockerImages", {}).items():
        for destination in asset["destinations"].values():
            yield ImageAsset(
                name=asset.get("displayName", asset_id),
                context=assembly / asset["source"]["directory"],
                tag=destination["imageTag"],
            )


def zip_folder(folder: Path) -> bytes:
    """The same bytes for the same files: sorted, undated, uncompressed (it goes nowhere)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = (file.stat().st_mode & 0o777) << 16
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def upload(asset: FileAsset, s3: Any) -> int:
    """Put an asset where the template expects it; returns its size in bytes."""
    body = zip_folder(asset.path) if asset.folder else asset.path.read_bytes()
    s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=body)
    return len(body)


def copy_image(asset: ImageAsset, images: Path) -> None:
    """Keep the context under its tag: a folder that stands for the image repository."""
    shutil.rmtree(images / asset.tag, ignore_errors=True)
    shutil.copytree(asset.context, images / asset.tag)


def _manifest(assembly: Path, stack: str) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((assembly / f"{stack}.assets.json").read_text())
    return manifest


def _substitute(text: str, *, account: str, region: str) -> str:
    return (
        text.replace("${AWS::AccountId}", account)
        .replace("${AWS::Region}", region)
        .replace("${AWS::Partition}", "aws")
    )
