"""Deploy an unmodified cloud assembly to the local cloud.

    python -m infra.local.deployment.deploy --port 4566 --app cdk.out

Prints the stack's outputs as JSON. What the emulator refuses is left out by an explicit list and
named; container images are not built (their code runs from its build context).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError
from tqdm import tqdm

from infra.access import Access
from infra.local.deployment.assets import copy_image, read_file_assets, read_image_assets, upload
from infra.local.deployment.template import LocalTemplate, leave_out_refused, read_template
from infra.local.errors import DeployFailed, LocalCloudFailed
from infra.local_cloud import ACCOUNT, local_access

QUALIFIER: Final = "hnb659fds"  # of the CDK's default bootstrap
_CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True)
class Deployment:
    stack: str
    outputs: dict[str, str]
    left_out: list[str]
    images: list[str]
    seconds: float


def deploy(
    assembly: Path, *, access: Access, images: Path, stack: str = "", timeout: float = 300
) -> Deployment:
    """Upload the assets, create or update the stack, wait for it, return its outputs.

    `images` : the folder where the emulator looks for the code of image functions.
    Raises DeployFailed with the first resource that failed.
    """
    started = time.monotonic()
    stack = stack or only_stack(assembly)
    template = leave_out_refused(read_template(assembly / f"{stack}.template.json"))
    bootstrap(access)
    upload_files(assembly, stack, access)
    names = copy_images(assembly, stack, images)
    start_update(template, stack=stack, access=access)
    outputs = wait_until_deployed(template, stack=stack, access=access, timeout=timeout)
    return Deployment(stack, outputs, template.left_out, names, time.monotonic() - started)


def only_stack(assembly: Path) -> str:
    """The name of the assembly's stack, when there is exactly one."""
    if not assembly.is_dir():
        raise DeployFailed(f"{assembly} does not exist: synthesise first.")
    names = [path.name.removesuffix(".template.json") for path in assembly.glob("*.template.json")]
    if len(names) != 1:
        raise DeployFailed(f"{assembly} holds {len(names)} stacks {sorted(names)}: name one.")
    return names[0]


def bootstrap(access: Access) -> None:
    """What `cdk bootstrap` leaves in an account, as far as a deployment needs it."""
    location = {"LocationConstraint": access.region}
    bucket = f"cdk-{QUALIFIER}-assets-{ACCOUNT}-{access.region}"
    s3, ssm = access.client("s3"), access.client("ssm")
    if bucket not in {known["Name"] for known in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    version = f"/cdk-bootstrap/{QUALIFIER}/version"
    ssm.put_parameter(Name=version, Value="30", Type="String", Overwrite=True)


def upload_files(assembly: Path, stack: str, access: Access) -> None:
    s3 = access.client("s3")
    assets = list(read_file_assets(assembly, stack, account=ACCOUNT, region=access.region))
    for asset in tqdm(assets, desc="  assets", unit="file", leave=False, disable=None):
        upload(asset, s3)


def copy_images(assembly: Path, stack: str, images: Path) -> list[str]:
    assets = list(read_image_assets(assembly, stack))
    for asset in assets:
        copy_image(asset, images)
    return [asset.name for asset in assets]


def start_update(template: LocalTemplate, *, stack: str, access: Access) -> None:
    """By URL, as the CDK does: a template in the request itself may only have 51,200 bytes."""
    bucket, key = f"cdk-{QUALIFIER}-assets-{ACCOUNT}-{access.region}", f"{stack}.local.json"
    access.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(template.body).encode())
    cloudformation = access.client("cloudformation")
    request = {
        "StackName": stack,
        "TemplateURL": f"{access.endpoint}/{bucket}/{key}",
        "Capabilities": _CAPABILITIES,
    }
    exists = stack_status(stack, cloudformation) is not None
    try:
        (cloudformation.update_stack if exists else cloudformation.create_stack)(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployFailed(f"{stack} was refused: {error}") from None


def stack_status(stack: str, cloudformation: Any) -> str | None:
    try:
        status: str = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return status


def wait_until_deployed(
    template: LocalTemplate, *, stack: str, access: Access, timeout: float
) -> dict[str, str]:
    """Follow the stack until it is complete; its outputs."""
    cloudformation = access.client("cloudformation")
    end = time.monotonic() + timeout
    total = len(template.body["Resources"])
    with tqdm(total=total, desc="  resources", leave=False, disable=None) as progress:
        while (status := stack_status(stack, cloudformation) or "").endswith("IN_PROGRESS"):
            if time.monotonic() > end:
                raise DeployFailed(f"{stack} is still {status} after {timeout:.0f} s.")
            progress.update(_finished(stack, cloudformation) - progress.n)
            time.sleep(0.25)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeployFailed(f"{stack} is {status}: {_first_failure(stack, cloudformation)}")
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {item["OutputKey"]: item["OutputValue"] for item in described.get("Outputs", [])}


def _finished(stack: str, cloudformation: Any) -> int:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    states = [item["ResourceStatus"] for page in pages for item in page["StackResourceSummaries"]]
    return sum(state.endswith("_COMPLETE") for state in states)


def _first_failure(stack: str, cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failures = [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): "
        f"{event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("FAILED")
    ]
    return failures[0] if failures else "no resource is named"


def report(deployment: Deployment) -> None:
    """Say what is not here, on standard error."""
    for name in deployment.left_out:
        print(f"  left out, the emulator refuses it: {name}", file=sys.stderr)
    for name in deployment.images:
        print(f"  not built as a container, run from its build context: {name}", file=sys.stderr)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.deployment.deploy", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=4566, help="of the emulator (default: 4566)")
    parser.add_argument("--app", type=Path, default=Path("cdk.out"), help="default: cdk.out")
    parser.add_argument("--stack", default="", help="needed when the assembly holds several")
    parser.add_argument(
        "--data", type=Path, default=Path("build/local"), help="the emulator's --data"
    )
    return parser.parse_args(arguments)


def main() -> None:
    options = parse()
    try:
        deployment = deploy(
            options.app,
            access=local_access(options.port),
            images=options.data.resolve() / "images",
            stack=options.stack,
        )
    except LocalCloudFailed as error:
        raise SystemExit(str(error)) from None
    report(deployment)
    print(json.dumps(deployment.outputs, indent=2))


if __name__ == "__main__":
    main()
