"""Somebody else's stack, on AWS as a rule: reached by its outputs, left as few traces on as can be.

    STACK_OUTPUTS=build/outputs-dev.json python -m pytest -m e2e tests/e2e

Our users are called like nobody else, have a password that is known to this process alone, and are
deleted at the end. What is scored and decided stays: no role may take it back.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from credit_scoring.aws.storage import FolderStore, S3Store
from credit_scoring.errors import CreditScoringError
from credit_scoring.registry.champion import read_champion

from infra.access import Access
from infra.local.demo.building import Builder, DemoPlan
from infra.local.demo.running import ACCOUNTS, Runner
from infra.local.demo.steps import DemoStep, run_steps
from infra.local.demo.target import DeployedStack, random_password
from infra.local.deployment.deploy import Deployment
from infra.local.processes import ProcessGroup
from infra.operate.publish import read_outputs

PREFIX = "e2e-"


@dataclass(frozen=True)
class GuestStack(DeployedStack):
    """A stack whose users are named and known by us alone, whatever a test calls them."""

    password: str = field(default_factory=random_password, repr=False)
    _guests: set[str] = field(default_factory=set, repr=False)

    def create_user(self, username: str, password: str, *, groups: Sequence[str]) -> None:
        self._guests.add(username)
        super().create_user(f"{PREFIX}{username}", self.password, groups=groups)

    def delete_user(self, username: str) -> None:
        self._guests.discard(username)
        super().delete_user(f"{PREFIX}{username}")

    def log_in(self, username: str, password: str) -> str:
        return super().log_in(f"{PREFIX}{username}", self.password)

    def called(self, username: str) -> tuple[str, str]:
        """What they type to log in."""
        return f"{PREFIX}{username}", self.password

    def leave(self) -> None:
        for username in sorted(self._guests):
            self.delete_user(username)


def outputs_file() -> Path | None:
    """Of the stack that is to be tested; None: one of this machine, made for it."""
    named = os.environ.get("STACK_OUTPUTS", "")
    return Path(named) if named else None


@contextmanager
def visit(file: Path, plan: DemoPlan) -> Iterator[GuestStack]:
    """The stack with a model and histories of ours, and an account a role until the end.

    plan : of the data and the model, which is made where it is not
    """
    outputs = read_outputs(file)
    if "-prod-" in outputs["AlarmPrefix"]:
        raise SystemExit(f"{file} is of prod: tests score, decide and promote, but not there.")
    access = Access(region=outputs["Region"])
    target = GuestStack(
        page=outputs["WebsiteUrl"].rstrip("/"),
        login=f"{outputs['CognitoEndpoint'].rstrip('/')}/",
        outputs=outputs,
        access=access,
    )
    with ProcessGroup() as group:
        try:
            run_steps(_preparations(plan, group, target))
            yield target
        finally:
            target.leave()
            group.close(grace=5)


def _preparations(plan: DemoPlan, group: ProcessGroup, target: GuestStack) -> list[DemoStep]:
    builder, runner = Builder(plan, group), Runner(plan, group)
    runner.access = target.access
    stack = target.outputs["AlarmPrefix"].rstrip("-")
    runner.deployment = Deployment(stack, dict(target.outputs), [], [], 0)

    def publish_model() -> str:
        return "unchanged" if _serves(plan, target) else runner.publish_model()

    def create_accounts() -> str:
        for username, groups in ACCOUNTS.items():
            target.create_user(username, "", groups=groups)
        return f"{len(ACCOUNTS)}, until the end"

    return [
        DemoStep("Generate the sample data", builder.make_data),
        DemoStep("Train a model", builder.train),
        DemoStep("Publish the model", publish_model),
        DemoStep("Publish what past credits tell", runner.publish_histories),
        DemoStep("Create an account a role", create_accounts),
    ]


def _serves(plan: DemoPlan, target: GuestStack) -> bool:
    """Whether the stack's champion is ours already."""
    store = S3Store(target.outputs["ModelsBucket"], "models/", target.access.client("s3"))
    ours = read_champion(FolderStore(plan.models))
    try:
        return read_champion(store).version == ours.version
    except CreditScoringError:  # none yet, or a damaged one: it is replaced
        return False
