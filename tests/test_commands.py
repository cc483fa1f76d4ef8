"""Every command that README and docs promise starts: here, in a suite, or it needs an account."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.repository import ROOT

PAGES = [ROOT / "README.md", ROOT / "frontend" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

# Where each promised target of the Makefile is really run; what only prints is run here.
TARGETS = {
    "help": "here",
    "demo": "the e2e suite runs its steps",
    "demo-check": "make test runs it, with fewer applicants: check-demo",
    "test": "the continuous integration",
    "browser": "the continuous integration",
    "unit": "make test",
    "lint": "make test",
    "page": "make test-browser, and make demo before it publishes",
    "e2e": "make test",
    "pictures": "tests/e2e/test_pictures.py",
    "upload": "tests/infra/upload and the e2e suite",
    "redrive": "tests/infra/operate and tests/infra/local/test_batches.py",
    "relist": "tests/infra/operate/test_relist.py",
    "readers": "tests/infra/operate/test_readers.py",
    "rotate-origin": "tests/infra/operate/test_rotate_origin.py",
    "applicant": "tests/infra/operate/test_applicant.py",
    "forget": "tests/infra/operate/test_applicant.py",
    "deploy": "tests/infra/release, as far as it needs no account",
    "destroy": "tests/infra/release, as far as it needs no account",
    "sbom": "tests/test_workflows.py",
    "audit": "the continuous integration: it needs the internet",
    "lint-workflows": "the continuous integration: it fetches actionlint",
    "layers": "tests/layers, and host-layers in make unit",
    "synth": "tests/infra/test_cdk_command.py and the e2e suite",
    "synth-data": "tests/training/sample_data",
    "train": "tests/training/pipeline/test_run.py",
    "evaluate": "tests/training/pipeline/test_run.py",
    "docs": "tests/training/report/test_data_dictionary.py",
    "mlflow": "its server is MLflow's own; tests/training/tracking writes what it shows",
    "costs": "tests/infra/costs",
    "permissions": "by hand after a change of grants; tests/infra/local/permissions",
    "qemu": "by make e2e, which says so where it is missing",
    "bench": "by hand, on an idle machine",
    "test-aws": "tests/e2e/test_guest.py, as far as it needs no account",
    "coverage": "the fast tests of make unit, watched",
}
# Modules whose name stands for another one in a sentence, or that AWS starts.
NOT_OURS = {"awslambdaric", "pytest"}
MODULES = sorted(set(re.findall(r"python -m ([a-z_][\w.]*\w)", TEXT)) - NOT_OURS)


def promised_targets(text: str) -> set[str]:
    """The targets of `make ...` in code, not of sentences that use the word."""
    code = re.findall(r"`make ([^`\n]+)`", text) + re.findall(r"^make ([^#\n]+)", text, re.M)
    words = (word for command in code for word in command.split())
    return {word for word in words if re.fullmatch(r"[a-z][a-z0-9-]*", word)}


def test_every_promised_target_is_in_the_table_and_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.M))
    assert promised_targets(TEXT) <= TARGETS.keys()
    assert TARGETS.keys() <= targets


def test_a_target_that_nobody_runs_is_noticed():
    assert promised_targets("`make rocket`\nmake demo   # all\nthey make sense") == {
        "rocket",
        "demo",
    }


def test_help_lists_what_people_may_call():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^ +make ([a-z0-9-]+)", done.stdout, re.M))
    assert promised_targets(TEXT) <= listed | {"help"}


@pytest.mark.parametrize("module", MODULES)
def test_every_promised_module_starts(module):
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert "usage" in done.stdout.lower()


def test_every_promised_script_of_npm_exists():
    promised = set(re.findall(r"npm (?:run )?([a-z-]+)", TEXT))
    package = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
    assert promised <= package["scripts"].keys() | {"ci", "run"}
    assert shutil.which("npm")
