"""Synthesise the stack into cdk.out; needs Node, the built layers, and no AWS account.

    python -m infra.app                          for AWS (arm64)
    python -m infra.app --architecture x86_64    for this architecture

The CDK CLI runs it too (infra/cdk.json) and hands over its own context and folder.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.edge_stack import EdgeStack
from infra.repository import ROOT
from infra.stack import CreditScoring
from infra.stack_parts.settings import AssetMissing, SettingInvalid, StackSettings
from infra.stack_parts.watching.settings import WatchSettings

# Behaviour that new CDK projects get; the library's defaults are older.
FLAGS = {
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/aws-lambda:recognizeVersionProps": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/aws-apigateway:disableCloudWatchRole": True,
    "@aws-cdk/aws-lambda:useCdkManagedLogGroup": True,
}


def make_app(*, context: Mapping[str, object], out: Path | None = None) -> App:
    """The app with its one stack and its checks, not yet synthesised."""
    app = App(
        context={**FLAGS, **context},
        outdir=str(out) if out else None,
        analytics_reporting=False,
    )
    settings = StackSettings.from_context(app.node)
    if settings.edge.is_filtered:
        EdgeStack(app, "Edge", environment=settings.environment, edge=settings.edge)
    CreditScoring(
        app,
        "CreditScoring",
        settings=settings,
        watching=WatchSettings.from_context(app.node),
    )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    return app


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.app",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--architecture", help="arm64 (default) or x86_64")
    parser.add_argument("--layers", help="folder of build/layers (default: the architecture)")
    parser.add_argument("--alarm-email", help="who is written to when an alarm rings")
    parser.add_argument("--machines", help="who calls for itself: see stack_parts/machines.py")
    parser.add_argument("--out", type=Path, help="default: cdk.out")
    return parser.parse_args()


def main() -> int:
    options = read_options()
    if shutil.which("node") is None:
        print("infra.app: node was not found: install Node.js 22 or later.", file=sys.stderr)
        return 1
    given = {"architecture": options.architecture, "layers": options.layers,
             "alarmEmail": options.alarm_email, "machines": options.machines}  # fmt: skip
    out = options.out or Path(os.environ.get("CDK_OUTDIR", ROOT / "cdk.out"))
    try:
        app = make_app(context={k: v for k, v in given.items() if v is not None}, out=out)
    except (AssetMissing, SettingInvalid) as error:
        print(f"infra.app: {error}", file=sys.stderr)
        return 1
    try:
        app.synth()
    except RuntimeError as error:
        print(f"infra.app: {error}", file=sys.stderr)
        return 1
    print(f"synthesised into {out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
