"""There is one version: who tells one takes it from the package."""

import json
import tomllib

from credit_scoring import __version__

from functions.score_api.document import make_document
from tests.repository import ROOT


def test_what_is_built_and_what_is_told_have_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"].endswith("credit_scoring/__init__.py")
    # A list of parts needs a number there; this one tells nothing.
    page = json.loads((ROOT / "frontend" / "package.json").read_text())
    assert page["version"] == "0.0.0"
    assert make_document()["info"]["version"] == __version__
