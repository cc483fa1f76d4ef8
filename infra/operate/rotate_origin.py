"""Change the secret by which the API knows CloudFront, on AWS or locally; no request is refused.

    python -m infra.operate.rotate_origin --env prod
    python -m infra.operate.rotate_origin --port 4566

The API accepts the new value beside the old one, then CloudFront sends it, then the old one ends.
A run that was stopped is gone on with by the next one.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from functions.score_api.origin import HEADER, SECONDS_BETWEEN_LOOKS
from infra.operate.deployed_stack import find_stack, name_stack

# A process that looked just before looks again in time.
PAUSE: Final = 2 * SECONDS_BETWEEN_LOOKS


def rotate(
    distribution: str, secret: str, *, cloudfront: Any, keeper: Any, pause: float = PAUSE
) -> None:
    """Raises LookupError where the distribution sends no such header."""
    described = cloudfront.get_distribution_config(Id=distribution)
    config, tag = described["DistributionConfig"], described["ETag"]
    headers = find_headers(config)
    sent = headers[0]["HeaderValue"]
    held = json.loads(keeper.get_secret_value(SecretId=secret)["SecretString"])
    # Another one than what is sent was begun with and not ended.
    new = held["current"] if held["current"] != sent else secrets.token_urlsafe(36)
    _keep(keeper, secret, current=new, previous=sent)
    time.sleep(pause)
    for header in headers:
        header["HeaderValue"] = new
    cloudfront.update_distribution(Id=distribution, IfMatch=tag, DistributionConfig=config)
    cloudfront.get_waiter("distribution_deployed").wait(Id=distribution)
    _keep(keeper, secret, current=new, previous="")


def find_headers(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Of every origin that sends it."""
    headers = [
        header
        for origin in config["Origins"]["Items"]
        for header in (origin.get("CustomHeaders") or {}).get("Items", [])
        if header["HeaderName"].lower() == HEADER
    ]
    if not headers:
        raise LookupError(f"The distribution sends no {HEADER}: deploy the stack first.")
    return headers


def _keep(keeper: Any, secret: str, **values: str) -> None:
    keeper.put_secret_value(SecretId=secret, SecretString=json.dumps(values))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operate.rotate_origin",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    name_stack(parser)
    try:
        access, outputs = find_stack(parser.parse_args())
        rotate(
            outputs["DistributionId"],
            outputs["OriginSecretArn"],
            cloudfront=access.client("cloudfront"),
            keeper=access.client("secretsmanager"),
        )
    except (FileNotFoundError, LookupError, BotoCoreError, ClientError) as error:
        print(f"infra.operate.rotate_origin: {error}", file=sys.stderr)
        return 1
    print("CloudFront sends a new secret, and the old one is no longer accepted.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
