"""The files that the demo's branches send: other applicants, and mistakes of three kinds."""

from credit_scoring.contract.columns import ID, with_role

from infra.local.demo.life import MISTAKEN_ROWS, make_mistakes, read_table, write_table

INCOME_TYPE, BIRTH, CREDIT = map(with_role, ("income_type", "birth", "credit"))


def sample(rows=MISTAKEN_ROWS):
    head = f"{ID},{INCOME_TYPE},{BIRTH},{CREDIT}\n"
    return (head + "".join(f"{100 + n},Working,-9000,250000\n" for n in range(rows))).encode()


def test_another_branch_has_other_applicants_and_the_same_rows():
    table = read_table(sample(), 2)
    assert [row[ID] for row in table[:2]] == ["20000100", "20000101"]
    assert read_table(write_table(table), 0) == table


def test_mistakes_are_of_three_kinds_and_leave_the_rest_alone():
    table = read_table(sample(), 1)
    make_mistakes(table)
    assert {row[INCOME_TYPE] for row in table[:12]} == {"Employee"}
    assert {row[BIRTH] for row in table[12:20]} == {"9000"}
    assert {row[CREDIT] for row in table[20:26]} == {"250000 approx."}
    assert table[26:] == read_table(sample(), 1)[26:]
