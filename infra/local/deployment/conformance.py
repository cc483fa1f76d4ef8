"""What the template asks for against what the emulator holds: what is only true on AWS, by name.

python -m infra.local.deployment.conformance --port 4566 --app cdk.out
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from infra.access import Access
from infra.local.deployment.deploy import only_stack
from infra.local.deployment.template import Template, leave_out_refused, read_template
from infra.local.emulation.emulator_state import READERS
from infra.local.errors import LocalCloudFailed
from infra.local_cloud import local_access

Verdict = Literal["held", "stored only", "only on AWS"]

# The emulator keeps these properties but nothing follows from them.
STORED_ONLY: Final = {
    "LifecycleConfiguration.Rules": "no object ever expires",
    "BucketEncryption.ServerSideEncryptionConfiguration": "files lie on this disk as they are",
    "LoggingConfiguration.LogFilePrefix": "no access log is written",
    "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": "there is no backup",
    "SSESpecification.SSEEnabled": "items lie in memory as they are",
    "TimeToLiveSpecification.Enabled": "no item expires",
    "SnapStart.ApplyOn": "a worker imports ahead, but no snapshot is restored",
    "TracingConfig.Mode": "no trace is recorded",
    "Architectures": "functions run on this machine's processor",
    "EphemeralStorage.Size": "the disk is the limit",
    "RetentionInDays": "logs live as long as the emulator",
    "SqsManagedSseEnabled": "messages lie in memory as they are",
}
# Whole resources that deploy but do not act.
INERT: Final = {
    "AWS::WAFv2::WebACL": "no request is filtered",
    "AWS::XRay::SamplingRule": "no trace is recorded",
    "AWS::StepFunctions::StateMachine": (
        "the role is not asked, no redrive, pauses between retries are a tenth and without chance, "
        "no limit of 262,144 bytes"
    ),
    "AWS::IAM::ManagedPolicy": "no variable in it is filled in",
    "AWS::Events::Rule": "the topic's policy is not asked",
    "AWS::CloudFront::Distribution": "no cache, no compression, no TLS, no access log",
    "AWS::ApiGatewayV2::Stage": "no throttling, no access log, no metrics",
    "AWS::Logs::MetricFilter": "no access log is written, so no line is counted",
}


@dataclass(frozen=True)
class Finding:
    resource: str
    kind: str
    property: str
    asked: object
    held: object
    verdict: Verdict
    note: str = ""

    def __str__(self) -> str:
        return f"{self.resource} {self.property}: {self.note or f'asked {self.asked!r}'}"


def compare(template: Template, *, stack: str, access: Access) -> list[Finding]:
    """One finding for each readable property that the template sets, and each inert resource."""
    physical = physical_ids(stack, access)
    findings: list[Finding] = []
    for name, resource in template["Resources"].items():
        kind = resource["Type"]
        if kind in INERT:
            findings.append(_inert(name, kind))
        if kind in READERS and name in physical:
            held = READERS[kind](access, physical[name])
            findings += compare_properties(name, kind, resource.get("Properties", {}), held)
    return findings


def compare_properties(
    name: str, kind: str, properties: dict[str, Any], held: dict[str, Any]
) -> Iterator[Finding]:
    for path, value in held.items():
        asked = dig(properties, path)
        if asked is None or _is_intrinsic(asked):
            continue
        same = _comparable(asked) == _comparable(value)
        verdict: Verdict = "held"
        note = ""
        if not same:
            verdict, note = "only on AWS", f"asked {asked!r}, the emulator holds {value!r}"
        elif path in STORED_ONLY:
            verdict, note = "stored only", STORED_ONLY[path]
        yield Finding(name, kind, path, asked, value, verdict, note)


def physical_ids(stack: str, access: Access) -> dict[str, str]:
    pages = access.client("cloudformation").get_paginator("list_stack_resources")
    return {
        item["LogicalResourceId"]: item["PhysicalResourceId"]
        for page in pages.paginate(StackName=stack)
        for item in page["StackResourceSummaries"]
    }


def dig(properties: Any, path: str) -> Any:
    """The value at a dotted path, None when the template does not set it."""
    for part in path.split("."):
        properties = properties.get(part) if isinstance(properties, dict) else None
    return properties


def only_on_aws(template: Template, findings: list[Finding]) -> list[str]:
    """Everything that this machine does not show, by name, the left-out resources first."""
    left_out = [f"{name}: the emulator refuses it" for name in leave_out_refused(template).left_out]
    return left_out + [str(finding) for finding in findings if finding.verdict != "held"]


def _inert(name: str, kind: str) -> Finding:
    return Finding(name, kind, f"({kind})", None, None, "stored only", INERT[kind])


def _is_intrinsic(value: object) -> bool:
    return isinstance(value, dict) and any(key == "Ref" or key.startswith("Fn::") for key in value)


def _comparable(value: object) -> str:
    if isinstance(value, list):
        return f"{len(value)} items"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):g}"
    try:
        return f"{float(str(value)):g}"
    except ValueError:
        return str(value).lower()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.deployment.conformance",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--port", type=int, default=4566, help="of the emulator (default: 4566)")
    parser.add_argument("--app", type=Path, default=Path("cdk.out"), help="default: cdk.out")
    parser.add_argument("--stack", default="", help="needed when the assembly holds several")
    options = parser.parse_args()
    try:
        stack = options.stack or only_stack(options.app)
    except LocalCloudFailed as error:
        print(error, file=sys.stderr)
        return 1
    template = read_template(options.app / f"{stack}.template.json")
    findings = compare(template, stack=stack, access=local_access(options.port))
    held = sum(finding.verdict == "held" for finding in findings)
    print(f"{held} of {len(findings)} properties hold here as on AWS. Only true on AWS:")
    for line in only_on_aws(template, findings):
        print(f"  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
