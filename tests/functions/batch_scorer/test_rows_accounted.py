"""Every line of a file comes back exactly once: scored, or rejected with its line and reason."""

import pytest

from tests.functions.batch_scorer.branch import EVENTS, draw_rows, to_csv

ORDINARY = {"NAME_INCOME_TYPE": "Working", "FLAG_EMP_PHONE": 1, "CNT_CHILDREN": 0}


def rows_like(count):
    return [row | ORDINARY for row in draw_rows(count)]


def test_the_receipt_counts_every_line(branch):
    rows = rows_like(30)
    rows[4]["AMT_CREDIT"], rows[9]["NAME_INCOME_TYPE"] = "much", "Pirate"
    result = branch.send_rows(rows)
    manifest = result.manifest
    assert manifest["status"] == "finished"
    assert (manifest["rows"], manifest["scored"], manifest["rejected"]) == (30, 28, 2)
    assert (len(result.scores), len(result.rejects)) == (28, 2)
    accounted = [s["applicant_id"] for s in result.scores] + [
        r["SK_ID_CURR"] for r in result.rejects
    ]
    assert sorted(accounted) == [row["SK_ID_CURR"] for row in rows]


@pytest.mark.parametrize(
    ("column", "value", "cause"),
    [
        ("AMT_CREDIT", "", "missing"),
        ("SK_ID_CURR", "", "missing"),
        ("SK_ID_CURR", "17 rue X", "wrong_type"),
        ("AMT_CREDIT", "much", "wrong_type"),
        ("AMT_CREDIT", "1,5", "wrong_type"),
        ("AMT_CREDIT", "inf", "not_finite"),
        ("AMT_CREDIT", "-1", "out_of_range"),
        ("CNT_CHILDREN", "1.5", "not_integer"),
        ("NAME_INCOME_TYPE", "Pirate", "unknown_category"),
    ],
)
def test_what_breaks_the_contract_is_told_with_its_line(branch, column, value, cause):
    rows = rows_like(3)
    rows[1][column] = value
    result = branch.send_rows(rows)
    assert result.causes == [(3, column, cause)]
    assert result.rejects[0]["reject_value"] == value
    assert len(result.scores) == 2
    assert result.manifest["causes"] == [{"cause": cause, "column": column, "count": 1}]


def test_several_problems_of_a_line_are_one_reject_that_names_all(branch):
    rows = rows_like(2)
    rows[0] |= {"AMT_CREDIT": "much", "NAME_INCOME_TYPE": "Pirate"}
    (reject,) = branch.send_rows(rows).rejects
    assert "AMT_CREDIT" in reject["reject_message"]
    assert "NAME_INCOME_TYPE" in reject["reject_message"]


@pytest.mark.parametrize("change", [b"%s,0", b"%.9s"])
def test_a_line_that_does_not_fit_the_header_is_rejected_and_never_shifted(branch, change):
    rows = [row | {"LAST": 1} for row in rows_like(3)]
    lines = to_csv(rows).splitlines()
    lines[2] = change % lines[2]
    result = branch.send(b"\n".join(lines))
    assert result.causes == [(3, "", "wrong_field_count")]
    alone = branch.send_rows([rows[0], rows[2]], name="b.csv")
    assert result.pds == alone.pds


def test_a_second_line_of_an_applicant_is_rejected_and_names_the_first(branch):
    rows = rows_like(4)
    rows[3]["SK_ID_CURR"] = f" {rows[1]['SK_ID_CURR']} "
    result = branch.send_rows(rows)
    assert result.causes == [(5, "SK_ID_CURR", "duplicate_id")]
    assert "ligne 3" in result.rejects[0]["reject_message"]


def test_rejects_stand_in_the_order_of_the_file(branch):
    rows = rows_like(5)
    rows[0]["AMT_CREDIT"] = "much"
    rows[4]["SK_ID_CURR"] = rows[2]["SK_ID_CURR"]
    lines = to_csv(rows).splitlines()
    lines[2] += b",1"
    result = branch.send(b"\n".join(lines))
    assert [line for line, _, _ in result.causes] == [2, 3, 6]


def test_blank_lines_are_no_rows_but_count_as_lines(branch):
    rows = rows_like(3)
    rows[2]["AMT_CREDIT"] = "much"
    lines = to_csv(rows).splitlines()
    result = branch.send(b"\n".join([*lines[:2], b"", *lines[2:], b"", b""]))
    assert result.manifest["rows"] == 3
    assert result.causes == [(5, "AMT_CREDIT", "wrong_type")]


def test_a_line_break_in_quotes_belongs_to_its_row(branch):
    rows = [row | {"NOTE": "two\nlines"} for row in rows_like(3)]
    rows[1]["AMT_CREDIT"] = "much"
    result = branch.send_rows(rows)
    assert (result.manifest["rows"], result.manifest["scored"]) == (3, 2)
    assert result.causes == [(4, "AMT_CREDIT", "wrong_type")]
    assert result.rejects[0]["NOTE"] == "two\nlines"


def test_a_file_of_which_no_line_is_usable_is_finished_with_all_of_them_rejected(branch):
    lines = to_csv([row | {"SHOE_SIZE": 42} for row in rows_like(3)]).splitlines()
    result = branch.send(b"\n".join([lines[0], *(line + b"," for line in lines[1:])]))
    assert result.manifest["status"] == "finished"
    assert (result.manifest["scored"], result.manifest["rejected"]) == (0, 3)
    assert result.manifest["ignored_columns"] == ["SHOE_SIZE"]
    assert result.scores == []


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\n=1", "＝1+1"]
)
def test_a_sender_s_formula_comes_back_as_text(branch, text):
    rows = rows_like(2)
    rows[0]["AMT_CREDIT"] = text
    (reject,) = branch.send_rows(rows).rejects
    assert reject["reject_value"].startswith("'")
    inside = text.replace("\t=", "\t'=")  # where a tab parts cells, one begins there
    assert reject["AMT_CREDIT"] == f"'{inside}"


def test_a_negative_number_comes_back_as_it_was(branch):
    rows = rows_like(2)
    rows[0]["AMT_CREDIT"], rows[1]["DAYS_BIRTH"] = -1.5, -3
    assert [r["reject_value"] for r in branch.send_rows(rows).rejects] == ["-1.5", "-3"]


def test_the_example_with_rejects_names_each_of_them(branch):
    result = branch.send((EVENTS / "applicants_with_rejects.csv").read_bytes())
    assert result.manifest["rows"] == result.manifest["scored"] + result.manifest["rejected"]
    assert result.causes == [
        (3, "AMT_CREDIT", "missing"),
        (4, "NAME_INCOME_TYPE", "unknown_category"),
        (5, "", "wrong_field_count"),
        (6, "SK_ID_CURR", "duplicate_id"),
    ]
