"""French is set with spaces at which no line breaks, and speaks as the page does."""

import re

import pytest
from credit_scoring.audit_trail.letter import _texts
from credit_scoring.french import french_spaces
from credit_scoring.lender import read_table
from credit_scoring.reading.file_refused import TEXTS as FILE_TEXTS
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.review import CONTRADICTIONS, TEXTS

from tests.repository import ROOT

BREAKABLE = re.compile(" [:;!?%€»]|« ")
FACTS = dict.fromkeys(("count", "names", "name", "meant", "kind", "line", "limit", "id", "lines",
                       "misfits", "columns", "size"), 7)  # fmt: skip


def test_no_line_begins_with_a_mark():
    assert french_spaces("« A » : 8 % ; bon !") == (
        "«\u202fA\u202f»\u202f: 8\u202f%\u202f; bon\u202f!"
    )
    assert french_spaces("10:30; a (b)") == "10:30; a (b)"


@pytest.mark.parametrize("table", ["families", "columns", "history", "derived", "contradictions"])
def test_the_lenders_french_is_set(table):
    french = {text for row in read_table(table) for name, text in row.items() if "fr" in name}
    assert french
    assert [text for text in french if BREAKABLE.search(text)] == []


def test_review_causes_letters_and_refused_files_are_set():
    told = [text["fr"] for text in TEXTS.values()] + [one.text["fr"] for one in CONTRADICTIONS]
    told += [str(text) for text in _texts("fr").values()]
    told += [FileRefused(code, **FACTS).texts["fr"] for code in FILE_TEXTS]
    assert [text for text in told if BREAKABLE.search(text)] == []


def test_a_family_has_one_name_on_the_page_and_everywhere_else():
    for language in ("fr", "en"):
        page = (ROOT / f"frontend/js/texts/{language}/dossier.js").read_text(encoding="utf-8")
        names = dict(re.findall(r"'family\.(\w+)': '([^']+)'", page))
        ours = {row["family"]: row[f"label_{language}"] for row in read_table("families")}
        assert names == ours
