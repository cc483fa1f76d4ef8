"""Put the page and a model into a deployed stack's buckets: the same calls on AWS and locally.

    python -m infra.operate.publish website --outputs outputs.json
    python -m infra.operate.publish model --outputs outputs.json --models models
    python -m infra.operate.publish model --outputs outputs.json --version 0123456789ab

With a version nothing is promoted: whoever may decides on it from the page.

`outputs.json` holds the stack's outputs (`cdk deploy --outputs-file outputs.json`).
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from credit_scoring.aws.storage import FolderStore, S3Store
from credit_scoring.errors import CreditScoringError
from credit_scoring.registry.bundle import MANIFEST
from credit_scoring.registry.champion import (
    CHAMPION,
    Champion,
    promote,
    read_champion,
    read_pointer,
)
from credit_scoring.registry.contests import CONTESTS
from credit_scoring.registry.seal import Seal
from tqdm import tqdm

from infra.access import Access
from infra.repository import ROOT

SITE: Final = ROOT / "frontend" / "dist"
# What mimetypes may lack, or read from a system's own tables.
_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class NothingToPublish(FileNotFoundError):
    """A file that should be published does not exist; the message says how to make it."""


def publish_website(
    site: Path, *, outputs: Mapping[str, str], access: Access, login_endpoint: str = ""
) -> int:
    """Upload the page and its config.json, remove what is no longer part of it; the file count.

    `login_endpoint` : where the page finds Cognito; default: where the stack says.
    """
    files = dict(page_files(site))
    s3, bucket = access.client("s3"), outputs["WebsiteBucket"]
    for key, path in _progress(files.items(), what="page"):
        _put(s3, bucket, key, path.read_bytes())
    config = page_config(outputs, login_endpoint or outputs["CognitoEndpoint"])
    _put(s3, bucket, "config.json", json.dumps(config, indent=2).encode())
    _remove_others(s3, bucket, keep={*files, "config.json"})
    _refresh_distribution(outputs["DistributionId"], access)
    return len(files) + 1


def page_files(site: Path) -> Iterator[tuple[str, Path]]:
    """All that the build made, by key, but for what only its makers need."""
    if not (site / "index.html").is_file():
        raise NothingToPublish(f"{site} has no page: run `make page`.")
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.suffix != ".map":
            yield path.relative_to(site).as_posix(), path


def page_config(outputs: Mapping[str, str], login_endpoint: str) -> dict[str, str]:
    """What the page reads first: where to log in and where the API is."""
    return {
        "region": outputs["Region"],
        "userPoolId": outputs["UserPoolId"],
        "userPoolClientId": outputs["UserPoolClientId"],
        "cognitoEndpoint": login_endpoint,
        "apiBase": "/api",
    }


def publish_model(
    models: Path,
    *,
    outputs: Mapping[str, str],
    access: Access,
    champion: Champion | None = None,
) -> str:
    """Upload the champion's folder, then promote it there, so no reader finds half a model.

    The pointer is left alone when it names this version. Returns the version.

    champion : what served in the folder at some time; default: what serves there now
    Raises PromotionConflict when somebody promotes another one at the same time.
    """
    if not (models / CHAMPION).is_file():
        raise NothingToPublish(f"{models / CHAMPION} is missing: train a model first.")
    champion = champion or read_champion(FolderStore(models))
    publish_version(models, champion.version, outputs=outputs, access=access)
    seal = Seal(outputs["PointerKeyArn"], access.client("kms"))
    _promote(_open_models(outputs, access), champion, seal)
    return champion.version


def publish_version(
    models: Path, version: str, *, outputs: Mapping[str, str], access: Access
) -> None:
    """Upload one version's folder and what it was compared with; what serves goes on serving.

    Versions are named by their content and never change: files already there are left alone. The
    manifest is written last: a version without one does not exist.
    """
    if not (models / version / MANIFEST).is_file():
        raise NothingToPublish(f"{models / version} is no version: `python -m training models`.")
    s3 = access.client("s3")
    bucket, _, prefix = outputs["ModelsUrl"].removeprefix("s3://").partition("/")
    present = _sizes(s3, bucket, f"{prefix}/{version}/")
    files = [path for path in (models / version).rglob("*") if path.is_file()]
    for path in _progress(sorted(files, key=lambda path: path.name == MANIFEST), what="model"):
        key = f"{prefix}/{path.relative_to(models).as_posix()}"
        if present.get(key) != path.stat().st_size:
            _put(s3, bucket, key, path.read_bytes())
    for path in sorted((models / CONTESTS).glob(f"{version}-*.json")):
        _put(s3, bucket, f"{prefix}/{CONTESTS}{path.name}", path.read_bytes())


def _open_models(outputs: Mapping[str, str], access: Access) -> S3Store:
    bucket, _, prefix = outputs["ModelsUrl"].removeprefix("s3://").partition("/")
    return S3Store(bucket, f"{prefix}/", access.client("s3"))


def _promote(store: S3Store, champion: Champion, seal: Seal) -> None:
    """With the name and the reason of who promoted it in the folder."""
    pointer = read_pointer(store, seal=seal)
    if pointer.champion and pointer.champion.sha256 == champion.sha256:
        return
    promote(
        store,
        version=champion.version,
        sha256=champion.sha256,
        by=champion.promoted_by,
        reason=champion.reason,
        forced=champion.forced,
        over=pointer,
        seal=seal,
    )


def read_outputs(path: Path) -> dict[str, str]:
    """Outputs as the CDK writes them ({stack: {name: value}}) or flat."""
    outputs: dict[str, Any] = json.loads(path.read_text())
    stacks = [value for value in outputs.values() if isinstance(value, dict)]
    return stacks[0] if stacks else outputs


def _put(s3: Any, bucket: str, key: str, body: bytes) -> None:
    suffix = Path(key).suffix
    kind = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    # Names stay the same from one release to the next: a browser asks whether it changed.
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=kind, CacheControl="no-cache")


def _remove_others(s3: Any, bucket: str, *, keep: set[str]) -> None:
    for key in _sizes(s3, bucket, "").keys() - keep:
        s3.delete_object(Bucket=bucket, Key=key)


def _sizes(s3: Any, bucket: str, prefix: str) -> dict[str, int]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {item["Key"]: item["Size"] for page in pages for item in page.get("Contents", [])}


def _refresh_distribution(distribution: str, access: Access) -> None:
    """Make CloudFront fetch everything anew."""
    access.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": uuid.uuid4().hex,
        },
    )


def _progress[T](items: Iterable[T], *, what: str) -> Iterable[T]:
    listed = list(items)
    return tqdm(listed, desc=f"  {what}", unit="file", leave=False, file=sys.stderr)


def main() -> int:
    options = parse()
    access = Access(region=options.region, endpoint=options.endpoint)
    try:
        outputs = read_outputs(options.outputs)
        if options.what == "website":
            print(f"{publish_website(options.site, outputs=outputs, access=access)} files")
        elif options.version:
            publish_version(options.models, options.version, outputs=outputs, access=access)
            print(options.version)
        else:
            print(publish_model(options.models, outputs=outputs, access=access))
    except (FileNotFoundError, CreditScoringError) as error:
        print(f"infra.operate.publish: {error}", file=sys.stderr)
        return 1
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operate.publish",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["website", "model"])
    parser.add_argument("--outputs", type=Path, required=True, help="the stack's outputs (JSON)")
    parser.add_argument("--site", type=Path, default=SITE, help="default: frontend/")
    parser.add_argument("--models", type=Path, default=Path("models"), help="default: models")
    parser.add_argument("--version", help="upload this one only; default: promote the champion")
    parser.add_argument("--region", default="eu-west-3", help="default: eu-west-3")
    parser.add_argument("--endpoint", help="an emulator's address; default: AWS")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
