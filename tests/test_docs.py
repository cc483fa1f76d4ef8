"""The pages of docs/ name what exists."""

import re

import pytest
from credit_scoring.registry.bundle import FOREST, LIGHTGBM_TEXT, MANIFEST, MODEL, REFERENCE

from functions.score_api.http.outcomes import LOGGED_KEYS
from tests.repository import ROOT

# A module of the domain package is named without the way to it.
FOLDERS = (ROOT, ROOT / "docs", ROOT / "layers/credit_scoring/python/credit_scoring")
PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_that_are_named_exist(page):
    names = re.findall(r"`([\w/]+/[\w/]+\.(?:py|sql|csv))`", page.read_text(encoding="utf-8"))
    for name in names:
        assert any((folder / name).exists() for folder in FOLDERS), name


def test_tests_that_are_named_exist():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"`(test_\w+\.py)`", text)) <= there


def test_every_key_that_the_api_may_log_is_listed():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert all(re.search(rf"\b{key}\b", text) for key in LOGGED_KEYS)


def test_every_file_of_a_bundle_is_explained():
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert all(name in text for name in (FOREST, LIGHTGBM_TEXT, MANIFEST, MODEL, REFERENCE))
