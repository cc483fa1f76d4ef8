"""The demo's second half: the cloud is started, the stack deployed and used once."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from credit_scoring.aws.storage import FolderStore
from credit_scoring.registry.champion import Champion, read_history

from infra.access import Access
from infra.local.demo.building import DemoPlan
from infra.local.demo.proxy import COGNITO, Proxy, Upstream
from infra.local.demo.steps import python, run_command
from infra.local.demo.target import DeployedStack
from infra.local.demo.uploads import read_shares, write_table
from infra.local.deployment.conformance import compare, only_on_aws
from infra.local.deployment.deploy import Deployment, deploy
from infra.local.deployment.template import read_template
from infra.local.errors import StackMisbehaves, StepFailed
from infra.local.ports import HOST
from infra.local.processes import ProcessGroup
from infra.local_cloud import local_access
from infra.operate.publish import SITE, publish_model, publish_website
from infra.repository import ROOT

BRANCH: Final = "paris-01"
ADVISOR: Final = ("advisor", f"branch-{BRANCH}")
SAMPLE: Final = "sample.csv"
USERNAME: Final = "advisor"
# One a role, and a second operator: some promotions need two people.
ACCOUNTS: Final = {
    USERNAME: ADVISOR,
    "office": ("back-office", f"branch-{BRANCH}"),
    "operator": ("operator", "all-branches"),
    "colleague": ("operator", "all-branches"),
    "scientist": ("data-scientist",),
}
PASSWORD: Final = "Demo-advisor-2026"  # noqa: S105 (of a user pool on this machine)
_START_LIMIT: Final = 60.0  # seconds


class Runner:
    """Runs what was built; every method is a step and returns its outcome in a few words."""

    def __init__(self, plan: DemoPlan, group: ProcessGroup) -> None:
        self.plan = plan
        self.group = group
        self.access: Access = local_access(plan.emulator_port)
        self.deployment: Deployment | None = None
        self.proxy: Proxy | None = None
        self.emulator: subprocess.Popen[bytes] | None = None

    @property
    def outputs(self) -> Mapping[str, str]:
        assert self.deployment
        return self.deployment.outputs

    @property
    def target(self) -> DeployedStack:
        assert self.proxy
        return DeployedStack(
            page=self.proxy.url,
            login=f"{self.proxy.url}{COGNITO}/",
            outputs=self.outputs,
            access=self.access,
        )

    @property
    def log(self) -> Path:
        return self.plan.home / f"{self.plan.cloud_name}.log"

    def start_emulator(self) -> str:
        port = str(self.plan.emulator_port)
        command = python(
            "infra.local.emulation.emulator", "--port", port, "--data", self.plan.cloud
        )
        with self.log.open("wb") as log:
            process = self.group.start(command, cwd=ROOT, stdout=log)
        self._wait_until_healthy(process)
        self.emulator = process
        return f"{self.access.endpoint}, log in {self.log}"

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START_LIMIT
        while not is_healthy(self.plan.emulator_port):
            if process.poll() is not None:
                words = self.log.read_text(errors="replace").strip().splitlines() or ["no word"]
                raise StepFailed("Starting the emulator", words[-1].rstrip("."))
            if time.monotonic() > end:
                raise StepFailed("Starting the emulator", f"no answer in {_START_LIMIT:.0f} s")
            time.sleep(0.05)

    def stay_up(self) -> None:
        """Return only by a signal; StepFailed when the emulator ends by itself."""
        assert self.emulator
        code = self.emulator.wait()
        raise StepFailed("Staying up", f"the emulator ended with {code}; see {self.log}")

    def deploy(self) -> str:
        images = self.plan.cloud / "images"
        self.deployment = deploy(self.plan.assembly, access=self.access, images=images)
        for name in self.deployment.left_out:
            print(f"{'':8}left out, the emulator refuses it: {name}", file=sys.stderr)
        return f"stack {self.deployment.stack}"

    def compare(self) -> str:
        assert self.deployment
        stack = self.deployment.stack
        template = read_template(self.plan.assembly / f"{stack}.template.json")
        findings = compare(template, stack=stack, access=self.access)
        report = self.plan.home / "only-on-aws.txt"
        lines = only_on_aws(template, findings)
        report.write_text("\n".join(lines) + "\n")
        held = sum(finding.verdict == "held" for finding in findings)
        return f"{held} properties as on AWS; {len(lines)} only there, listed in {report}"

    def publish_model(self) -> str:
        version = publish_model(
            self.plan.models, outputs=self.outputs, access=self.access, champion=self._first()
        )
        return f"model {version}"

    def _first(self) -> Champion:
        """What serves first: with a past, the one before the champion."""
        served = read_history(FolderStore(self.plan.models))
        return served[-2] if self.plan.has_past else served[-1]

    def publish_histories(self) -> str:
        """Of those who will be scored."""
        places = ("--data", self.plan.tables, "--table", self.outputs["ProfilesTable"])
        only = ("--only", self.plan.upload)
        command = python("training", "publish-histories", *places, *only)
        run_command(self.group, "Publishing histories", command, env=self.access.environment)
        return f"of the applicants in {self.plan.upload.name}"

    def publish_page(self) -> str:
        count = publish_website(
            SITE,
            outputs=self.outputs,
            access=self.access,
            login_endpoint=f"{COGNITO}/",
        )
        return f"{count} files"

    def start_proxy(self) -> str:
        distribution = self.outputs["WebsiteUrl"].removeprefix("https://")
        upstream = Upstream(self.plan.emulator_port, distribution)
        self.proxy = Proxy(upstream, port=self.plan.port)
        self.proxy.start()
        return self.proxy.url

    def create_accounts(self) -> str:
        for username, groups in ACCOUNTS.items():
            self.target.create_user(username, PASSWORD, groups=groups)
        return ", ".join(ACCOUNTS)

    def score_sample(self) -> str:
        """Drop some applicants as a branch would, and wait for their result."""
        body, target = write_table(read_shares(self.plan.upload)[0]), self.target
        target.put_upload(f"uploads/{BRANCH}/{SAMPLE}", body)
        try:
            key = target.wait_for_result(f"scored/{BRANCH}/{SAMPLE}/", timeout=120)
        except StackMisbehaves as error:
            raise StepFailed("Scoring the sample", f"{error} See {self.log}") from None
        counts = json.loads(target.read_result(key))
        return f"{counts['scored']} scored, {counts['rejected']} rejected, in {Path(key).parent}"

    def run_canary(self) -> str:
        """Now, instead of within the hour: an alarm rings for a canary that does not run."""
        answer = self.access.client("lambda").invoke(
            FunctionName=f"{self.outputs['CanaryFunction']}:live",
            Payload=json.dumps({"file_seconds": 60}).encode(),
        )
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise StepFailed("Running the canary", f"{told.get('errorMessage')} See {self.log}")
        return "; ".join(told["problems"]) or "all as published"

    def run_drift(self, *, days_ago: int = 0) -> str:
        summary = self.target.run_drift(days_ago=days_ago)
        return f"status {summary.get('status')}, report under drift/ of the results"


def is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
