from pathlib import Path

import pytest

from layers.build import ROOT
from layers.sources import DOMAIN


@pytest.fixture
def source_tree(tmp_path: Path) -> Path:
    """A small repository of the same shape as this one."""
    root = tmp_path / "repository"
    domain = root / DOMAIN / "credit_scoring"
    domain.mkdir(parents=True)
    (domain / "__init__.py").write_text('"""The domain."""\nNAMES = {"a", "b", "c"}\n')
    (domain / "columns.csv").write_text("name,type\nAMT_CREDIT,number\n")
    handler = root / "functions" / "score_api"
    handler.mkdir(parents=True)
    (root / "functions" / "__init__.py").touch()
    (handler / "__init__.py").touch()
    (handler / "handler.py").write_text("def handler(event, context):\n    return event\n")
    (root / "functions" / "notes").mkdir()
    (root / "uv.lock").write_bytes((ROOT / "uv.lock").read_bytes())
    return root
