"""docs/security.md names only evidence that exists: tests, sources, commands."""

import ast
import re
from functools import cache

import pytest

from infra.local.permissions.page import BEGIN, END
from tests.repository import ROOT

PAGE = ROOT / "docs/security.md"
STATES = ("covered", "partly", "lender")


def read_tables(text: str) -> list[dict[str, str]]:
    """Each row by the words of its head."""
    rows, head = [], []
    for line in text.splitlines():
        if not line.startswith("|"):
            head = []
        elif not head:
            head = split(line)
        elif set(line) - set("|-"):
            rows.append(dict(zip(head, split(line), strict=True)))
    return rows


def split(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


@cache
def tests_by_name() -> frozenset[str]:
    """Functions and methods that pytest would run."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return frozenset(name for name in found if name.startswith("test_"))


@cache
def targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z0-9-]+):", makefile, re.M))


def exists(name: str) -> bool:
    if name.startswith("make "):
        return name.removeprefix("make ") in targets()
    if name.startswith("python -m "):
        place = ROOT / name.removeprefix("python -m ").replace(".", "/")
        return place.with_suffix(".py").exists() or (place / "__main__.py").exists()
    return name in tests_by_name() if name.startswith("test_") else (ROOT / name).is_file()


def written_by_hand(page: str) -> str:
    """Those of permissions are evidence themselves, held by tests/infra/local/permissions."""
    before, _, rest = page.partition(BEGIN)
    return before + rest.partition(END)[2]


ROWS = read_tables(written_by_hand(PAGE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: next(iter(row.values()))[:40])
def test_each_row_names_evidence_that_exists(row):
    named = re.findall(r"`([^`]+)`", row["Evidence"])
    assert named
    assert [name for name in named if not exists(name)] == []


def test_every_duty_is_covered_in_part_or_the_lenders():
    duties = [row for row in ROWS if "State" in row]
    assert len(duties) > 20
    assert [row for row in duties if not any(state in row["State"] for state in STATES)] == []


def test_every_threat_tells_what_is_not_stopped():
    _, threats = PAGE.read_text(encoding="utf-8").split("\n## Threats\n")
    sections = threats.split("\n## ")[0].split("\n### ")[1:]
    assert len(sections) == 8
    assert all("**Not stopped.**" in section for section in sections)


@pytest.mark.parametrize(
    "name", ["make rocket", "test_that_nobody_wrote", "infra/nowhere.py", "python -m infra.nowhere"]
)
def test_evidence_that_is_not_there_is_noticed(name):
    assert not exists(name)
