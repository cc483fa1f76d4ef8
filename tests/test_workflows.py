"""The workflows: what they call exists, what they use is one commit, what they may do is little."""

import json
import re
import subprocess

import pytest
import yaml

from tests.repository import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in FOLDER.glob("*.yml")}
JOBS = [(name, job) for name, flow in WORKFLOWS.items() for job in flow["jobs"].values()]
STEPS = [(name, step) for name, job in JOBS for step in job.get("steps", [])]


def test_there_are_workflows() -> None:
    assert set(WORKFLOWS) == {"checks.yml", "release.yml", "deploy.yml", "retrain.yml"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_one_commit_with_its_version_beside_it(name) -> None:
    for line in (FOLDER / name).read_text().splitlines():
        if "uses:" in line and "uses: ./" not in line:
            assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_every_target_that_a_workflow_makes_is_there() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))
    made = {
        target
        for _, step in STEPS
        for target in re.findall(r"^make ([a-z-]+)", step.get("run", ""), re.M)
    }
    assert {"lint", "test", "audit", "sbom", "deploy", "train"} <= made
    assert made <= targets


def test_a_workflow_reads_the_code_and_nothing_else_unless_a_job_says_so() -> None:
    for name, flow in WORKFLOWS.items():
        assert flow["permissions"] == {"contents": "read"}, name
    wanting = {name for name, job in JOBS if "id-token" in job.get("permissions", {})}
    assert wanting == {"release.yml", "deploy.yml", "retrain.yml"}


def test_no_long_lived_key_is_stored_and_no_text_from_outside_runs_in_a_shell() -> None:
    for name in WORKFLOWS:
        assert "secrets." not in (FOLDER / name).read_text(), name
    for name, step in STEPS:
        assert "${{" not in step.get("run", ""), name


def test_prod_comes_after_dev_and_dev_after_every_check() -> None:
    jobs = WORKFLOWS["release.yml"]["jobs"]
    assert (jobs["dev"]["needs"], jobs["prod"]["needs"]) == ("checks", "dev")
    # The approval is the environment's: its reviewers are asked before the job starts.
    assert WORKFLOWS["deploy.yml"]["jobs"]["deploy"]["environment"] == "${{ inputs.environment }}"


def test_a_scheduled_training_promotes_nothing() -> None:
    [training] = [
        s["run"] for n, s in STEPS if n == "retrain.yml" and "make train" in s.get("run", "")
    ]
    assert "--no-promote" in training


def test_every_place_with_pinned_versions_is_looked_after() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    looked_after = set()
    for update in updates:
        for place in update.get("directories", [update.get("directory")]):
            looked_after.add((update["package-ecosystem"], place))
    assert looked_after == {
        ("uv", "/"), ("npm", "/frontend"), ("npm", "/infra"),
        ("docker", "/functions/drift_monitor"), ("github-actions", "/"),
    }  # fmt: skip


def test_what_is_inside_is_written_down_as_cyclonedx() -> None:
    subprocess.run(["make", "-s", "sbom"], cwd=ROOT, check=True, capture_output=True)
    found = {}
    for name in ("python", "page", "cdk"):
        document = json.loads((ROOT / "build" / "sbom" / f"{name}.json").read_text())
        assert document["bomFormat"] == "CycloneDX"
        found[name] = {part["name"] for part in document["components"]}
    assert "numpy" in found["python"]
    assert "preact" in found["page"]
    assert "aws-cdk" in found["cdk"]
