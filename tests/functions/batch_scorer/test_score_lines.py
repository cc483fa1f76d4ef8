"""Lines of scores.csv are what the csv module would write."""

import csv
import io

import pytest
from credit_scoring.reading.dialect import Dialect
from hypothesis import given
from hypothesis import strategies as st

from functions.batch_scorer.score_lines import _to_csv

TEXTS = st.text(st.sampled_from("ab \"',;\t\r\n.é\u202f") | st.characters(codec="utf-8"))
ROWS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), max_size=6)
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(rows=ROWS)
def test_any_text_is_quoted_as_the_csv_module_does(delimiter, newline, rows):
    expected = io.StringIO(newline="")
    csv.writer(expected, delimiter=delimiter, lineterminator=newline).writerows(rows)
    dialect = Dialect(delimiter=delimiter, decimal=".", newline=newline, encoding="utf-8")
    columns = list(zip(*rows, strict=True))
    assert _to_csv(columns, dialect) == expected.getvalue().encode()
