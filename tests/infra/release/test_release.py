"""`make deploy` and `make destroy`, as far as they need no account: what they call, and when."""

import os
import platform
import subprocess
import sys

import pytest

from infra.release import commands
from infra.release.__main__ import FUNCTIONS
from infra.release.commands import check_machine
from infra.release.errors import NotReady
from tests.repository import ROOT

DIGEST = f"public.ecr.aws/lambda/python@sha256:{'0' * 64}"


@pytest.fixture
def tools(tmp_path):
    """Stand-ins for the programs of a release: they write down how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("npx", "npm", "docker", "make"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {tmp_path}/calls\n')
        (folder / name).chmod(0o755)
    return tmp_path


def release(tools, *arguments, said=""):
    environment = {
        **os.environ,
        "PATH": f"{tools}/bin:{os.environ['PATH']}",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "infra.release", *arguments],
        cwd=ROOT, env=environment, input=said, capture_output=True, text=True,
    )  # fmt: skip
    calls = tools / "calls"
    return done, calls.read_text().splitlines() if calls.exists() else []


def test_whoever_does_not_type_the_name_changes_nothing(tools) -> None:
    settings = (
        "--env",
        "prod",
        "-c",
        f"driftBaseImage={DIGEST}",
        "-c",
        f"architecture={own_architecture()}",
    )
    for said in ("", "yes\n", "dev\n"):
        (tools / "calls").unlink(missing_ok=True)
        done, calls = release(tools, "deploy", *settings, said=said)
        assert done.returncode == 1
        assert "Nothing was changed in prod." in done.stderr
        assert [call for call in calls if " deploy" in call] == []
        assert any(call.startswith("npx cdk diff --all -c env=prod") for call in calls)


def test_the_filter_comes_first_and_without_it_nothing_else(tools) -> None:
    """What stands before the system is a setting of it: its ARN is in no outputs here."""
    settings = ("--yes", "-c", f"architecture={own_architecture()}", "-c", "edgeFilter=yes")
    (ROOT / "build" / "outputs-dev-edge.json").unlink(missing_ok=True)
    done, calls = release(tools, "deploy", "--env", "dev", *settings)
    assert done.returncode == 1
    assert "outputs-dev-edge.json" in done.stderr
    deployed = [call for call in calls if call.startswith("npx cdk deploy")]
    assert [call.split()[3] for call in deployed] == ["Edge"]


def test_prod_is_never_destroyed_by_a_command(tools) -> None:
    done, calls = release(tools, "destroy", "--env", "prod", "--yes")
    assert done.returncode == 1
    assert "prod keeps its data" in done.stderr
    assert calls == []


def test_destroying_asks_for_the_name_before_a_bucket_is_touched(tools) -> None:
    done, calls = release(tools, "destroy", "--env", "dev", said="no\n")
    assert done.returncode == 1
    assert [call for call in calls if "destroy" in call] == []


def test_no_function_keeps_versions_that_are_paid_for_and_never_called(template) -> None:
    """Every one that the stack names has snapshots of its versions, or an image of each."""
    named = {name for name in template.body["Outputs"] if name.endswith("Function")}
    assert named == set(FUNCTIONS)


def test_prod_is_built_from_a_base_that_never_changes() -> None:
    with pytest.raises(NotReady, match="by digest"):
        check_machine({"env": "prod", "architecture": own_architecture()})
    check_machine({"env": "prod", "architecture": own_architecture(), "driftBaseImage": DIGEST})


def test_an_image_for_another_processor_says_what_it_needs(monkeypatch, tmp_path) -> None:
    other = {"arm64": "x86_64", "x86_64": "arm64"}[own_architecture()]
    monkeypatch.setattr(commands, "EMULATORS", tmp_path)
    with pytest.raises(NotReady, match="binfmt --install") as caught:
        check_machine({"env": "dev", "architecture": other})
    assert f"-c architecture={own_architecture()}" in str(caught.value)
    (tmp_path / commands.EMULATOR_NAMES[other]).touch()
    check_machine({"env": "dev", "architecture": other})


def own_architecture() -> str:
    return commands.PROCESSORS[platform.machine().lower()]


@pytest.fixture(autouse=True)
def _docker(monkeypatch, tools):
    """Whether this machine has Docker is not what is tested here."""
    monkeypatch.setenv("PATH", f"{tools}/bin:{os.environ['PATH']}")
