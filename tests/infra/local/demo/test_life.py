"""The files that the demo's branches send: nobody in two of them, and mistakes of three kinds."""

from credit_scoring.contract.columns import ID, with_role

from infra.local.demo.life import MISTAKEN_ROWS, make_mistakes
from infra.local.demo.uploads import read_shares, write_table

INCOME_TYPE, BIRTH, CREDIT = map(with_role, ("income_type", "birth", "credit"))
HEAD = f"{ID},{INCOME_TYPE},{BIRTH},{CREDIT}\n"


def write_sample(path, rows):
    lines = (f"{100 + n},Working,-9000,250000\n" for n in range(rows))
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def test_everybody_is_in_one_file_of_one_branch(tmp_path):
    shares = read_shares(write_sample(tmp_path / "application_test.csv", 103))
    assert [len(share) for share in shares] == [41, 20, 21, 21]
    ids = [row[ID] for share in shares for row in share]
    assert len(set(ids)) == len(ids) == 103
    assert write_table(shares[0]).decode().startswith(HEAD)


def test_mistakes_are_of_three_kinds_and_leave_the_rest_alone(tmp_path):
    source = write_sample(tmp_path / "application_test.csv", 5 * MISTAKEN_ROWS)
    table = read_shares(source)[0]
    make_mistakes(table)
    assert {row[INCOME_TYPE] for row in table[:12]} == {"Employee"}
    assert {row[BIRTH] for row in table[12:20]} == {"9000"}
    assert {row[CREDIT] for row in table[20:26]} == {"250000 approx."}
    assert table[26:] == read_shares(source)[0][26:]
