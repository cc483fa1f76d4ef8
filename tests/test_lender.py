"""Only `lender/` names the lender's columns: another portfolio is another content of it."""

import re
import subprocess

from credit_scoring.contract.columns import APPLICATION, DERIVED, HISTORY
from credit_scoring.lender import TARGET

from tests.repository import ROOT

DOMAIN = "layers/credit_scoring/python/credit_scoring"
# What may name them: the lender, what imitates its tables, and the SQL that reads them.
ALLOWED = (f"{DOMAIN}/lender/", "training/sample_data/", "training/data/history/", "tests/",
           "frontend/test/")  # fmt: skip
SOURCES = ("*.py", "*.js", "*.c", "*.html", "*.css", "*.j2", "*.sql")
# The beginnings of families of columns: a name that is put together is a name, too.
STEMS = ("EXT_SOURCE_", "FLAG_DOCUMENT_", "AMT_REQ_CREDIT_BUREAU_", "SK_ID_")
# Not `TARGET` as a Python constant: the name in quotes is the column.
NAMES = re.compile(
    r"\b(?:" + "|".join(map(re.escape, {*APPLICATION, *DERIVED, *HISTORY})) + r")\b"
    r"|" + "|".join(STEMS) + rf"|[\"']{TARGET}[\"']"
)


def named_columns(text: str) -> list[tuple[int, str]]:
    """Line and name of each column that a text names."""
    return [
        (number, found[0])
        for number, line in enumerate(text.splitlines(), start=1)
        for found in NAMES.finditer(line)
    ]


def test_no_other_module_names_a_column_of_this_lender():
    listed = subprocess.run(
        ["git", "ls-files", *SOURCES], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    found = [
        f"{path}:{line} {name}"
        for path in listed
        if not path.startswith(ALLOWED) and (ROOT / path).is_file()
        for line, name in named_columns((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert found == [], "give the column a role in lender/columns.csv, and ask for the role"


def test_a_name_is_found_wherever_it_stands():
    text = 'x = a["AMT_CREDIT"]\n# EXT_SOURCE_MEAN\nf"FLAG_DOCUMENT_{n}"\nrow["TARGET"]\nTARGET = 1'
    assert [line for line, _ in named_columns(text)] == [1, 2, 3, 4]
