"""Put the page and its configuration into the website bucket of a deployed stack.

    python -m infra.publish --stack CreditScoring

Uses the usual AWS environment (profile, region). The page is static: what differs between
deployments is config.json, written here from the stack's outputs.
"""

import argparse
import json
import mimetypes
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from tqdm import tqdm

from infra.api import PREFIX
from infra.settings import ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGE = ROOT / "frontend"
PUBLISHED = ("index.html", "icon.svg", "style.css", "styles", "js", "vendor")
# CloudFront and browsers ask again each time: unchanged files cost a 304, new ones show at once.
CACHE_CONTROL = "no-cache"


class PageIncomplete(FileNotFoundError):
    """A part of the page is not there yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: run npm ci and npm run vendor in {path.parent}.")


def find_outputs(stack: str) -> dict[str, str]:
    """The outputs of a deployed stack, by name."""
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)
    outputs = described["Stacks"][0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def write_config(outputs: Mapping[str, str]) -> str:
    """config.json: where the page logs in and what it calls."""
    config = {
        "region": outputs["Region"],
        "userPoolId": outputs["UserPoolId"],
        "userPoolClientId": outputs["UserPoolClientId"],
        "cognitoEndpoint": outputs["CognitoEndpoint"],
        "apiBase": PREFIX,
    }
    return json.dumps(config, indent=2)


def list_files(page: Path) -> Iterator[Path]:
    """What a browser may ask for; PageIncomplete when a part is missing."""
    for name in PUBLISHED:
        path = page / name
        if not path.exists():
            raise PageIncomplete(path)
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file())


def publish_page(page: Path, *, outputs: Mapping[str, str], s3: "S3Client") -> int:
    """Upload every file, the configuration last; returns how many objects were written."""
    bucket, files = outputs["WebsiteBucket"], list(list_files(page))
    for file in tqdm(files, desc="page", unit="file", disable=None):
        put(s3, bucket, key=file.relative_to(page).as_posix(), body=file.read_bytes())
    put(s3, bucket, key="config.json", body=write_config(outputs).encode())
    return len(files) + 1


def put(s3: "S3Client", bucket: str, *, key: str, body: bytes) -> None:
    kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("javascript", "json"))
    content_type = f"{kind}; charset=utf-8" if text else kind
    s3.put_object(
        Bucket=bucket, Key=key, Body=body, ContentType=content_type, CacheControl=CACHE_CONTROL
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.publish",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", default="CreditScoring", help="default: CreditScoring")
    parser.add_argument("--page", type=Path, default=PAGE, help="default: frontend/")
    options = parser.parse_args()
    try:
        outputs = find_outputs(options.stack)
        count = publish_page(options.page, outputs=outputs, s3=boto3.client("s3"))
    except (PageIncomplete, BotoCoreError, ClientError) as error:
        print(f"infra.publish: {error}", file=sys.stderr)
        return 1
    print(f"{count} objects published at {outputs['WebsiteUrl']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
