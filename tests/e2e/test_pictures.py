"""The README's pictures can be taken from a running stack."""

import subprocess
import sys

import pytest

from tests.repository import ROOT

pytestmark = pytest.mark.local_cloud("pictures are those of the demo")

# What needs no more than a scored file; the others show what the demo's life left behind.
NAMES = ("page", "work-list", "model")


def test_pictures_are_taken_from_the_running_stack(target, batch, tmp_path):
    assert batch.default_probabilities  # there are applicants to show
    command = [sys.executable, "-m", "tests.browser.pictures", *NAMES]
    where = ["--site", target.page, "--out", str(tmp_path)]
    done = subprocess.run([*command, *where], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for name in NAMES:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
