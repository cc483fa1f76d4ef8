"""The digest of a module's code changes with all that it rests upon, and with nothing else."""

import importlib
import sys
import textwrap

import pytest

from training.pipeline import fingerprint as code


@pytest.fixture
def package(tmp_path, monkeypatch):
    """training_x.top imports training_x.below, whose folder has SQL; training_x.other is apart."""
    folder = tmp_path / "training_x"
    (folder / "queries").mkdir(parents=True)
    files = {
        "__init__.py": "",
        "top.py": "from training_x.queries.below import answer\n",
        "other.py": "import json\n",
        "queries/__init__.py": "",
        "queries/below.py": "import json\n\n\ndef answer():\n    return 1\n",
        "queries/table.sql": "SELECT 1",
    }
    for name, content in files.items():
        (folder / name).write_text(textwrap.dedent(content))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(code, "OURS", ("training_x",))
    importlib.invalidate_caches()
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "training_x"]:
        del sys.modules[name]


@pytest.mark.parametrize("changed", ["top.py", "queries/below.py", "queries/table.sql"])
def test_what_a_module_rests_upon_changes_its_digest(package, changed):
    before = code.digest_code("training_x.top")
    assert before == code.digest_code("training_x.top")
    with (package / changed).open("a") as file:
        file.write("\n-- changed" if changed.endswith("sql") else "\n# changed")
    assert code.digest_code("training_x.top") != before


def test_what_it_does_not_import_changes_nothing(package):
    before = code.digest_code("training_x.top")
    (package / "other.py").write_text("import csv\n")
    assert code.digest_code("training_x.top") == before


def test_the_steps_of_a_run_rest_upon_the_sql_and_the_contract():
    sources = {path.name for path in code._sources("training.pipeline.steps.data")}
    assert {"bureau.sql", "history.csv", "columns.csv", "applicants.py"} <= sources
    assert "selection.py" not in sources
