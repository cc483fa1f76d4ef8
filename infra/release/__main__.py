"""Release to an environment, or take one down.

    python -m infra.release deploy --env dev -c alarmEmail=operator@example.com
    python -m infra.release destroy --env dev

`deploy` shows what would change and asks; then the stack, the page and, with --models, the champion
of a local folder are brought there, and the smoke test looks at the result.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from credit_scoring.errors import CreditScoringError

from infra.access import Access
from infra.environments import ENVIRONMENTS, WEB_ACL_OUTPUT, name_stack
from infra.operate.publish import SITE, publish_model, publish_website, read_outputs
from infra.release.commands import cdk, check_machine, find_region, install_cdk, run
from infra.release.emptying import empty_buckets, prune_versions
from infra.release.errors import DataKept, NotConfirmed, ReleaseStopped
from infra.release.promoted import as_the_stack_left_it, named_versions
from infra.release.smoke import smoke
from infra.repository import ROOT

# Stacks of the app, and how a release that was confirmed is not asked again.
SYSTEM, EDGE = "CreditScoring", "Edge"
UNASKED: Final = ("--require-approval", "never")
# Whose code a stack calls through an alias, as its outputs name them.
FUNCTIONS: Final = (
    "ScoreApiFunction",
    "OperatorApiFunction",
    "ModelPromoterFunction",
    "SnapshotRenewerFunction",
    "BatchScorerFunction",
    "DriftMonitorFunction",
    "CanaryFunction",
)


def deploy(options: argparse.Namespace, context: Mapping[str, str]) -> None:
    environment = context["env"]
    check_machine(context)
    install_cdk()
    run([sys.executable, "-m", "layers.build", "--platform", context.get("architecture", "arm64")])
    run(["make", "--silent", "page"])
    cdk("diff", "--all", context=context)
    confirm(f"Deploy this to {environment}?", environment, sure=options.yes)
    context = deploy_edge(environment, context)
    outputs_file = name_outputs(environment)
    arguments = ("deploy", SYSTEM, *UNASKED, "--outputs-file", str(outputs_file))
    access = Access(region=find_region())
    stack = name_stack(environment)
    with as_the_stack_left_it(stack, access):
        cdk(*arguments, context=context)
    outputs = read_outputs(outputs_file)
    access = Access(region=outputs["Region"])
    print(f"page: {publish_website(SITE, outputs=outputs, access=access)} files")
    if options.models:
        print(f"model: {publish_model(options.models, outputs=outputs, access=access)}")
    prune(outputs, named_versions(stack, access), access)
    smoke(outputs["WebsiteUrl"])
    print(f"{environment} answers at {outputs['WebsiteUrl']}")


def deploy_edge(environment: str, context: Mapping[str, str]) -> Mapping[str, str]:
    """The filter first, whose ARN is a setting of what it stands before."""
    if context.get("edgeFilter") != "yes":
        return context
    outputs_file = name_outputs(f"{environment}-edge")
    cdk("deploy", EDGE, *UNASKED, "--outputs-file", str(outputs_file), context=context)
    return {**context, "webAclArn": read_outputs(outputs_file)[WEB_ACL_OUTPUT]}


def name_outputs(what: str) -> Path:
    return ROOT / "build" / f"outputs-{what}.json"


def prune(outputs: Mapping[str, str], named: Mapping[str, str], access: Access) -> None:
    for function in (outputs[name] for name in FUNCTIONS):
        gone = prune_versions(function, access.client("lambda"), named=named.get(function, ""))
        print(f"{function}: {len(gone)} old versions removed")


def destroy(options: argparse.Namespace, context: Mapping[str, str]) -> None:
    """Everything of dev, its data included."""
    environment = context["env"]
    if environment == "prod":
        raise DataKept(environment)
    install_cdk()
    question = f"Delete {environment} with all its files, applicants and decisions?"
    confirm(question, environment, sure=options.yes)
    access = Access(region=options.region)
    removed = empty_buckets(name_stack(environment), access)
    print(f"buckets: {removed} versions of objects removed")
    cdk("destroy", "--all", "--force", context=context)


def confirm(question: str, environment: str, *, sure: bool) -> None:
    """By the environment's name: a y is typed too easily. Raises NotConfirmed."""
    if sure:
        return
    try:
        answer = input(f"{question} Type {environment} to go on: ")
    except EOFError:
        answer = ""
    if answer.strip() != environment:
        raise NotConfirmed(environment)


def read_context(options: argparse.Namespace) -> dict[str, str]:
    """env first, then what is given by -c name=value."""
    pairs = (item.partition("=") for item in options.context)
    return {"env": options.env} | {name: value for name, _, value in pairs}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.release",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["deploy", "destroy"])
    parser.add_argument("--env", choices=ENVIRONMENTS, required=True)
    parser.add_argument("--yes", action="store_true", help="ask nothing (a pipeline has approved)")
    parser.add_argument("--models", type=Path, help="publish the champion of this folder, too")
    parser.add_argument("--region", default="eu-west-3", help="of destroy (default: eu-west-3)")
    parser.add_argument(
        "-c", dest="context", action="append", default=[], metavar="NAME=VALUE",
        help="a setting of the stack: docs/deployment.md",
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    options = parse()
    try:
        (deploy if options.what == "deploy" else destroy)(options, read_context(options))
    except (ReleaseStopped, FileNotFoundError, CreditScoringError) as error:
        print(f"infra.release: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"infra.release: AWS refuses: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
