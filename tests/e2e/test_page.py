"""The page on top of the real stack: the browser's journeys, pointed at it."""

import os
import subprocess
import sys

from infra.local.demo.running import BRANCH, PASSWORD, USERNAME
from infra.local.demo.steps import ROOT


def test_an_advisor_works_with_the_page_of_the_running_stack(
    target, called, batch, upload, tmp_path
):
    assert batch.default_probabilities  # there are applicants to find
    (tmp_path / "applications.csv").write_bytes(upload)
    target.create_user("careful.advisor", PASSWORD, groups=["advisor", f"branch-{BRANCH}"])
    (user, password), (enrolling, _) = called(USERNAME), called("careful.advisor")
    site = {
        "ENROLLING_USER": enrolling,
        "BASE_URL": target.page,
        "USER": user,
        "PASSWORD": password,
        "BRANCH": BRANCH,
        "CSV": str(tmp_path / "applications.csv"),
    }
    journeys = [sys.executable, "-m", "pytest", "-q", "-m", "browser", "tests/browser"]
    done = subprocess.run(
        journeys, cwd=ROOT, env={**os.environ, **site}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
