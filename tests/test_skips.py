"""Nothing is left out in silence where everything should run."""

import subprocess
import sys

import pytest

from tests.repository import ROOT

MODULE = """
import pytest
def test_left_out():
    pytest.skip({reason!r})
"""


@pytest.mark.parametrize(
    ("reason", "ci", "status"),
    [
        ("nobody knows why", "true", 1),
        ("nobody knows why", "", 0),
        ("needs HOME_CREDIT_DIR, a folder", "true", 0),
        ("only on the local cloud: it breaks on demand", "true", 0),
    ],
)
def test_an_unexpected_skip_fails_in_ci_alone(tmp_path, reason, ci, status):
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_one.py").write_text(MODULE.format(reason=reason))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
    ]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "CI": ci}
    done = subprocess.run(
        [*command, tmp_path], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == status, done.stdout
