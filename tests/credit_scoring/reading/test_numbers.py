"""A number means one thing in a file, proved by all of it, or its row is refused."""

import pytest

from tests.credit_scoring.reading.sender import read

HEAD = "SK_ID_CURR;AMT_INCOME_TOTAL;AMT_CREDIT;DAYS_BIRTH;EXT_SOURCE_2"
NARROW, THIN, APOSTROPHE = "\u202f", "\u2009", "\u2019"


def amounts(*rows, head=HEAD):
    """Income and credit of each row that was scored, by id; then line and cause of the others."""
    reading = read("\n".join([head, *rows, ""]).encode())
    found = {
        id_: (record["AMT_INCOME_TOTAL"], record["AMT_CREDIT"])
        for id_, record in reading.records.items()
    }
    return found, [cause for _, cause in reading.causes]


@pytest.mark.parametrize(
    ("income", "credit", "score"),
    [
        ("180.000", "540.000", "0,52"),
        ("180.000,00", "540.000,00", ""),
        ("180.000", "1.540.000", ""),
        ("180,000", "540,000", "0.52"),
        ("180,000.00", "540,000", ""),
        ("180.000", "540.000", ""),  # every amount is cut into groups of three
        ("180,000", "540,000", ""),
        *((f"180{mark}000", f"540{mark}000", "0,52") for mark in (" ", NARROW, THIN, "\u00a0")),
        *((f"180{mark}000", f"540{mark}000.0", "0.52") for mark in ("'", APOSTROPHE)),
        ("180 000 €", "540.000,00 EUR", "0,5"),
        ("180000€", "$540,000.00".removeprefix("$"), "0.5"),
    ],
)
def test_groups_of_three_are_read_where_the_file_proves_them(income, credit, score):
    credit_read = 1_540_000 if credit.startswith("1.") else 540_000
    found, causes = amounts(f"7;{income};{credit};-9000;{score}", "8;45;60;-9000;")
    assert causes == []
    assert found == {"7": (180_000, credit_read), "8": (45, 60)}


@pytest.mark.parametrize(
    "other",
    [
        "8;45000;60;-9000;",  # an amount from a thousand on without groups
        "8;45;60;-9000;\n9;1.234.567;24700.5;-9000;",  # thousands here, a decimal point there
    ],
)
def test_what_may_be_either_is_refused_where_nothing_proves_it(other):
    found, causes = amounts("7;180.000;500;-9000;", other)
    assert "7" not in found
    assert causes[0] == "doubtful_number"
    assert found["8"][1] == 60


def test_a_part_of_a_whole_number_proves_thousands():
    found, causes = amounts("7;180.000;500;-14.610;", "8;45000;60;-9000;")
    assert (found, causes) == ({"7": (180_000, 500), "8": (45_000, 60)}, [])


def test_a_decimal_mark_that_was_seen_is_one_everywhere():
    found, causes = amounts("7;180.125;500;-9000;0.52", "8;45000;60.5;-9000;")
    assert (found, causes) == ({"7": (180.125, 500), "8": (45_000, 60.5)}, [])


def test_one_stray_number_does_not_change_what_a_thousand_mean():
    rows = [f"A{n};{n}0,5;500;-9000;0,5" for n in range(100, 1100)]
    found, causes = amounts(*rows, "7;1.5;500;-9000;")
    assert len(found) == 1000
    assert found["A100"] == (1000.5, 500)
    assert causes == ["wrong_type"]


def test_groups_that_are_no_groups_are_no_numbers():
    for wrong in ("18.00.000", "180.00.0", "1 80 000", "18 0000", "180'00"):
        found, causes = amounts(f"7;{wrong};500;-9000;0,5", "8;200.000,5;60;-9000;0,5")
        assert (sorted(found), causes) == (["8"], ["wrong_type"]), wrong


def test_a_refused_number_comes_back_as_it_was_written():
    reading = read(f"{HEAD}\n7;abc 1.000,5;500;-9000;0,5\n8;2.000,5;5;-9000;0,5\n".encode())
    assert reading.refused[0].problems[0].value == "abc 1.000,5"


def test_the_proof_may_stand_at_the_end_of_a_long_file():
    rows = [f"A{n};{n}.000;500;-9000;" for n in range(100, 900)]
    found, causes = amounts(
        *rows * 1, *(f"B{n};500;500;-9000;" for n in range(5000)), "7;1,5;5;-9;"
    )
    assert found["A100"] == (100_000, 500)
    assert set(causes) <= {"out_of_range", "wrong_field_count"}


def test_a_quotation_mark_in_a_number_disturbs_no_other():
    rows = [f'A{n};180000;{n}.5;-9000;"0""5"' for n in range(1, 3_000)]
    found, causes = amounts(*rows, "7;180000;5.5;-9000;0.5")
    assert found == {"7": (180_000, 5.5)}
    assert set(causes) == {"wrong_type"}
